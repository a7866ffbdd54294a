"""Dates in words, read against a publication date: "Friday", "три тижні тому", "în urmă cu trei săptămâni".

The library `dateparser` reads them, in English, Ukrainian, Russian and Romanian. What it does not know
of these languages is first rewritten into what it does; what it would read wrongly is refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

LANGUAGES = ("en", "uk", "ru", "ro")

_LETTERS = re.compile(r"[^\W\d_Xx]{3}")
_STARTS_AS_EDTF = re.compile(r"\W*[0-9]{4}-")
_FIGURES = re.compile(r"\b[0-9]{1,2}[./-][0-9]{1,2}\b")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_LAST = re.compile(r"\b(?:last|previous|минул|прошл|trecut)\w*", re.IGNORECASE)

_Found = tuple[date, str]
"""A date and the period that the library says it stands for."""

_LENGTH = {"day": len("2025-11-20"), "week": len("2025-11-20"), "month": len("2025-11"), "year": len("2025")}
"""How much of an ISO date each period of the library stands for."""

_PHRASES = (
    (re.compile(r"\b[îi]n urm[ăa] cu\b"), "acum"),
    (re.compile(r"\balalt[ăa]ieri\b"), "acum 2 zile"),
    (re.compile(r"^(тиждень|місяць|рік|день) тому\b"), r"1 \1 тому"),
    (re.compile(r"\b([0-9]{4}) (?:року|рік|році|года|году|год|р|г)(?!\w)\.?"), r"\1"),
    (re.compile(r"^(?:у|в|во) "), ""),
)
_WORD_PAIRS = """
    astăzi:azi astazi:azi un:1 o:1 doi:2 două:2 doua:2 trei:3 patru:4 cinci:5 șase:6 sase:6 șapte:7 sapte:7
    opt:8 nouă:9 noua:9 zece:10 lunea:luni marțea:marți miercurea:miercuri joia:joi vinerea:vineri
    sâmbăta:sâmbătă duminica:duminică
    п'ятницю:п'ятниця п'ятниці:п'ятниця середу:середа середи:середа суботу:субота суботи:субота
    неділю:неділя неділі:неділя понеділка:понеділок вівторка:вівторок четверга:четвер
    пятницы:пятница среды:среда субботы:суббота воскресенья:воскресенье понедельника:понедельник
    січні:січня лютому:лютого березні:березня квітні:квітня травні:травня червні:червня липні:липня
    серпні:серпня вересні:вересня жовтні:жовтня листопаді:листопада грудні:грудня
    январе:января феврале:февраля марте:марта апреле:апреля мае:мая июне:июня июле:июля августе:августа
    сентябре:сентября октябре:октября ноябре:ноября декабре:декабря
"""
_WORDS = dict(pair.split(":") for pair in _WORD_PAIRS.split())
_LOOKALIKES = str.maketrans({"’": "'", "ʼ": "'", "ş": "ș", "ţ": "ț"})


def looks_like_words(text: str) -> bool:
    """Whether the text is in words rather than in EDTF, which never has three letters in a row but X."""
    return _LETTERS.search(text) is not None and not _STARTS_AS_EDTF.match(text)


@lru_cache(maxsize=4096)
def edtf_of_words(text: str, anchor: date) -> str:
    """The EDTF of words in a document published on `anchor`: a day, month or year, or a week's day with `~`.

    A weekday is the latest one up to and including `anchor`, as news writes it. Words finer than a day
    ("two hours ago") are refused when they do not settle the day. ValueError, one sentence.
    """
    if _FIGURES.search(text):
        raise ValueError(
            f"The date {text!r} is in figures that are read differently from country to country; "
            "write the day like 2025-11-20."
        )
    found = _read(text, anchor) or _read_rewritten(text, anchor)
    if found is None:
        raise ValueError(
            f"The date {text!r} cannot be read as a day, week, month or year seen from "
            f"{anchor.isoformat()}; write it like 2025-11-20, 2025-11~ or 2022-02-27/2022-09-10."
        )
    day, period = found
    return day.isoformat()[: _LENGTH[period]] + ("~" if period == "week" else "")


def _read_rewritten(text: str, anchor: date) -> _Found | None:
    plain = unicodedata.normalize("NFC", text.casefold()).translate(_LOOKALIKES)
    for pattern, replacement in _PHRASES:
        plain = pattern.sub(replacement, plain)
    without_last = _LAST.sub("", plain)
    wording = " ".join(_WORDS.get(word, word) for word in without_last.split())
    if without_last == plain:
        return _read(wording, anchor)
    # Only of a weekday is the last one the latest before: "last September" may be a year earlier.
    found = _read_alike_all_day(wording, anchor)
    return found if found and found[1] == "day" else None


def _read(text: str, anchor: date) -> _Found | None:
    found = _read_alike_all_day(text, anchor)
    if not found or (anchor - found[0]).days != 7 or _LAST.search(text) or anchor == date.max:
        return found
    # The library never takes the day itself for "Friday", not even in Friday's report.
    next_day = _read_alike_all_day(text, anchor + timedelta(days=1))
    return next_day if next_day == (anchor, "day") else found


def _read_alike_all_day(text: str, anchor: date) -> _Found | None:
    """What the text means at any time of day, unless it lies outside the year that the text names."""
    found = _parse(text, datetime.combine(anchor, time.min))
    if found is None or found != _parse(text, datetime.combine(anchor, time(23, 59, 59))):
        return None
    years = _YEAR.findall(text)
    # The library takes "2022 року" (of the year 2022) for 2022 years ago.
    return found if not years or found[0].isoformat()[:4] in years else None


def _parse(text: str, now: datetime) -> _Found | None:
    # Imported late: it takes a quarter of a second, and most dates are not in words.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "past", "TIMEZONE": "UTC"}
    try:
        found = DateDataParser(languages=list(LANGUAGES), settings=settings).get_date_data(text)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # whatever trips a grammar of hundreds of patterns is not a date
    if found.date_obj is None or found.period not in _LENGTH:
        return None
    return found.date_obj.date(), found.period
