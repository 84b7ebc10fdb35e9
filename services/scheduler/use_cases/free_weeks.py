"""The weekly hours of clinicians that are free for all of a course, whoever takes clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.openings import Gap, Opening, Search
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK
from services.scheduler.use_cases.openings import Asked, find_openings


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeWeeks:
    """An hour of a clinician that is free in all weeks but the `gaps`, on the clock in `timezone`.

    `slots` are the hours that can be had.
    """

    clinician_id: UUID
    first_date: date
    at: time
    timezone: str
    slots: tuple[Slot, ...]
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        if not self.slots:
            raise ValueError("an hour that is free can be had at least once")

    @property
    def begins_at_once(self) -> bool:
        """Whether its first week is not one of the gaps."""
        return all(gap.date != self.first_date for gap in self.gaps)


async def free_weeks_of(
    conn: AsyncConnection,
    now: datetime,
    clinicians: Sequence[Clinician],
    search: Search,
    *,
    client_id: UUID | None = None,
) -> dict[UUID, list[FreeWeeks]]:
    """Return the hours of each of these clinicians: fewest gaps first, then soonest."""
    found: dict[UUID, list[FreeWeeks]] = {}
    for clinician in clinicians:
        asked = Asked(search=search, clinician_id=clinician.id, client_id=client_id)
        found[clinician.id] = [_free(each) for each in await find_openings(conn, now, asked)]
    return found


def _free(opening: Opening) -> FreeWeeks:
    gone = {gap.date for gap in opening.gaps}
    return FreeWeeks(
        clinician_id=opening.clinician_id,
        first_date=opening.first_date,
        at=opening.at,
        timezone=opening.timezone,
        slots=tuple(
            Slot.hour_from(start)
            for week, start in enumerate(opening.starts)
            if opening.first_date + week * WEEK not in gone
        ),
        gaps=opening.gaps,
    )
