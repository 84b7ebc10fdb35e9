"""Find the dates of a series: those asked for, or with what clashes put off to the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.postponing import MOST_IN_A_ROW, Plan, first_free, not_past
from services.scheduler.domain.slots import Slot
from services.scheduler.use_cases.free_hours import Booking, find_conflicts
from services.scheduler.use_cases.practice import policy_of


async def free_dates(
    conn: AsyncConnection,
    booking: Booking,
    candidates: Sequence[Slot],
    *,
    most_in_a_row: int = MOST_IN_A_ROW,
) -> Plan:
    """Return as many free hours as `booking` asks for, the first of `candidates`.

    `candidates` begin with the hours asked for and go on in the same rhythm. Nothing is put
    off past the practice's horizon; raise `HourTaken` where there is no such plan.
    """
    wanted = len(booking.slots)
    if not await find_conflicts(conn, booking):
        return Plan(slots=tuple(booking.slots), postponed=())
    horizon = booking.now + (await policy_of(conn)).horizon
    reachable = not_past(horizon, candidates, wanted)
    found = await find_conflicts(conn, replace(booking, slots=reachable))
    return first_free(reachable, found, wanted, most_in_a_row=most_in_a_row)
