from ledger.application import Ledger
from ledger.recording import Item
from ledger.reading import read_events, head_position
from tests.builders import REGISTRY, claim, denial


def test_thin(ledger: Ledger) -> None:
    r = ledger.record(
        [Item(event=t) for t in (*REGISTRY, claim(), denial())], recorded_by="k", request_id="q"
    )
    print(r.log_position, r.recorded_at, [(o.status, o.revision, o.log_position) for o in r.outcomes])
    with ledger.database.connection() as c:
        for e in read_events(c, after=0, limit=100):
            print(e.log_position, e.stream, e.topic)
        print(head_position(c))
    r = ledger.record(
        [Item(event=t) for t in (*REGISTRY, claim(), denial())], recorded_by="k", request_id="q"
    )
    print(r)
    print(
        ledger.correct(
            "kupiansk-claimed", claim(manner="taken"), "typo", recorded_by="me", expected_revision=1
        )
    )
    print(ledger.load_development("kupiansk-claimed"))
