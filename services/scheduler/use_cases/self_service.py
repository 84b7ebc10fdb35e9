"""What a client does about one appointment by link: each runs in one transaction.

Each returns what became of it, or None for a link that opens nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import self_service as domain
from services.scheduler.domain.holds import HoldRequest
from services.scheduler.domain.self_service import Act
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary, holds
from services.scheduler.use_cases import changing
from services.scheduler.use_cases.appointments import Appointment, deciding_id, times_near
from services.scheduler.use_cases.asking_staff import ask_staff
from services.scheduler.use_cases.attempts import (
    Attempt,
    Outcome,
    audit,
    keep_for_undo,
    remember,
    take,
    tell_of,
)
from services.scheduler.use_cases.changing import Target
from services.scheduler.use_cases.groups import stay_away
from services.scheduler.use_cases.holding import place_hold
from shared.zones import zone


async def confirm(conn: AsyncConnection, attempt: Attempt) -> Outcome | None:
    """Record that the client will come."""
    shown = await take(conn, attempt, Act.CONFIRM)
    if not isinstance(shown, Appointment):
        return shown
    session = domain.confirm(shown.standing.session, shown.client.id)
    await diary.change(conn, [session])
    await remember(conn, attempt, shown, Act.CONFIRM, session)
    await tell_of(conn, session, at=attempt.now)
    await audit(conn, attempt, "confirm")
    return Outcome.DONE


async def cancel(conn: AsyncConnection, attempt: Attempt, *, knows: bool) -> Outcome | None:
    """Cancel it for this client; a late one only if the page said so, and they know.

    A group meets without them; when nobody else is expected, the session is cancelled.
    """
    shown = await take(conn, attempt, Act.CANCEL)
    if not isinstance(shown, Appointment):
        return shown
    late, standing = shown.choices.late, shown.standing
    if late and not knows:
        return Outcome.LATE
    if standing.goes_on_without:
        session = await stay_away(conn, attempt.now, standing.session.id, standing.client_id)
    else:
        target = Target(id=standing.session.id)
        session = await changing.cancel_by_client(conn, attempt.now, target, late=late)
    action = await remember(conn, attempt, shown, Act.CANCEL, session)
    await keep_for_undo(conn, action, session)
    await audit(conn, attempt, "cancel", late=late)
    return Outcome.DONE


async def choose(conn: AsyncConnection, attempt: Attempt, starts_at: datetime) -> Outcome | None:
    """Keep that hour for ten minutes while the client decides; another they had is let go."""
    shown = await take(conn, attempt, Act.MOVE)
    if not isinstance(shown, Appointment):
        return shown
    slot, session = Slot.hour_from(starts_at), shown.standing.session
    if not await _is_offered(conn, attempt, shown, slot):
        return Outcome.TAKEN
    client_id = shown.client.id
    await place_hold(
        conn,
        attempt.now,
        HoldRequest(clinician_id=session.clinician_id, client_id=client_id, slots=(slot,)),
        timezone=session.timezone,
        id=deciding_id(session.id, client_id),
        moving=frozenset({session.id}),
    )
    return Outcome.DONE


async def release(conn: AsyncConnection, attempt: Attempt) -> Outcome | None:
    """Let the hour go that was kept while the client decided; they keep the one they have."""
    shown = await take(conn, attempt, None)
    if not isinstance(shown, Appointment):
        return shown
    await holds.remove(conn, deciding_id(attempt.link.session_id, shown.client.id))
    return Outcome.DONE


async def move(conn: AsyncConnection, attempt: Attempt, starts_at: datetime) -> Outcome | None:
    """Give the appointment the hour that was chosen; the old one is kept for the undo."""
    shown = await take(conn, attempt, Act.MOVE)
    if not isinstance(shown, Appointment):
        return shown
    slot = Slot.hour_from(starts_at)
    if not await _is_offered(conn, attempt, shown, slot):
        return Outcome.TAKEN
    id = shown.standing.session.id
    session = await changing.move_session(
        conn, attempt.now, Target(id=id), slot, hold_id=deciding_id(id, shown.client.id)
    )
    action = await remember(conn, attempt, shown, Act.MOVE, session)
    await keep_for_undo(conn, action, session)
    await audit(conn, attempt, "move")
    return Outcome.DONE


async def ask(conn: AsyncConnection, attempt: Attempt, words: str) -> Outcome | None:
    """Ask staff for another time; the words stay in the scheduler."""
    shown = await take(conn, attempt, Act.ASK)
    if not isinstance(shown, Appointment):
        return shown
    session = shown.standing.session
    await remember(conn, attempt, shown, Act.ASK, session)
    await ask_staff(conn, attempt.now, session.id, shown.client.id, words)
    await audit(conn, attempt, "ask")
    return Outcome.DONE


async def _is_offered(
    conn: AsyncConnection, attempt: Attempt, shown: Appointment, slot: Slot
) -> bool:
    """Whether the page of that week would list this hour now."""
    day = slot.starts_at.astimezone(zone(shown.client.timezone)).date()
    return slot in (await times_near(conn, attempt.now, shown, day)).slots
