"""One thing that happens in a practice, with its time; and which of them are in the mix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from shared.events.data import EventData


class Staff(Enum):
    """What staff do at the notifier itself."""

    PAUSE = "sending paused"
    RESUME = "sending resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What happens beside all that always does.

    Each of these is left out as long as the notifier is known to break a promise at it.
    """

    several_within_a_grace: bool = False  # two sessions of a course are moved, one by one
    changed_on_its_way: bool = False  # a session moves while its confirmation is being sent
    reminded_but_not_confirmed: bool = False  # who wants no confirmations has a session cancelled


MIX: Final = Mix()
EVERYTHING: Final = Mix(
    several_within_a_grace=True,
    changed_on_its_way=True,
    reminded_but_not_confirmed=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One fact, told at `at`, or from then on while the next mail to `during` is on its way."""

    at: datetime
    name: str
    fact: EventData | Staff
    during: str | None = None
