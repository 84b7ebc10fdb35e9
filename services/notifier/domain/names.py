"""Names of the practice and of clinicians, which a mail carries only where it is agreed on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

LONGEST: Final = 100
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # scripts and emoji are spelled with these


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Whom mail is from; `practice` is its name where names may be said, else None."""

    address: str
    practice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What may be called by its name: nothing at all where there is no such thing as this."""

    practice: str
    clinicians: Mapping[UUID, str]


def shown(name: str) -> str:
    """Return `name` as one line of at most 100 characters that changes nothing around it.

    Marks that turn the direction of writing reach beyond a name, so they go; letters that
    are written from right to left stay.
    """
    seen = "".join(" " if _hidden(character) else character for character in name[: LONGEST * 10])
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _UNSEEN
