"""Recording as commands: a few items decided under the lock, each of several by itself, many beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from eventsourcing.persistence import StoredEvent

from domain.errors import PalimpsestError
from ledger.appending import Appended
from ledger.commands import Decision, Places, Prepared, tell_each
from ledger.known import Recorded
from ledger.recording import Findings, Item, Outcome, Receipt, Row, decide, join_rows, receipt_of, streams_of
from ledger.texts import DocumentText


class Recording:
    """Recording a few items, all or none, as a command. `rows` are theirs, made before the lock is taken."""

    def __init__(self, items: Sequence[Item], rows: Sequence[Row], found: Findings) -> None:
        self._items = items
        self._rows = rows
        self._found = found
        self.size = len(items)
        self.streams = set(streams_of(items))

    def decide(self, recorded: Recorded) -> Decision[Receipt]:
        """Records what is new. Raises what the function `decide` raises."""
        outcomes = decide(self._items, recorded, self._found)
        pairs = zip(outcomes, self._rows, strict=True)
        events, texts = join_rows(row for outcome, row in pairs if outcome.status == "new")
        return Decision(events=events, texts=texts, tell=partial(receipt_of, outcomes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of each of some recordings: a receipt, or what was wrong with it."""

    each: tuple[Receipt | PalimpsestError, ...]

    @property
    def receipts(self) -> list[Receipt]:
        """Of those with which nothing was wrong."""
        return [result for result in self.each if isinstance(result, Receipt)]

    @property
    def log_position(self) -> int | None:
        """The greatest of all."""
        return max((one.log_position for one in self.receipts if one.log_position), default=None)


class RecordingEach:
    """Several recordings in one transaction, as a command: each stands or falls by itself, and sees those
    before it.
    """

    def __init__(self, recordings: Sequence[Recording]) -> None:
        self._recordings = recordings
        self.size = sum(recording.size for recording in recordings)
        self.streams = set[str]().union(*(recording.streams for recording in recordings))

    def decide(self, recorded: Recorded) -> Decision[Results]:
        """Records what each of them records."""
        decisions: list[Decision[Receipt] | PalimpsestError] = []
        for recording in self._recordings:
            try:
                decision = recording.decide(recorded)
            except PalimpsestError as error:
                decisions.append(error)
                continue
            recorded.note(decision.events, decision.texts)
            decisions.append(decision)
        made = [decision for decision in decisions if isinstance(decision, Decision)]

        def tell(appended: Appended | None, places: Places) -> Results:
            told = tell_each(made, appended, places)
            return Results(each=tuple(next(told) if isinstance(one, Decision) else one for one in decisions))

        return Decision(
            events=[event for decision in made for event in decision.events],
            texts=[text for decision in made for text in decision.texts],
            tell=tell,
        )


class Decided(Prepared):
    """Recording what was decided beforehand, as a command that the log may have overtaken."""

    def __init__(
        self, outcomes: Sequence[Outcome], events: Sequence[StoredEvent], texts: Sequence[DocumentText]
    ) -> None:
        super().__init__(events, texts)
        self._outcomes = outcomes

    def decide(self, recorded: Recorded) -> Decision[Receipt]:
        """Records what is new. Raises AppendConflict."""
        self.check(recorded)
        return Decision(events=self.events, texts=self.texts, tell=partial(receipt_of, self._outcomes))
