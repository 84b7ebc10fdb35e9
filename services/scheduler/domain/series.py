"""Changes of several sessions of a course at once; what is over or concluded stays as it is.

`own` is the clinician whose key asks, if it is a clinician's: only those sessions change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain import sessions
from services.scheduler.domain.course_changes import Change, changed
from services.scheduler.domain.courses import Course
from services.scheduler.domain.errors import NothingLeft, SameTime
from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.shifting import distance, shifted
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK
from shared.zones import zone


class Scope(StrEnum):
    """How far a change reaches that is asked of one session."""

    THIS = "this"
    THIS_AND_FOLLOWING = "this_and_following"
    ALL_REMAINING = "all_remaining"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """From which date on something changes, and whose sessions, asked at `now`."""

    now: datetime
    since: date | None = None
    own: UUID | None = None

    def sessions_of(self, course: Course) -> tuple[Session, ...]:
        """Return the sessions to come that are reached, or raise `NothingLeft`."""
        clock = zone(course.timezone)
        found = tuple(
            each
            for each in remaining(course, now=self.now, own=self.own)
            if self.since is None or each.slot.starts_at.astimezone(clock).date() >= self.since
        )
        if not found:
            raise NothingLeft
        return found


def remaining(course: Course, *, now: datetime, own: UUID | None = None) -> tuple[Session, ...]:
    """Return the sessions that are still to start, in the order of time."""
    return tuple(
        each
        for each in course.sessions
        if each.status is Status.SCHEDULED
        and each.slot.starts_at > now
        and own in (None, each.clinician_id)
    )


def chosen(
    course: Course, anchor: Session, scope: Scope, *, now: datetime, own: UUID | None = None
) -> tuple[Session, ...]:
    """Return the sessions that a change of `anchor` reaches, it among them."""
    if scope is Scope.THIS:
        return (anchor,)
    following = [
        each
        for each in remaining(course, now=now, own=own)
        if each.id != anchor.id
        and (scope is Scope.ALL_REMAINING or each.slot.starts_at >= anchor.slot.starts_at)
    ]
    return tuple(sorted((anchor, *following), key=lambda each: each.slot))


def move(
    course: Course, anchor: Session, reached: Sequence[Session], slot: Slot, *, now: datetime
) -> Change:
    """Move `anchor` to `slot`, and the others by as many local days and as much time of day.

    If that is several, the course has its hour there from then on.
    """
    if slot == anchor.slot:
        raise SameTime("choose another time", pointer="#/starts_at")
    if len(reached) == 1:
        return changed(course, [sessions.move(anchor, slot, now=now)])
    by = distance(course, anchor.slot, slot.starts_at)
    return _shift(course, reached, by, now=now, exactly={anchor.id: slot})


def pause(course: Course, reach: Reach, weeks: int) -> Change:
    """Put the sessions off by whole weeks; none is lost."""
    return _shift(course, reach.sessions_of(course), weeks * WEEK, now=reach.now, exactly={})


def cancel(
    course: Course, reached: Sequence[Session], reason: str | None, *, now: datetime
) -> Change:
    """Cancel all of them; their hours are free again."""
    return changed(course, [sessions.cancel(each, reason, now=now) for each in reached])


def end(course: Course, reach: Reach, reason: str | None) -> Change:
    """Cancel what is to come, and with it the course, unless sessions before that stay."""
    change = cancel(course, reach.sessions_of(course), reason, now=reach.now)
    stays = any(
        each.status is Status.SCHEDULED and each.slot.ends_at > reach.now
        for each in change.after.sessions
    )
    ended = replace(change.after, ended_at=None if stays else reach.now, end_reason=reason)
    return Change(before=course, after=ended)


def reassign(course: Course, clinician_id: UUID, reach: Reach) -> Change:
    """Give the sessions, and the course from then on, to another clinician."""
    handed = [
        replace(each, clinician_id=clinician_id, overbooked=False, revision=each.revision + 1)
        for each in reach.sessions_of(course)
        if each.clinician_id != clinician_id
    ]
    if not handed:
        raise NothingLeft("all of them are with this clinician", pointer="#/clinician_id")
    change = changed(course, handed)
    return Change(before=course, after=replace(change.after, clinician_id=clinician_id))


def _shift(
    course: Course,
    reached: Sequence[Session],
    by: timedelta,
    *,
    now: datetime,
    exactly: dict[UUID, Slot],
) -> Change:
    """Shift each session; one that a clock's jump leaves where it is does not change."""
    moved = []
    for each in reached:
        slot = exactly.get(each.id) or shifted(course, each.slot, by)
        if slot != each.slot:
            moved.append(sessions.move(each, slot, now=now))
    change = changed(course, moved)
    usual = datetime.combine(course.first_date, course.at) + by
    after = replace(change.after, first_date=usual.date(), at=usual.time())
    return Change(before=course, after=after)
