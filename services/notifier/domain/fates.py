"""What becomes of a mail after a provider has taken it, as the provider tells of it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

# Why an address is stopped, as it is told to others.
Stopping = Literal["bounced", "dropped", "spam", "refused"]


class Fate(StrEnum):
    """Where a mail is that was taken; in the order in which one outdoes another of its second."""

    PROCESSED = "processed"
    DEFERRED = "deferred"  # the reader's server asked for patience
    DELIVERED = "delivered"
    DROPPED = "dropped"  # not even tried
    BLOCKED = "blocked"  # refused this once
    BOUNCED = "bounced"  # refused for good
    SPAM = "spam"  # the reader called it that


_ON_THE_WAY: Final = frozenset({Fate.PROCESSED, Fate.DEFERRED})
_RANK: Final = {fate: rank for rank, fate in enumerate(Fate)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a provider tells of a delivery, under its own id; `at` is its own clock's.

    `email` is where the mail went, and `stops` why nothing more may go there; neither that
    address nor the provider's words are kept.
    """

    id: str
    delivery_id: UUID
    email: str
    fate: Fate
    at: datetime
    reason: str | None = None
    stops: Stopping | None = None


def outdoes(fate: Fate, at: datetime, known: Fate | None, known_at: datetime | None) -> bool:
    """Whether `fate` is what stands now: in whatever order they are told, the same one wins.

    What is final outdoes what is not, then the later the earlier.
    """
    if known is None or known_at is None:
        return True
    return _order(fate, at) > _order(known, known_at)


def _order(fate: Fate, at: datetime) -> tuple[bool, datetime, int]:
    return fate not in _ON_THE_WAY, at, _RANK[fate]
