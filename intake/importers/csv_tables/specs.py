"""What a mapping says a field is: always the same, what a cell says, or put together from both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from intake.importers.csv_tables.date_forms import DateForm
from intake.importers.csv_tables.rows import Row

Otherwise = Literal["fault", "leave-out", "keep", "empty"]
HOLE = re.compile(r"\{([^{}]*)\}")
SHOWN = 60
"""Of a cell, so many characters are told."""


class BadCell(ValueError):
    """A cell that the mapping has no rule for; the message says which and what to do."""


class LeftOut(Exception):
    """The row is left out, as the mapping says; the message says why."""


class Spec(Protocol):
    """How a value is made of a row. None is no value."""

    def columns(self) -> Iterator[str]:
        """The columns that it reads."""

    def value(self, row: Row) -> Any:
        """The value for this row. Raises BadCell, LeftOut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """The same for every row."""

    written: Any

    def columns(self) -> Iterator[str]:
        """None."""
        return iter(())

    def value(self, row: Row) -> Any:
        """What is written."""
        return self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one cell says.

    `values` are looked up first, then the forms of dates are tried. What is not among them is a fault, unless
    `otherwise` says to leave the row out, to leave the field empty, or to keep the cell as it is.
    """

    column: str
    values: Mapping[str, Any] | None = None
    otherwise: Otherwise = "fault"
    forms: tuple[DateForm, ...] = ()
    is_number: bool = False
    prefix: str = ""
    split: str | None = None

    def columns(self) -> Iterator[str]:
        """Its own."""
        yield self.column

    def value(self, row: Row) -> Any:
        """The value, or a list of them if the cell is to be split."""
        text = row[self.column]
        if self.split is None:
            return self.one(text, row)
        parts = (self.one(part.strip(), row) for part in text.split(self.split))
        return [part for part in parts if part is not None] or None

    def one(self, text: str, row: Row) -> Any:
        """The value of a text of this cell."""
        if self.values is not None:
            if text in self.values:
                return self.values[text]
            if text and self.otherwise != "keep":
                return self.unknown(text)
        return self._read(text) if text else None

    def unknown(self, text: str, why: str = "") -> None:
        """What becomes of a text for which there is no value: nothing, or BadCell, or LeftOut."""
        if self.otherwise == "empty":
            return
        message = why or f"{self.said(text)}, for which there is no value."
        if self.otherwise == "leave-out":
            raise LeftOut(message)
        known = ", ".join(map(repr, self.values)) if self.values else ""
        raise BadCell(f"{message} There are values for {known}." if known and not why else message)

    def said(self, text: str) -> str:
        """The beginning of a sentence about a text of this cell."""
        return f"The column {self.column!r} says {text[:SHOWN]!r}"

    def _read(self, text: str) -> Any:
        if not self.forms:
            return self._number(text) if self.is_number else self.prefix + text
        if read := next(filter(None, (form.read(text) for form in self.forms)), None):
            return read
        if self.otherwise == "keep":
            return text
        forms = " or ".join(form.written for form in self.forms)
        self.unknown(text, f"{self.said(text)}, which is not written {forms}.")
        return None

    def _number(self, text: str) -> int | float:
        plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if re.fullmatch(r"[+-]?\d{1,15}", plain, re.ASCII):
            return int(plain)
        if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", plain, re.ASCII):
            return float(plain)
        raise BadCell(f"{self.said(text)}, which is no number like 1200 or 0.4.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence with cells in it: "The table has {town} as held by {holder}"."""

    template: str

    def columns(self) -> Iterator[str]:
        """Those in braces."""
        yield from HOLE.findall(self.template)

    def value(self, row: Row) -> str:
        """The sentence."""
        return HOLE.sub(lambda hole: row[hole[1]], self.template)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A mapping of fields, without those that have no value."""

    fields: Mapping[str, Spec]

    def columns(self) -> Iterator[str]:
        """Those of all its fields."""
        for spec in self.fields.values():
            yield from spec.columns()

    def value(self, row: Row) -> dict[str, Any] | None:
        """The fields that have a value; None for no field."""
        values = {name: spec.value(row) for name, spec in self.fields.items()}
        return {name: value for name, value in values.items() if value is not None} or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A list, without what has no value."""

    items: tuple[Spec, ...]

    def columns(self) -> Iterator[str]:
        """Those of all its items."""
        for spec in self.items:
            yield from spec.columns()

    def value(self, row: Row) -> list[Any] | None:
        """The values that there are; None for none."""
        return [value for spec in self.items if (value := spec.value(row)) is not None] or None
