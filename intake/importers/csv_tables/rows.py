"""The rows of a CSV file (RFC 4180), each with the line that it starts on, read as a stream."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.errors import Fault, InvalidInput

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the table is written. `lines_before` stand above the line that names the columns."""

    delimiter: str = ","
    lines_before: int = 0


class Table:
    """The columns of a table, and its rows, of which each is read once.

    Raises InvalidInput, at once or while it is read, for what is no CSV in UTF-8.
    """

    def __init__(self, lines: Iterable[bytes], layout: Layout) -> None:
        texts = _decode(lines)
        for _ in range(layout.lines_before):
            next(texts, None)
        self._above = layout.lines_before
        self._reader = csv.reader(texts, delimiter=layout.delimiter, strict=True)
        header = next(self._cells(), None)
        if header is None:
            raise _refused("The table is empty: its first line names the columns.", 1)
        self.header_line, names = header
        self.columns = tuple(name.strip() for name in names)

    def rows(self) -> Iterator[tuple[int, Row | Fault]]:
        """Each row by the names of its columns, without blanks around the cells; or what is wrong with it.

        Rows that are empty are passed over. Of a name that several columns have, the last one counts.
        """
        for line, cells in self._cells():
            if len(cells) != len(self.columns):
                message = f"This row has {len(cells)} cells, and the table has {len(self.columns)} columns."
                yield line, Fault(path="", message=message, code="bad-row", line=line)
            else:
                yield line, dict(zip(self.columns, map(str.strip, cells), strict=True))

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._above + self._reader.line_num + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                message = f"This is no CSV: {error}. A row that starts here cannot be read, nor what follows."
                raise _refused(message, line) from None
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield line, cells


def _decode(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if number == 1 and line.startswith(UTF_16):
            raise _refused("This is UTF-16, and not UTF-8. Save the table as 'CSV UTF-8'.", 1)
        try:
            yield (line.removeprefix(BOM) if number == 1 else line).decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"This is no UTF-8: byte {error.start + 1} of the line cannot be read. "
            raise _refused(message + "Save the table as 'CSV UTF-8'.", number) from None


def _refused(message: str, line: int) -> InvalidInput:
    return InvalidInput([Fault(path="", message=message, code="unreadable", line=line)])
