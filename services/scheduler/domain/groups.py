"""A closed group: who joins it, leaves it, or is away from one of its sessions.

A session's `client_ids` are those expected at it, so each of these changes sessions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.course_changes import Change, changed
from services.scheduler.domain.courses import Course
from services.scheduler.domain.errors import (
    AlreadyMember,
    CourseOver,
    GroupFull,
    JoiningOver,
    LastMember,
    NotAGroup,
    NotAMember,
    NotAway,
    NotScheduled,
    SessionOver,
)
from services.scheduler.domain.series import Reach, remaining
from services.scheduler.domain.sessions import Session, Status
from shared.zones import zone


def join(course: Course, client_id: UUID, *, now: datetime, limits: bool = True) -> Change:
    """Expect the new member at every session still to come.

    Without `limits`, which staff may pass over, the group may be full and its cut-off past.
    """
    roster = course.roster
    if roster is None:
        raise NotAGroup
    if client_id in course.client_ids:
        raise AlreadyMember(pointer="#/client_id")
    ahead = remaining(course, now=now)
    if not ahead:
        raise CourseOver
    passed = limits_of_joining(course, now=now) if limits else ()
    if Reason.GROUP_FULL in passed:
        raise GroupFull(f"the group has its {roster.maximum} members")
    if Reason.JOINING_OVER in passed:
        raise JoiningOver(f"session {roster.join_until} was the last at which one may join")
    change = changed(course, [_with(session, client_id) for session in ahead])
    members = (*course.client_ids, client_id)
    return Change(before=course, after=replace(change.after, client_ids=members))


def limits_of_beginning(course: Course) -> tuple[Conflict, ...]:
    """Return the limit of the roster that the group passes over as it begins, if it does."""
    limit = None if course.roster is None else course.roster.limit_of(course.client_ids)
    if limit is None:
        return ()
    local = course.sessions[0].slot.starts_at.astimezone(zone(course.timezone))
    return (Conflict(date=local.date(), starts_at=local, reason=limit),)


def limits_of_joining(course: Course, *, now: datetime) -> tuple[Reason, ...]:
    """Return the limits of the roster that one more member would pass over now."""
    roster, ahead = course.roster, remaining(course, now=now)
    if roster is None or not ahead:
        return ()
    found = []
    if len(course.client_ids) >= roster.maximum:
        found.append(Reason.GROUP_FULL)
    if (ahead[0].ordinal or 0) > roster.join_until:
        found.append(Reason.JOINING_OVER)
    return tuple(found)


def leave(course: Course, client_id: UUID, reach: Reach) -> Change:
    """Expect the member at no session that is reached any more."""
    if client_id not in course.client_ids:
        raise NotAMember
    left = [session for session in reach.sessions_of(course) if client_id in session.client_ids]
    if len(course.client_ids) == 1 or any(len(session.client_ids) == 1 for session in left):
        raise LastMember("end the course, or cancel the sessions, instead")
    change = changed(course, [_without(session, client_id) for session in left])
    members = tuple(each for each in course.client_ids if each != client_id)
    return Change(before=course, after=replace(change.after, client_ids=members))


def stay_away(course: Course, session: Session, client_id: UUID, *, now: datetime) -> Change:
    """Expect the member at all sessions but this one, which goes on for the others."""
    _refuse_unless_ahead(session, now)
    if client_id not in session.client_ids:
        raise NotAMember(pointer="#/client_id")
    if len(session.client_ids) == 1:
        raise LastMember("nobody else is expected: cancel the session instead")
    return changed(course, [_without(session, client_id)])


def come_after_all(
    course: Course, session: Session, client_id: UUID, away: Collection[UUID], *, now: datetime
) -> Change:
    """Expect a member again who was `away` from this session."""
    _refuse_unless_ahead(session, now)
    if client_id not in away or client_id not in course.client_ids:
        raise NotAway
    return changed(course, [_with(session, client_id)])


def is_below_minimum(course: Course) -> bool:
    """Whether so many have left that staff should look at it."""
    return course.roster is not None and len(course.client_ids) < course.roster.minimum


def _with(session: Session, client_id: UUID) -> Session:
    expected = (*session.client_ids, client_id)
    return replace(session, client_ids=expected, revision=session.revision + 1)


def _without(session: Session, client_id: UUID) -> Session:
    return replace(
        session,
        client_ids=tuple(each for each in session.client_ids if each != client_id),
        confirmed_by=tuple(each for each in session.confirmed_by if each != client_id),
        revision=session.revision + 1,
    )


def _refuse_unless_ahead(session: Session, now: datetime) -> None:
    if session.status is not Status.SCHEDULED:
        raise NotScheduled
    if now >= session.slot.ends_at:
        raise SessionOver
