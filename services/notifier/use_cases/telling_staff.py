"""Staff hear of mail that does not arrive: by mail, and by a task of the scheduler's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.announcements import mail_failed
from services.notifier.domain.plan import trouble, trouble_later
from services.notifier.domain.settling import Settlement
from services.notifier.domain.states import Kind, State
from services.notifier.store import plans
from services.notifier.store.claims import Claim
from shared.eventlog import log
from shared.events.envelope import Event


async def tell_of_failures(
    conn: AsyncConnection, ended: Sequence[tuple[Claim, Settlement]], now: datetime
) -> list[Event]:
    """Plan a mail to staff of those of these that failed, and return what the log is to tell.

    No mail is about a mail to staff; the log tells of that too.
    """
    failed = [(claim, each) for claim, each in ended if each.state is State.FAILED]
    if any(claim.kind is not Kind.TASK for claim, _ in failed):
        await plan_trouble(conn, now)
    return [
        mail_failed(claim.person_id, claim.id, each.reason or "", at=now) for claim, each in failed
    ]


async def announce(conn: AsyncConnection, told: Sequence[Event]) -> None:
    """Put this in the log, if there is any; call it last, since the log is locked by it."""
    if told:
        await log.append(conn, told)


async def plan_trouble(conn: AsyncConnection, now: datetime) -> None:
    """Plan this hour's mail to staff, or the next hour's if this one has counted already."""
    wanted = trouble(now)
    if await plans.hold_begun(conn, wanted.id):
        wanted = trouble_later(now)
    await plans.add(conn, [wanted])
