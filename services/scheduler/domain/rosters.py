"""The limits of a closed group."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """How many members a group has, and the last session at which one may still join."""

    minimum: int
    maximum: int
    join_until: int

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum or self.maximum < 2 or self.join_until < 1:
            raise ValueError("a group has at least one member, room for two, and a cut-off")
