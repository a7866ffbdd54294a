"""Names of places folded to one key, so that one place is found in any script and spelling.

The fold is lossy on purpose: it throws away what transliterations disagree about (apostrophes, soft
signs, и/і/ы/y/i, є/е/ye/ie, г/h/g, щ/shch/sch, doubled letters). It is for finding, never for showing.
"""

from __future__ import annotations

import re
import unicodedata

# Letters with marks (й, ї, ё) need no entry: they are taken apart first, and the marks dropped.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_LATIN = {"y": "i", "j": "i", "g": "h", "w": "v", "ł": "l", "ø": "o", "đ": "d", "ı": "i"}
_FOLDED = str.maketrans({**_CYRILLIC, **_LATIN})
_DOUBLED = re.compile(r"([^\W\d])\1+")
# "Yevhenivka" and "Євгенівка", "Pishchane" and "Піщане": Latin letters spell out what is one in Cyrillic.
_SPELT_OUT = ((re.compile("sh?ch"), "sh"), (re.compile("i+e"), "e"))


def fold_name(name: str) -> str:
    """The key under which a name is found: lower-case letters, digits and single spaces.

    Latin and Cyrillic letters become a to z; those of other scripts stay as they are.
    """
    return " ".join(_settle(plain_name(name).translate(_FOLDED)).split())


def plain_name(name: str) -> str:
    """The name as it is spelt, in its own script: lower-case letters without marks and signs, digits and
    single spaces. So it is the same with any apostrophe or none.
    """
    apart = unicodedata.normalize("NFKD", "".join(map(_plain, name))).casefold()
    letters = "".join(letter for letter in map(_plain, apart) if letter.isalnum() or letter == " ")
    return " ".join(letters.split())


def _plain(character: str) -> str:
    """The character, a space for what keeps words apart, nothing for apostrophes and other signs.

    U+02BC, the apostrophe of Ukrainian, and its kind are letters to Unicode (Lm), but not to a reader.
    """
    category = unicodedata.category(character)
    if category == "Pd" or character == "/" or character.isspace():
        return " "
    return character if category[0] in "LMN" and category != "Lm" else ""


def _settle(text: str) -> str:
    """Doubled letters become one, and what is spelt out is shortened, until nothing of either is left:
    "Kupiansk", "Kup'yansk", "Kupyiansk" fold alike. Digits stay.
    """
    before = None
    while text != before:
        before, text = text, _DOUBLED.sub(r"\1", text)
        for spelt, short in _SPELT_OUT:
            text = spelt.sub(short, text)
    return text


def trigrams(folded: str) -> list[str]:
    """The sorted three-letter pieces of a folded name, padded so that beginnings weigh more."""
    padded = f"  {folded} "
    return sorted({padded[index : index + 3] for index in range(len(padded) - 2)})
