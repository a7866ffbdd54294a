"""Names of places folded to one key, so that one place is found in any script and spelling.

The fold is lossy on purpose: it throws away what transliterations disagree about (apostrophes, soft
signs, и/і/ы/y/i, doubled letters). It is for finding, never for showing.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

# Letters with marks (й, ї, ё) need no entry: they are taken apart first, and the marks dropped.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_LATIN = {"y": "i", "j": "i", "g": "h", "w": "v", "ł": "l", "ø": "o", "đ": "d", "ı": "i"}
_FOLDED = str.maketrans({**_CYRILLIC, **_LATIN})


def fold_name(name: str) -> str:
    """The key under which a name is found: lower-case letters, digits and single spaces.

    Latin and Cyrillic letters become a to z; those of other scripts stay as they are.
    """
    apart = unicodedata.normalize("NFKD", "".join(map(_plain, name))).casefold()
    letters = "".join(letter for letter in map(_plain, apart) if letter.isalnum() or letter == " ")
    return " ".join(_squeeze(letters.translate(_FOLDED)).split())


def _plain(character: str) -> str:
    """The character, a space for what keeps words apart, nothing for apostrophes and other signs.

    U+02BC, the apostrophe of Ukrainian, and its kind are letters to Unicode (Lm), but not to a reader.
    """
    category = unicodedata.category(character)
    if category == "Pd" or character == "/" or character.isspace():
        return " "
    return character if category[0] in "LMN" and category != "Lm" else ""


def _squeeze(text: str) -> str:
    """Doubled letters become one: "Kupiansk", "Kup'yansk", "Kupyiansk" fold alike. Digits stay."""
    doubled = (letter == before and not letter.isdigit() for before, letter in pairwise(f" {text}"))
    return "".join(letter for letter, again in zip(text, doubled, strict=True) if not again)


def trigrams(folded: str) -> list[str]:
    """The sorted three-letter pieces of a folded name, padded so that beginnings weigh more."""
    padded = f"  {folded} "
    return sorted({padded[index : index + 3] for index in range(len(padded) - 2)})
