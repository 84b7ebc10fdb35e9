"""Undo what a client did by link, exactly, as long as nothing else has changed since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.course_changes import changed
from services.scheduler.domain.self_service import Act, Action, confirm, restore
from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary, holds, self_service
from services.scheduler.store.courses import change_course, find_course, lock_course
from services.scheduler.use_cases.appointments import Appointment
from services.scheduler.use_cases.asking_staff import take_back
from services.scheduler.use_cases.attempts import Attempt, Outcome, audit, take, tell_of
from services.scheduler.use_cases.groups import come_after_all
from services.scheduler.use_cases.making_up import need_no_make_up
from shared.eventlog import log


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undoing:
    attempt: Attempt
    shown: Appointment
    action: Action

    @property
    def session(self) -> Session:
        return self.shown.standing.session


async def undo(conn: AsyncConnection, attempt: Attempt, action_id: UUID | None) -> Outcome | None:
    """Bring back what was before; a second click on the same undo changes nothing more."""
    shown = await take(conn, attempt, None)
    if not isinstance(shown, Appointment):
        return shown
    last = shown.standing.last
    if last is None or last.id != action_id:
        return Outcome.STALE
    if last.undone_at is not None:
        return Outcome.DONE
    if not last.can_be_undone_at(attempt.now):
        return Outcome.ENDED
    outcome = await _BY_ACT[last.act](conn, _Undoing(attempt=attempt, shown=shown, action=last))
    if outcome is Outcome.DONE:
        await self_service.change_action(conn, replace(last, undone_at=attempt.now))
        await audit(conn, attempt, "undo", act=last.act.value)
    return outcome


async def _undo_confirm(conn: AsyncConnection, undoing: _Undoing) -> Outcome:
    session, action = undoing.session, undoing.action
    if not undoing.shown.standing.confirmed or session.slot != action.before.slot:
        return Outcome.STALE
    restored = restore(session, action)
    await diary.change(conn, [restored])
    await tell_of(conn, restored, at=undoing.attempt.now)
    return Outcome.DONE


async def _undo_cancel(conn: AsyncConnection, undoing: _Undoing) -> Outcome:
    if undoing.session.status is Status.SCHEDULED:
        return await _undo_absence(conn, undoing)
    restored = await _put_back(conn, undoing)
    if isinstance(restored, Outcome):
        return restored
    await tell_of(conn, restored, at=undoing.attempt.now)
    if undoing.session.cancelled_late and restored.course_id is not None:
        await need_no_make_up(conn, undoing.attempt.now, restored.course_id)
    return Outcome.DONE


async def _undo_absence(conn: AsyncConnection, undoing: _Undoing) -> Outcome:
    session, action, now = undoing.session, undoing.action, undoing.attempt.now
    if session.slot != action.before.slot or undoing.shown.standing.expected:
        return Outcome.STALE
    course = await find_course(conn, session.course_id) if session.course_id else None
    if course is None or action.client_id not in course.client_ids:
        return Outcome.STALE
    await holds.remove(conn, action.id)
    if await _has_something_else(conn, action, session.slot, now):
        return Outcome.LOST
    back = await come_after_all(conn, now, session.id, action.client_id)
    if action.before.confirmed:
        back = confirm(back, action.client_id)
        await diary.change(conn, [back])
        await tell_of(conn, back, at=now)
    return Outcome.DONE


async def _has_something_else(
    conn: AsyncConnection, action: Action, slot: Slot, now: datetime
) -> bool:
    taken = await diary.taken_of_clients(conn, [action.client_id], slot)
    return bool(taken or await holds.held_for(conn, action.client_id, slot, now=now))


async def _undo_move(conn: AsyncConnection, undoing: _Undoing) -> Outcome:
    restored = await _put_back(conn, undoing)
    if isinstance(restored, Outcome):
        return restored
    previous, now = undoing.session.slot, undoing.attempt.now
    await log.append(conn, [announcements.session_moved(restored, previous, at=now)])
    return Outcome.DONE


async def _put_back(conn: AsyncConnection, undoing: _Undoing) -> Session | Outcome:
    """Store the session as it was, at its old hour; or return why that cannot be."""
    session, action = undoing.session, undoing.action
    if session.revision != action.revision:
        return Outcome.STALE
    if not await _is_free(conn, session, action.before.slot):
        return Outcome.LOST
    restored = restore(session, action)
    course = await lock_course(conn, session.course_id) if session.course_id else None
    if course is None:
        await diary.change(conn, [restored])
    else:
        change = changed(course, [restored])
        await change_course(conn, change.after, changed=change.rewritten)
    await holds.remove(conn, action.id)
    return restored


async def _undo_ask(conn: AsyncConnection, undoing: _Undoing) -> Outcome:
    action = undoing.action
    await take_back(conn, undoing.attempt.now, action.session_id, action.client_id)
    return Outcome.DONE


_BY_ACT: Final[Mapping[Act, Callable[[AsyncConnection, _Undoing], Awaitable[Outcome]]]] = {
    Act.CONFIRM: _undo_confirm,
    Act.CANCEL: _undo_cancel,
    Act.MOVE: _undo_move,
    Act.ASK: _undo_ask,
}


async def _is_free(conn: AsyncConnection, session: Session, slot: Slot) -> bool:
    """Whether nobody concerned has something else then; what was overbooked may be so again."""
    if session.overbooked:
        return True
    own = {session.id}
    return not (
        await diary.taken_of_clinician(conn, session.clinician_id, slot, but=own)
        or await diary.taken_of_clients(conn, session.client_ids, slot, but=own)
    )
