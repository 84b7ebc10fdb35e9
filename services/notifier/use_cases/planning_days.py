"""Plan the mails that come by the calendar: each clinician's day, if they want it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.people import Person
from services.notifier.domain.plan import Planned, digest
from services.notifier.domain.timing import local_date
from services.notifier.store import people, plans
from shared.store.database import Database

_DAY: Final = timedelta(days=1)


async def plan_digests(database: Database, now: datetime) -> int:
    """Plan the next digests of each clinician who wants them; return how many were new or moved.

    There is one for a day: it is moved when the clinician's hour or zone changes. What is planned
    as it should be stays as it is, so this may run as often as one likes.
    """
    planned = await database.read(partial(_next, now=now))
    if planned:
        await database.write(lambda conn: plans.place(conn, planned))
    return len(planned)


async def _next(conn: AsyncConnection, now: datetime) -> list[Planned]:
    clinicians = await people.clinicians_with_a_digest(conn)
    candidates = [each for clinician in clinicians for each in _ahead(clinician, now)]
    return await plans.misplaced(conn, candidates)


def _ahead(clinician: Person, now: datetime) -> list[Planned]:
    today = local_date(now, clinician.timezone)
    days = (digest(clinician, today + number * _DAY) for number in range(2))
    return [each for each in days if each is not None and each.due_at > now]
