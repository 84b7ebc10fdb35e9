"""Plan what clinicians hear of their own appointments: that one is not as they knew it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.news import Step, clinician_knew, clinicians_concerned
from services.notifier.domain.people import unwanted
from services.notifier.domain.plan import Change
from services.notifier.domain.sessions import Matter
from services.notifier.domain.states import Kind, Unsent
from services.notifier.store import people, plans, sessions, told


async def tell_clinicians(
    conn: AsyncConnection,
    steps: Sequence[Step],
    matter: Matter,
    change: Change,
    due_at: datetime,
) -> None:
    """Plan one notice for each clinician whose news these steps are and who wants news.

    Nobody mails a clinician of what is booked: before the first change they know it as it was.
    """
    concerned = {id for step in steps for id in clinicians_concerned(step)}
    if not concerned:
        return
    known = (await people.known_people(conn, concerned)).values()
    hearing = [each.id for each in known if unwanted(each, Kind.NEWS) is not Unsent.WITHDRAWN]
    if not hearing:
        return
    knowing = [
        (id, clinician_knew(step, id))
        for step in steps
        for id in hearing
        if id in clinicians_concerned(step)
    ]
    await told.begin(conn, knowing)
    revision = await sessions.revision_of(conn, matter)
    planned = plan.notices(
        matter, hearing, change, kind=Kind.NEWS, revision=revision, due_at=due_at
    )
    await plans.add(conn, planned)
