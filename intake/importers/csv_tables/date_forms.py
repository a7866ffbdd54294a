"""How a table writes its dates: `DD.MM.YYYY HH:mm` and the like, brought into EDTF.

Only the form is read here. Whether there is such a day, and when it was in the table's time zone, is for
`intake/dates.py` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "MMMM": rf"(?P<month_name>{'|'.join(FULL_MONTHS)})",
    "MMM": rf"(?P<month_name>{'|'.join(MONTHS)})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
}
_TOKEN = re.compile("|".join(TOKENS))
_ORDER = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForm:
    """A way to write dates. `written` is as the mapping has it."""

    written: str
    pattern: re.Pattern[str]

    def read(self, text: str) -> str | None:
        """The date as EDTF, without an offset; None for a text of another form."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: value for name, value in found.groupdict().items() if value is not None}
        if name := parts.pop("month_name", None):
            parts["month"] = str(MONTHS.index(name[:3].lower()) + 1)
        two = {name: value.zfill(2) for name, value in parts.items()}
        date = "-".join(two[name] for name in _ORDER[:3] if name in two)
        clock = ":".join(two[name] for name in _ORDER[3:] if name in two)
        return f"{date}T{clock}" if clock else date


def read_date_form(written: str) -> DateForm:
    """The form. Raises ValueError for one that leaves out what stands between its parts, such as the month
    between a day and a year.
    """
    pattern, end = "", 0
    for token in _TOKEN.finditer(written):
        pattern += re.escape(written[end : token.start()]) + TOKENS[token[0]]
        end = token.end()
    pattern += re.escape(written[end:])
    try:
        compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    except re.error:
        raise ValueError(f"The form {written!r} has one part twice.") from None
    names = sorted(_ORDER.index(name.removesuffix("_name")) for name in compiled.groupindex)
    if not names or names != list(range(len(names))) or _ORDER[names[-1]] == "hour":
        parts = ", ".join(TOKENS)
        message = f"The form {written!r} is none: it is made of {parts}, from the year down without a gap."
        raise ValueError(message)
    return DateForm(written=written, pattern=compiled)
