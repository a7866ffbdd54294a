"""Whether a thing fits what is known, tested on a handful of things and no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from domain.editorial import Retracted
from domain.kinds.envelope import Quote, Source
from domain.references import SUGGESTIONS, Mention, References, holds_quote, mentions, plain
from domain.registry import DocumentArchived
from domain.shares import PART
from domain.streams import Current, Thing, what_of
from tests.builders import REGISTRY, actor, claim, denial, development, document, location, statement


class Memory:
    """What is known: things, and texts by document id."""

    def __init__(
        self, *things: Thing, texts: dict[str, str] | None = None, retracted: Iterable[str] = ()
    ) -> None:
        gone = set(retracted)
        self.things = {
            (what_of(thing), thing.id): Current(
                first=thing,
                body=thing,
                revision=1,
                retracted=Retracted(reason="r") if thing.id in gone else None,
            )
            for thing in (*REGISTRY, *things)
        }
        self.texts = texts or {}

    def find(self, what: str, identifier: str) -> Current | None:
        return self.things.get((what, identifier))

    def find_text(self, document: DocumentArchived) -> str | None:
        return self.texts.get(document.id)


def faults(thing: Thing, known: Memory | None = None) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in References(known or Memory()).find_faults(thing)]


def test_every_pointer_is_mentioned() -> None:
    thing = development(
        "control-assessed",
        "a",
        at=("kupiansk", "lyman"),
        by="deepstate",
        control={"russia": PART},
        sources=(Source(document="report", via=("reuters", "agerpres")), Source(document="note")),
    )
    assert set(mentions(thing)) == {
        Mention("location", "kupiansk", "at[0]"),
        Mention("location", "lyman", "at[1]"),
        Mention("actor", "deepstate", "by"),
        Mention("actor", "reuters", "sources[0].via[0]"),
        Mention("actor", "agerpres", "sources[0].via[1]"),
        Mention("actor", "russia", "control.russia"),
        Mention("document", "report", "sources[0].document"),
        Mention("document", "note", "sources[1].document"),
    }
    assert list(mentions(denial()))[-1] == Mention("development", "kupiansk-claimed", "claim")
    assert list(mentions(location("a", part_of="b"))) == [Mention("location", "b", "part_of")]
    assert list(mentions(actor("a", "unit", speaks_for="b"))) == [Mention("actor", "b", "speaks_for")]
    assert list(mentions(document())) == [Mention("actor", "outlet", "publisher")]
    assert list(mentions(location("a"))) == list(mentions(actor("a"))) == []


def test_what_fits_has_no_faults() -> None:
    known = Memory(claim())
    for thing in (claim(), denial(), statement("s"), *REGISTRY, document()):
        assert faults(thing, known) == []


@pytest.mark.parametrize("kind", ["claim-denied", "claim-confirmed", "claim-repeated", "claim-renounced"])
def test_only_a_claim_can_be_answered(kind: str) -> None:
    answer = development(kind, "a", by="russia", claim="said")
    assert faults(answer) == [("claim", "unknown-claim")]
    assert faults(answer, Memory(statement("said"))) == [("claim", "not-a-claim")]
    assert faults(answer, Memory(denial("said", claim="x"))) == [("claim", "not-a-claim")]
    assert faults(answer, Memory(claim("said"), retracted=["said"])) == [("claim", "retracted-claim")]
    assert faults(answer, Memory(claim("said"))) == []


def test_the_message_names_both_kinds() -> None:
    visit = development("visit-reported", "a-visit", visitor="russia")
    (fault,) = References(Memory(visit)).find_faults(denial(claim="a-visit"))
    assert fault.message == "A claim-denied answers a claim; 'a-visit' is a visit-reported."


def test_an_answer_stays_within_the_places_of_its_claim() -> None:
    known = Memory(claim(at=("kupiansk", "lyman")))
    assert faults(denial(at="lyman"), known) == []
    assert faults(denial(at=("lyman", "kupiansk")), known) == []
    assert faults(denial(at=("kupiansk", "lyman")), Memory(claim())) == [("at", "outside-claim")]


@pytest.mark.parametrize(
    ("claimant", "renouncing", "fits"),
    [
        ("russia", "russia", True),
        ("russian-army", "russia", True),
        ("russia", "russian-army", True),
        ("russian-army", "ukraine", False),
        ("outlet", "russia", False),
    ],
)
def test_a_claim_is_renounced_by_its_own_voice(claimant: str, renouncing: str, fits: bool) -> None:
    answer = development("claim-renounced", "a", by=renouncing, claim="kupiansk-claimed")
    assert faults(answer, Memory(claim(by=claimant))) == ([] if fits else [("by", "not-own-claim")])


@pytest.mark.parametrize(
    "kind", ["encirclement-reported", "supply-cut", "presence-reported", "encirclement-lifted"]
)
def test_forces_are_parties(kind: str) -> None:
    assert faults(development(kind, "a", force="russian-army")) == [("force", "not-a-party")]
    assert faults(development(kind, "a", force="russia")) == []


def test_a_visitor_may_be_anybody() -> None:
    assert faults(development("visit-reported", "a", visitor="outlet", by="outlet")) == []


def test_an_assessment_is_by_an_assessor_and_a_report_by_anybody() -> None:
    control = {"russia": PART, "ukraine": PART}
    assert faults(development("control-assessed", "a", by="outlet", control=control)) == [
        ("by", "not-an-assessor")
    ]
    assert faults(development("control-assessed", "a", by="deepstate", control=control)) == []
    assert faults(development("control-reported", "a", by="outlet", control=control)) == []
    assert faults(development("control-reported", "a", by="outlet", holder="outlet")) == [
        ("holder", "not-a-party")
    ]


def test_places_in_a_circle() -> None:
    known = Memory(location("a", part_of="b"), location("b", part_of="c"), location("c", part_of="a"))
    assert faults(location("a", part_of="b"), known) == [("part_of", "bad-reference")]
    assert faults(location("x", part_of="a"), known) == [], (
        "it hangs on a circle, but is not the one to blame"
    )
    assert faults(location("kupiansk", part_of="kupiansk")) == [], "that is found without looking at others"


def quoting(exact: str, prefix: str | None = None, suffix: str | None = None) -> Thing:
    quote = Quote(exact=exact, prefix=prefix, suffix=suffix)
    return statement("s", sources=(Source(document="report", quote=quote),))


def test_quotes() -> None:
    known = Memory(document(), document("bare"), texts={"report": "Armata rusă\n a  cucerit orașul."})
    assert faults(quoting("rusă a cucerit"), known) == []
    assert faults(quoting("a pierdut"), known) == [("sources[0].quote", "quote-not-found")]
    bare = statement("s", sources=(Source(document="bare", quote=Quote(exact="x")),))
    assert faults(bare, known) == [("sources[0].quote", "no-text")]
    assert faults(statement("s", sources=(Source(document="bare"),)), known) == []
    assert faults(replace(bare, sources=(Source(document="no", quote=Quote(exact="x")),)), known) == [
        ("sources[0].document", "unknown-document")
    ]


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "found"),
    [
        ("cat", None, None, True),
        ("cat", "the", None, True),
        ("cat", "the ", " sat", True),
        ("cat", "a", "ran", True),
        ("cat", "a", "sat", False),
        ("cat", "the", "ran", False),
        ("dog", None, None, False),
        ("cat sat on a", "the", None, True),
        ("cat\tsat", None, None, True),
        ("", None, None, False),
        ("  ", None, None, False),
        ("the cat", "", "", True),
        ("ran.", "cat", None, True),
        ("cat", "something long before the", None, False),
    ],
)
def test_a_passage_with_its_surroundings(
    exact: str, prefix: str | None, suffix: str | None, found: bool
) -> None:
    text = plain("the cat  sat\non a mat; a cat ran.")
    assert holds_quote(text, Quote(exact=exact, prefix=prefix, suffix=suffix)) is found


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert holds_quote(plain("Куп\u0438\u0306"), Quote(exact="Куп\u0439"))
    assert holds_quote(plain("orașul"), Quote(exact="oras\u0326ul"))


def test_surroundings_within_a_word() -> None:
    assert holds_quote("recapture", Quote(exact="capture", prefix="re"))
    assert not holds_quote("recapture", Quote(exact="capture", prefix="x"))


def test_a_long_text_full_of_the_passage_takes_no_time() -> None:
    text = "abc " * 250_000
    assert not holds_quote(text, Quote(exact="abc", prefix="nowhere"))


def test_suggestions_come_from_nearby_ids_of_the_same_sort() -> None:
    references = References(Memory(), {"actor": ["rusia", "lyman-x"], "location": ["kupiansk-villages"]})
    by, place = references.find_faults(claim(by="russ", at="kupiansk-vilages"))
    assert {by.message, place.message} == {
        "There is no actor with the id 'russ'; did you mean 'rusia'?",
        "There is no location with the id 'kupiansk-vilages'; did you mean 'kupiansk-villages'?",
    }
    (nothing_near,) = references.find_faults(claim(by="zzz"))
    assert nothing_near.message == "There is no actor with the id 'zzz'."


def test_suggestions_are_bounded() -> None:
    """Comparing spellings is slow: an input with thousands of unknown ids must not take minutes."""
    references = References(Memory(), {"actor": [f"actor-{number}" for number in range(100_000)]})
    found = [fault for number in range(500) for fault in references.find_faults(claim(by=f"aktor-{number}"))]
    assert sum("did you mean" in fault.message for fault in found) == SUGGESTIONS
