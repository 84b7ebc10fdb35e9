"""A client's initials: the least of a name that its clinician still knows it by."""

from __future__ import annotations

import unicodedata
from typing import Final

MOST: Final = 3


def initials_of(name: str) -> str:
    """Return the first letter of each word, at most three, as they are written; `?` for none."""
    words = name.split()
    chosen = words if len(words) <= MOST else [*words[: MOST - 1], words[-1]]
    letters = [next((c for c in word if unicodedata.category(c)[0] in "LN"), "") for word in chosen]
    return "".join(letters)[:MOST] or "?"
