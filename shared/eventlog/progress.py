"""What a consumer knows of itself: how far it is, and whether its source is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

PATIENCE: Final = timedelta(seconds=60)


@dataclass(slots=True)
class Progress:
    """One consumer's state in this process; `away_since` is None while the source answers.

    A process starts as one that has lost its source: it has not caught up with anything yet.
    """

    away_since: datetime | None
    caught_up: bool = False
    loss_was_said: bool = False
    position: int = 0
    unknown_types: set[str] = field(default_factory=set)

    def answered(self, *, position: int, nothing_more: bool) -> None:
        self.position = position
        self.away_since = None
        self.loss_was_said = False
        self.caught_up = self.caught_up or nothing_more

    def lost(self, now: datetime) -> None:
        if self.away_since is None:
            self.away_since = now
            self.caught_up = False

    def may_act(self, now: datetime) -> bool:
        """Whether to act on what is known: all is known, or the source stays away too long."""
        if self.caught_up:
            return True
        return self.away_since is not None and now - self.away_since >= PATIENCE
