"""Plan once more what was sent, skipped, given up or came back, if it may still be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Skip, Wait
from services.notifier.domain.errors import NothingToSend, StillOpen, UnknownReminder
from services.notifier.domain.states import NOTICES, State, Unsent
from services.notifier.store import again, listing, plans
from services.notifier.store.claims import Claim
from services.notifier.store.listing import Wanted
from services.notifier.use_cases.deciding import decide, whom
from shared.store.places import Place


async def resend(conn: AsyncConnection, now: datetime, id: UUID) -> UUID:
    """Plan the same mail anew, due at once, and return its own id.

    A notice says what is true now, as if its reader had not heard of it; one that was given up
    has certainly told them nothing, so it says what they do not know. Raise `StillOpen` if the
    first or a repeat of it has not ended, `NothingToSend` if what it was about is over, cancelled
    or not wanted.
    """
    claim = await again.hold_planned(conn, id)
    if claim is None:
        raise UnknownReminder
    if await again.is_open(conn, id):
        raise StillOpen
    if claim.kind in NOTICES and not _told_nothing(claim):
        await again.may_not_have_heard(conn, claim)
    decision = await decide(conn, replace(claim, due_at=now), await whom(conn, claim), now)
    if isinstance(decision, Wait):
        raise NothingToSend("too little is known of it now")
    if isinstance(decision, Skip):
        raise NothingToSend(f"it would be skipped: {decision.reason}")
    return await again.plan_again(conn, id, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """How many mails were planned anew of how many, and where to go on if there are more."""

    resent: int
    looked_at: int
    next: Place | None


async def resend_all(conn: AsyncConnection, now: datetime, wanted: Wanted) -> Resent:
    """Plan anew those of a page of mails that may still be said and were not repeated since."""
    page = await listing.page(conn, wanted)
    resent = [await _resend_if_last(conn, now, shown.id) for shown, _ in page.reminders]
    return Resent(resent=sum(resent), looked_at=len(resent), next=page.next)


async def _resend_if_last(conn: AsyncConnection, now: datetime, id: UUID) -> bool:
    if not await again.is_last(conn, id):
        return False
    try:
        async with conn.begin_nested():  # of what is not sent, nothing is noted either
            await resend(conn, now, id)
    except (StillOpen, NothingToSend):
        return False
    return True


async def repeat_what_came_back(
    conn: AsyncConnection, person_id: UUID, address: UUID, now: datetime
) -> None:
    """Look again at all that an address kept from this person, who can be reached at `address`.

    What was skipped is open again; what was given up or came back, and is of something ahead, is
    planned anew. Each is decided by what is true when its turn comes.
    """
    await plans.reopen(conn, person_id, Unsent.ADDRESS_STOPPED, now=now)
    for claim in await again.came_back(conn, person_id, address, now):
        if claim.kind in NOTICES and not _told_nothing(claim):  # it was taken, and came back
            await again.may_not_have_heard(conn, claim)
        await again.plan_again(conn, claim.id, now)


def _told_nothing(claim: Claim) -> bool:
    return claim.state is State.FAILED and not claim.answer_lost
