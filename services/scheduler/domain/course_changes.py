"""What a change made of a course: before, after, and what there is to tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from services.scheduler.domain.courses import Course, renumbered
from services.scheduler.domain.sessions import LINKS_LAST, Session, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A course before and after; an ordinal may change without anything to tell."""

    before: Course
    after: Course

    @property
    def told(self) -> tuple[Session, ...]:
        """The sessions that changed or are new, in the order of time."""
        known = {session.id: session.revision for session in self.before.sessions}
        return tuple(each for each in self.after.sessions if known.get(each.id) != each.revision)

    @property
    def rewritten(self) -> tuple[Session, ...]:
        """The sessions that were there before and are not quite the same."""
        known = {session.id: session for session in self.before.sessions}
        return tuple(s for s in self.after.sessions if s.id in known and known[s.id] != s)

    @property
    def added(self) -> tuple[Session, ...]:
        known = {session.id for session in self.before.sessions}
        return tuple(each for each in self.after.sessions if each.id not in known)

    @property
    def cancelled(self) -> tuple[Session, ...]:
        return tuple(each for each in self.told if each.status is Status.CANCELLED)

    @property
    def placed(self) -> tuple[Session, ...]:
        """The sessions that need free diaries: at another hour, with someone else, or new."""
        return tuple(each for each in self.told if each.status is Status.SCHEDULED)

    @property
    def ends(self) -> bool:
        """Whether no session is to come any more, by this change."""
        if self.before.ended_at is not None or not _any_to_come(self.before):
            return False
        return self.after.ended_at is not None or not _any_to_come(self.after)


def changed(course: Course, touched: Iterable[Session]) -> Change:
    """Put the `touched` sessions, and new ones, into the course, in the order of time.

    Their links last until 30 days after the end of the course as it then is.
    """
    anew = {session.id: session for session in touched}
    kept = [session for session in course.sessions if session.id not in anew]
    ends = [s.slot.ends_at for s in (*kept, *anew.values()) if s.status is not Status.CANCELLED]
    lasting = [
        session
        if session.status is Status.CANCELLED
        else replace(session, links_expire_at=max(session.links_expire_at, max(ends) + LINKS_LAST))
        for session in anew.values()
    ]
    return Change(before=course, after=replace(course, sessions=renumbered([*kept, *lasting])))


def marked_late(change: Change, id: UUID) -> Change:
    """Return the change with that cancel known as a late one."""
    sessions = tuple(
        replace(each, cancelled_late=True) if each.id == id else each
        for each in change.after.sessions
    )
    return replace(change, after=replace(change.after, sessions=sessions))


def _any_to_come(course: Course) -> bool:
    return any(session.status is Status.SCHEDULED for session in course.sessions)
