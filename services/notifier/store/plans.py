"""What is planned: added once, ended early, and looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import Planned
from services.notifier.domain.states import Kind, State, Unsent
from services.notifier.store.tables import reminders, sessions, stopped_addresses
from shared.store.dialects import insert


async def add(conn: AsyncConnection, planned: Sequence[Planned]) -> None:
    """Add what is not planned yet; whatever was ever planned under its key stays as it is."""
    if planned:
        statement = insert(conn, reminders).on_conflict_do_nothing()
        await conn.execute(statement, [_row(each) for each in planned])


async def hold_begun(conn: AsyncConnection, id: UUID) -> bool:
    """Whether this is being sent or has ended; if it is planned, it is held until the commit."""
    rows = await conn.execute(
        sa.select(reminders.c.state).where(reminders.c.id == id).with_for_update()
    )
    return rows.scalar() not in (None, State.PLANNED, State.UNKNOWN)


async def misplaced(conn: AsyncConnection, planned: Sequence[Planned]) -> list[Planned]:
    """Return those of these that are not planned, or not for that time, and may be."""
    known = await _known(conn, reminders.c.plan_key.in_([each.key for each in planned]))
    return [
        each
        for each in planned
        if each.key not in known or _may_be_due_at(known[each.key], each.due_at)
    ]


async def place(conn: AsyncConnection, planned: Sequence[Planned]) -> None:
    """Plan these for their times, as far as none has begun.

    One that is planned already is moved; one that was not wanted for a while comes back.
    """
    known = await _known(conn, reminders.c.plan_key.in_([each.key for each in planned]))
    await _place(conn, planned, known)


async def align_reminders(
    conn: AsyncConnection,
    session_ids: Collection[UUID],
    wanted: Sequence[Planned],
    *,
    now: datetime,
) -> None:
    """Make the reminders of these sessions those that are `wanted`, as far as none has begun.

    One that is wanted no more is skipped, and comes back if it is wanted again in time. What was
    due before `now` is not added: who books inside an offset gets the confirmation, which is
    enough. What was planned and is due since is still owed, and keeps its time.
    """
    if not session_ids:
        return
    known = await _known(
        conn, reminders.c.session_id.in_(session_ids), reminders.c.kind == Kind.REMINDER
    )
    keys = {each.key for each in wanted}
    unwanted = [
        row.id
        for row in known.values()
        if row.plan_key not in keys and row.state == State.PLANNED and not row.attempts
    ]
    await _not_wanted(conn, unwanted, now)
    await _place(conn, [each for each in wanted if each.due_at > now], known)


async def _known(conn: AsyncConnection, *which: sa.ColumnElement[bool]) -> dict[str, Any]:
    rows = await conn.execute(
        sa.select(
            reminders.c.id,
            reminders.c.plan_key,
            reminders.c.due_at,
            reminders.c.state,
            reminders.c.reason,
            reminders.c.attempts,
        ).where(*which)
    )
    return {row.plan_key: row for row in rows.all()}


async def _place(
    conn: AsyncConnection, planned: Sequence[Planned], known: Mapping[str, Any]
) -> None:
    await add(conn, [each for each in planned if each.key not in known])
    for each in planned:
        row = known.get(each.key)
        if row is not None and _may_be_due_at(row, each.due_at):
            await _due_at(conn, row.id, each.due_at)


def _may_be_due_at(row: Any, due_at: datetime) -> bool:
    if row.attempts:
        return False
    if row.state == State.PLANNED:
        return bool(row.due_at != due_at)
    return bool(row.state == State.SKIPPED and row.reason == Unsent.NOT_WANTED)


async def _due_at(conn: AsyncConnection, id: UUID, due_at: datetime) -> None:
    await conn.execute(
        sa.update(reminders)
        .where(reminders.c.id == id)
        .values(due_at=due_at, next_at=due_at, state=State.PLANNED, reason=None, ended_at=None)
    )


async def _not_wanted(conn: AsyncConnection, ids: Sequence[UUID], now: datetime) -> None:
    if ids:
        await conn.execute(
            sa.update(reminders)
            .where(reminders.c.id.in_(ids))
            .values(state=State.SKIPPED, reason=Unsent.NOT_WANTED, next_at=None, ended_at=now)
        )


async def reopen(conn: AsyncConnection, person_id: UUID, reason: Unsent, *, now: datetime) -> None:
    """Look again at what was skipped for this person for that reason alone."""
    await _reopen(conn, now, reminders.c.person_id == person_id, reminders.c.reason == reason)


async def reopen_these(conn: AsyncConnection, planned: Sequence[Planned], *, now: datetime) -> None:
    """Look again at those of these that were skipped, whyever that was."""
    if planned:
        await _reopen(conn, now, reminders.c.id.in_([each.id for each in planned]))


async def _reopen(conn: AsyncConnection, now: datetime, *which: sa.ColumnElement[bool]) -> None:
    await conn.execute(
        sa.update(reminders)
        .where(reminders.c.state == State.SKIPPED, *which)
        .values(state=State.PLANNED, reason=None, next_at=now, ended_at=None)
    )


async def end_reminders(
    conn: AsyncConnection, session_ids: Collection[UUID], reason: Unsent, *, now: datetime
) -> None:
    """Skip the open reminders of these sessions.

    One that is being sent at this moment is left to whoever sends it.
    """
    if session_ids:
        await _skip(conn, session_ids, reason, now, sa.true())


async def end_old_reminders(
    conn: AsyncConnection, session_ids: Collection[UUID], *, now: datetime
) -> None:
    """Skip the open reminders for times that these sessions had before; else as above."""
    times_revision = (
        sa.select(sessions.c.times_revision).where(sessions.c.id == reminders.c.session_id)
    ).scalar_subquery()
    if session_ids:
        await _skip(conn, session_ids, Unsent.MOVED, now, reminders.c.revision < times_revision)


async def _skip(
    conn: AsyncConnection,
    session_ids: Collection[UUID],
    reason: Unsent,
    now: datetime,
    which: sa.ColumnElement[bool],
) -> None:
    await conn.execute(
        sa.update(reminders)
        .where(
            reminders.c.session_id.in_(session_ids),
            reminders.c.kind == Kind.REMINDER,
            reminders.c.state.in_([State.PLANNED, State.UNKNOWN]),
            which,
        )
        .values(state=State.SKIPPED, reason=reason, next_at=None, ended_at=now)
    )


async def failed_since_told(conn: AsyncConnection) -> int:
    """Return how many mails failed, or came back for good, that no mail to staff has counted."""
    told = sa.select(sa.func.max(reminders.c.attempted_at)).where(
        reminders.c.kind == Kind.TASK, reminders.c.state == State.SENT
    )
    last = (await conn.execute(told)).scalar_one()
    failed = sa.select(sa.func.count()).where(
        reminders.c.state == State.FAILED, reminders.c.kind != Kind.TASK
    )
    # An address that was refused at once is the address of a mail that failed.
    came_back = (
        sa.select(sa.func.count())
        .select_from(stopped_addresses)
        .where(stopped_addresses.c.reason != "refused")
    )
    if last is not None:
        failed = failed.where(reminders.c.ended_at > last)
        came_back = came_back.where(stopped_addresses.c.since > last)
    counts = [(await conn.execute(each)).scalar_one() for each in (failed, came_back)]
    return sum(counts)


def _row(planned: Planned) -> dict[str, object]:
    offset = planned.offset
    return {
        "id": planned.id,
        "plan_key": planned.key,
        "kind": planned.kind,
        "person_id": planned.person_id,
        "session_id": planned.session_id,
        "course_id": planned.course_id,
        "offer_id": planned.offer_id,
        "subject_id": planned.subject_id,
        "day": planned.day,
        "revision": planned.revision,
        "offset_seconds": None if offset is None else int(offset.total_seconds()),
        "due_at": planned.due_at,
        "state": State.PLANNED,
        "next_at": planned.due_at,
        "fence": 0,
        "attempts": 0,
        "answer_lost": False,
    }
