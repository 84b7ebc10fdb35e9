"""Text that may stand in a calendar: a value can never add a line of its own.

RFC 5545 section 3.1 ends a content line at CR LF, and section 3.3.11 lets no control
character into TEXT. icalendar escapes a line feed but lets NUL, VT and DEL through, and
guards some properties by an assert only, so every value passes here first.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 1_000
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # scripts and emoji are spelled with these


def one_line(text: str) -> str:
    """Return `text` as one line: each run of what cannot be seen is one space, the rest stays.

    Marks that turn the direction of writing go too, since they reach beyond their value;
    letters that are written from right to left stay.
    """
    seen = "".join(" " if _hidden(character) else character for character in text[:LONGEST])
    # icalendar 7.3 takes a typed \N for a line feed before it escapes; a typed \n it keeps.
    return " ".join(seen.split()).replace("\\N", "\\n")


def _hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _UNSEEN
