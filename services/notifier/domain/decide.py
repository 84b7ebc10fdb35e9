"""Whether something planned is still to be sent, asked again right before each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifier.domain.news import Booked, Cancelled, News, Told, news
from services.notifier.domain.sessions import CANCELLED, Session
from services.notifier.domain.states import Unsent


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not to be sent, for this reason."""

    reason: Unsent


@dataclass(frozen=True, slots=True)
class Wait:
    """Less is known now than when it was planned: what is known is being made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say this `what` of these sessions; None is a reminder."""

    sessions: tuple[Session, ...]
    what: News | None = None


Decision = Skip | Wait | Say


def decide_reminder(
    session: Session, *, revision: int, nearer_is_due: bool, now: datetime
) -> Decision:
    """Return whether a reminder planned for the times of `revision` still holds."""
    if revision > session.times_revision:
        return Wait()
    if not session.takes_place:
        cancelled = session.status == CANCELLED
        return Skip(Unsent.CANCELLED if cancelled else Unsent.CONCLUDED)
    if revision < session.times_revision:
        return Skip(Unsent.MOVED)
    if now >= session.starts_at:
        return Skip(Unsent.TOO_LATE)
    return Skip(Unsent.SUPERSEDED) if nearer_is_due else Say(sessions=(session,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What else is open for the same person: a later notice, or the course's confirmation."""

    later: bool
    confirmation: bool


def decide_notice(
    session: Session, told: Told, others: Others, *, revision: int, now: datetime
) -> Decision:
    """Return what a notice about one session is to say now, if anything."""
    if revision > session.revision:
        return Wait()
    if others.later:
        return Skip(Unsent.SUPERSEDED)
    unsaid = news(told, session)
    if unsaid is None:
        return Skip(Unsent.UNDONE)
    if isinstance(unsaid, Booked) and others.confirmation:
        return Skip(Unsent.SUPERSEDED)
    until = unsaid.expected if isinstance(unsaid, Cancelled) else session.starts_at
    return Skip(Unsent.TOO_LATE) if now >= until else Say(sessions=(session,), what=unsaid)


def decide_course(sessions: Sequence[Session], *, now: datetime) -> Decision:
    """Return the dates that the confirmation of a course is to list: all that lie ahead."""
    if not sessions:
        return Wait()
    take_place = [session for session in sessions if session.takes_place]
    ahead = sorted(
        (session for session in take_place if session.starts_at > now), key=lambda s: s.starts_at
    )
    if ahead:
        return Say(sessions=tuple(ahead), what=Booked())
    return Skip(Unsent.TOO_LATE if take_place else Unsent.UNDONE)
