"""Plan once more what was sent, skipped, given up or came back, if it may still be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Skip, Wait
from services.notifier.domain.errors import NothingToSend, StillOpen, UnknownReminder
from services.notifier.domain.states import Kind, State, Unsent
from services.notifier.store import again, plans
from services.notifier.use_cases.deciding import decide, whom

# What these say is the difference to what their reader has heard.
_NOTICES: Final = frozenset({Kind.CONFIRMATION, Kind.MOVED, Kind.CANCELLED, Kind.CHANGED})


async def resend(conn: AsyncConnection, now: datetime, id: UUID) -> UUID:
    """Plan the same mail anew, due at once, and return its own id.

    A notice says what is true now, as if its reader had not heard of it. Raise `StillOpen` if the
    first or a repeat of it has not ended, `NothingToSend` if what it was about is over, cancelled
    or not wanted.
    """
    claim = await again.hold_planned(conn, id)
    if claim is None:
        raise UnknownReminder
    if await again.is_open(conn, id):
        raise StillOpen
    if claim.kind in _NOTICES:
        await again.may_not_have_heard(conn, claim)
    decision = await decide(conn, replace(claim, due_at=now), await whom(conn, claim), now)
    if isinstance(decision, Wait):
        raise NothingToSend("too little is known of it now")
    if isinstance(decision, Skip):
        raise NothingToSend(f"it would be skipped: {decision.reason}")
    return await again.plan_again(conn, id, now)


async def repeat_what_came_back(
    conn: AsyncConnection, person_id: UUID, address: UUID, now: datetime
) -> None:
    """Look again at all that an address kept from this person, who can be reached at `address`.

    What was skipped is open again; what was given up or came back, and is of something ahead, is
    planned anew. Each is decided by what is true when its turn comes.
    """
    await plans.reopen(conn, person_id, Unsent.ADDRESS_STOPPED, now=now)
    for claim in await again.came_back(conn, person_id, address, now):
        if claim.kind in _NOTICES and claim.state is State.SENT:  # and it came back
            await again.may_not_have_heard(conn, claim)
        await again.plan_again(conn, claim.id, now)
