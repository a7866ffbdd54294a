"""What an importer is given to read, and the options that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import Fault, InvalidInput
from intake.places import ActorBook, PlaceBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of one format, written `--name VALUE`. Values are text; the importer reads them.

    `help` is a sentence. An option without a default that is not required is left out when not given.
    """

    name: str
    metavar: str
    help: str
    default: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file with the options it is read by, and what is registered already.

    `path` is None for a format that reads no file. The books are those of one moment.
    """

    path: Path | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    places: PlaceBook = field(default_factory=PlaceBook)
    actors: ActorBook = field(default_factory=ActorBook)

    @property
    def file(self) -> Path:
        """The file, for a format that reads one."""
        if self.path is None:
            raise TypeError("this source has no file")
        return self.path


def check_options(format: str, options: tuple[Option, ...], given: Mapping[str, str]) -> dict[str, str]:
    """The options given, with the defaults of the others.

    Raises InvalidInput for an option that the format does not take, and for one that it needs.
    """
    known = {option.name: option for option in options}
    told = ", ".join(f"--{name}" for name in known) or "none"
    faults = [
        Fault(
            path=f"--{name}",
            message=f"The format {format!r} does not take it; its options: {told}.",
            code="unknown-field",
        )
        for name in given
        if name not in known
    ]
    faults += [
        Fault(
            path=f"--{option.name}",
            message=f"The format {format!r} needs it: {option.help}",
            code="missing",
        )
        for option in options
        if option.required and option.name not in given
    ]
    if faults:
        raise InvalidInput(faults)
    return {option.name: option.default for option in options if option.default is not None} | dict(given)
