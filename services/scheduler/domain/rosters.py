"""The limits of a closed group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.conflicts import Reason
from services.scheduler.domain.errors import RosterSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """How many members a group has, and the last session at which one may still join."""

    minimum: int
    maximum: int
    join_until: int

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum or self.maximum < 2 or self.join_until < 1:
            raise ValueError("a group has at least one member, room for two, and a cut-off")

    def require_size(self, members: Collection[UUID]) -> None:
        """Raise `RosterSize` unless a group may begin with these `members`."""
        if self.limit_of(members) is not None:
            raise RosterSize(
                f"the group begins with {self.minimum} to {self.maximum} members",
                pointer="#/client_ids",
            )

    def limit_of(self, members: Collection[UUID]) -> Reason | None:
        """Return why a group may not begin with these `members`, if it may not."""
        if len(members) < self.minimum:
            return Reason.GROUP_TOO_SMALL
        return Reason.GROUP_FULL if len(members) > self.maximum else None
