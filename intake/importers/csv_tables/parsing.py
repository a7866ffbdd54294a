"""Values of a mapping, read into what they say of a field (`specs.py`), with every fault by its path."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from domain.errors import Fault
from intake.importers.csv_tables.date_forms import DateForm, read_date_form
from intake.importers.csv_tables.place_cells import WITHIN_KM, Near, PlaceCell
from intake.importers.csv_tables.specs import HOLE, Cell, Constant, Otherwise, Record, Several, Spec, Text
from intake.places import PlaceBook

CELL = ("column", "values", "otherwise", "date", "number", "prefix", "split")
PLACE = ("column", "find", "ref", "values", "otherwise", "part_of", "near", "split")
NEAR = ("longitude", "latitude", "within_km")


@dataclass(slots=True)
class Parser:
    """Reads the values of one mapping against the columns of its table. Faults are gathered."""

    columns: Sequence[str]
    book: PlaceBook
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, path: str, message: str, code: str = "bad-value") -> None:
        """Notes a fault."""
        self.faults.append(Fault(path=path, message=message, code=code))

    def fields(self, written: object, path: str, known: Collection[str], what: str) -> Mapping[str, Any]:
        """A mapping of these keys; any other is a fault, and so is what is no mapping."""
        if not isinstance(written, Mapping):
            self.refuse(path, f"{what} is a mapping of {', '.join(known)}.", "bad-type")
            return {}
        for name in written:
            if name not in known:
                message = f"There is no {name!r} here; there are {', '.join(known)}."
                self.refuse(f"{path}.{name}".lstrip("."), message + _guess(name, known), "unknown-field")
        return written

    def text(self, written: object, path: str, default: str = "") -> str:
        """A text; anything else is a fault."""
        if written is None:
            return default
        if not isinstance(written, str) or not written:
            self.refuse(path, "This is text; put it in quotes.", "bad-type")
            return default
        return written

    def column(self, written: object, path: str) -> str:
        """The name of a column of the table; another is a fault."""
        name = str(written)
        if name not in self.columns:
            there = ", ".join(filter(None, self.columns))
            message = f"There is no column {name!r}; the columns are {there}.{_guess(name, self.columns)}"
            self.refuse(path, message, "unknown-column")
        elif self.columns.count(name) > 1:
            self.refuse(path, f"Several columns are called {name!r}; give each its own name.", "duplicate")
        return name

    def spec(self, written: object, path: str) -> Spec:
        """What is always the same, a cell, a text with cells in it, or a mapping or a list of such."""
        match written:
            case {"column": _, **_others}:
                return self.cell(cast(Mapping[str, Any], written), path)
            case {"text": template, **others} if not others:
                return self._template(template, f"{path}.text")
            case Mapping():
                fields = {str(name): self.spec(each, f"{path}.{name}") for name, each in written.items()}
                return _settled(Record(fields=fields), fields.values(), written)
            case list():
                items = tuple(self.spec(each, f"{path}[{number}]") for number, each in enumerate(written))
                return _settled(Several(items=items), items, written)
        return Constant(written=written)

    def place(self, written: object, path: str) -> Spec:
        """A place, or several: a registered one that a cell names, or whatever `spec` reads."""
        match written:
            case {"column": column, **rest} if {"find", "ref", "part_of", "near"} & set(rest):
                pass
            case list():
                items = tuple(self.place(each, f"{path}[{number}]") for number, each in enumerate(written))
                return _settled(Several(items=items), items, written)
            case _:
                return self.spec(written, path)
        given = self.fields(written, path, PLACE, "A place")
        if given.get("find") not in (None, "name") or ("find" in given) == ("ref" in given):
            self.refuse(path, "Write either `find: name` or `ref:` with the register, such as geonames.")
        return PlaceCell(
            column=self.column(column, f"{path}.column"),
            values=self._values(given.get("values"), f"{path}.values"),
            otherwise=self._otherwise(given.get("otherwise"), f"{path}.otherwise", ("leave-out", "empty")),
            split=self.text(given.get("split"), f"{path}.split") or None,
            book=self.book,
            register=self.text(given.get("ref"), f"{path}.ref") or None,
            part_of=self.spec(given["part_of"], f"{path}.part_of") if "part_of" in given else None,
            near=self._near(given["near"], f"{path}.near") if "near" in given else None,
        )

    def cell(self, written: Mapping[str, Any], path: str) -> Cell:
        """What one cell says."""
        given = self.fields(written, path, CELL, "A cell")
        number = given.get("number", False)
        if not isinstance(number, bool):
            self.refuse(f"{path}.number", "This is true or false.", "bad-type")
        if given.get("otherwise") is not None and not (given.get("values") or given.get("date")):
            self.refuse(f"{path}.otherwise", "This goes with values or with a date.")
        return Cell(
            column=self.column(given.get("column"), f"{path}.column"),
            values=self._values(given.get("values"), f"{path}.values"),
            otherwise=self._otherwise(given.get("otherwise"), f"{path}.otherwise", get_args(Otherwise)[1:]),
            forms=tuple(self._forms(given.get("date"), f"{path}.date")),
            is_number=number is True,
            prefix=self.text(given.get("prefix"), f"{path}.prefix"),
            split=self.text(given.get("split"), f"{path}.split") or None,
        )

    def _template(self, written: object, path: str) -> Spec:
        template = self.text(written, path)
        for name in HOLE.findall(template):
            self.column(name, path)
        return Text(template=template)

    def _values(self, written: object, path: str) -> Mapping[str, Any] | None:
        if written is None:
            return None
        if not isinstance(written, Mapping):
            self.refuse(path, "This is a mapping of what cells say to what that stands for.", "bad-type")
            return None
        return {str(cell).strip(): value for cell, value in written.items()}

    def _otherwise(self, written: object, path: str, allowed: Collection[str]) -> Otherwise:
        if written is None:
            return "fault"
        if written not in allowed:
            self.refuse(path, f"There is no {written!r}; there are {', '.join(allowed)}.")
            return "fault"
        return cast(Otherwise, written)

    def _forms(self, written: object, path: str) -> Iterable[DateForm]:
        several = written if isinstance(written, list) else [] if written is None else [written]
        for form in several:
            try:
                yield read_date_form(self.text(form, path, "YYYY"))
            except ValueError as error:
                self.refuse(path, str(error))

    def _near(self, written: object, path: str) -> Near:
        given = self.fields(written, path, NEAR, "A point")
        within = given.get("within_km", WITHIN_KM)
        if isinstance(within, bool) or not isinstance(within, int | float) or within <= 0:
            self.refuse(f"{path}.within_km", "This is a number of kilometres.", "bad-type")
            within = WITHIN_KM
        return Near(
            longitude=self.column(given.get("longitude"), f"{path}.longitude"),
            latitude=self.column(given.get("latitude"), f"{path}.latitude"),
            within_km=within,
        )


def _settled(spec: Spec, parts: Iterable[Spec], written: object) -> Spec:
    """The same for every row if all its parts are."""
    return Constant(written=written) if all(isinstance(part, Constant) for part in parts) else spec


def _guess(written: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(written, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
