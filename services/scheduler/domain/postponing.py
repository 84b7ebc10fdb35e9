"""Dates that clash are put off to the end: all sessions stay, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.errors import HourTaken
from services.scheduler.domain.slots import Slot

MOST_IN_A_ROW: Final = 4  # more dates than these one after another, and it is the wrong hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The hours that are had, and those that clashed before the last of them."""

    slots: tuple[Slot, ...]
    postponed: tuple[Conflict, ...]


def first_free(
    candidates: Sequence[Slot],
    conflicts: Sequence[Conflict],
    wanted: int,
    *,
    most_in_a_row: int = MOST_IN_A_ROW,
) -> Plan:
    """Return the first `wanted` of `candidates`, in the order of time, that have no conflict.

    Raise `HourTaken` with all that clash if there are too few, or too many clash in a row.
    """
    clashing = {conflict.starts_at: conflict for conflict in conflicts}
    slots: list[Slot] = []
    postponed: list[Conflict] = []
    in_a_row = 0
    for slot in candidates:
        if len(slots) == wanted:
            break
        conflict = clashing.get(slot.starts_at)
        if conflict is None:
            slots.append(slot)
            in_a_row = 0
            continue
        postponed.append(conflict)
        in_a_row += 1
        if in_a_row > most_in_a_row:
            raise HourTaken(postponed)
    if len(slots) < wanted:
        raise HourTaken(postponed)
    return Plan(slots=tuple(slots), postponed=tuple(postponed))


def not_past(horizon: datetime, candidates: Sequence[Slot], wanted: int) -> tuple[Slot, ...]:
    """Return `candidates` without those that start after `horizon`; the first `wanted` stay."""
    return tuple(
        slot for place, slot in enumerate(candidates) if place < wanted or slot.starts_at <= horizon
    )
