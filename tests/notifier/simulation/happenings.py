"""One thing that happens in a practice, with its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from shared.events.data import EventData


class Staff(Enum):
    """What staff do at the notifier itself."""

    PAUSE = "sending paused"
    RESUME = "sending resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One fact, told at `at`, or from then on while the next mail to `during` is on its way."""

    at: datetime
    name: str
    fact: EventData | Staff
    during: str | None = None
