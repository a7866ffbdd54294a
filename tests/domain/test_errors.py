"""The error tree: what each error says, and that it is drawn whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import domain.errors
from domain.errors import (
    Difference,
    Fault,
    IdTaken,
    InvalidInput,
    NotFound,
    NotPublicYet,
    NotRecordedYet,
    PalimpsestError,
    RevisionConflict,
    UndecodableEvent,
)


def tree_of(error: type[PalimpsestError]) -> dict[str, str]:
    """Every error below one, with its parent."""
    found: dict[str, str] = {}
    for child in error.__subclasses__():
        if child.__module__ == domain.errors.__name__:
            found |= {child.__name__: error.__name__, **tree_of(child)}
    return found


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn: dict[str, str] = {}
    above = ["PalimpsestError"]
    for line in (domain.errors.__doc__ or "").splitlines():
        branch = re.match(r"([│ ]*)[├└]── (\w+)", line)
        if branch:
            depth = len(branch[1]) // 4 + 1
            drawn[branch[2]] = above[depth - 1]
            above[depth:] = [branch[2]]
    assert drawn == tree_of(PalimpsestError)


def test_a_fault_says_where_and_what() -> None:
    assert str(Fault(path="share", message="Too much.")) == "share: Too much."
    assert str(Fault(path="share", message="Too much.", line=3)) == "line 3, share: Too much."
    assert str(Fault(path="", message="Too much.")) == "Too much."


def test_invalid_input_carries_every_fault() -> None:
    faults = [Fault(path="id", message="Bad."), Fault(path="at", message="None.")]
    error = InvalidInput(iter(faults))
    assert error.faults == tuple(faults)
    assert str(error) == "id: Bad.; at: None."


def test_the_message_of_many_faults_has_an_end() -> None:
    error = InvalidInput(Fault(path=f"f{number}", message="Bad.") for number in range(25))
    assert len(error.faults) == 25
    assert error.message.endswith("f19: Bad.; and 5 more")


def test_what_was_not_recorded_yet_was_not_found() -> None:
    error = NotRecordedYet("location", "kupiansk", 7)
    assert isinstance(error, NotFound)
    assert error.message == "The location 'kupiansk' was not recorded yet at log position 7."


def test_what_was_not_public_yet_was_not_found() -> None:
    error = NotPublicYet("claim", "c", datetime(2025, 11, 1, tzinfo=UTC))
    assert isinstance(error, NotFound)
    assert error.message == "The claim 'c' was not public yet at 2025-11-01T00:00:00Z."


def test_a_taken_id_says_what_differs() -> None:
    error = IdTaken("development", "c", [Difference(path="share", recorded=1, given=0)])
    assert "'c' is already recorded and differs in share." in error.message


def test_a_conflict_of_revisions_names_both() -> None:
    message = RevisionConflict("c", expected=1, actual=2).message
    assert "revision 1" in message
    assert "revision 2" in message


def test_an_event_that_cannot_be_read_is_named_with_its_position() -> None:
    error = UndecodableEvent(42, "linked", "no such field")
    assert error.log_position == 42
    assert "log position 42 (linked)" in error.message
