"""Staff hear of mail that does not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import trouble, trouble_later
from services.notifier.domain.settling import Settlement
from services.notifier.domain.states import Kind, State
from services.notifier.store import plans
from services.notifier.store.claims import Claim


async def tell_of_failures(
    conn: AsyncConnection, ended: Sequence[tuple[Claim, Settlement]], now: datetime
) -> None:
    """Plan a mail to staff if any of these has failed; never about such a mail."""
    if any(each.state is State.FAILED and claim.kind is not Kind.TASK for claim, each in ended):
        await plan_trouble(conn, now)


async def plan_trouble(conn: AsyncConnection, now: datetime) -> None:
    """Plan this hour's mail to staff, or the next hour's if this one has counted already."""
    wanted = trouble(now)
    if await plans.hold_begun(conn, wanted.id):
        wanted = trouble_later(now)
    await plans.add(conn, [wanted])
