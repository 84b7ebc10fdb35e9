"""Whether something planned is still to be sent, asked again right before each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.notifier.domain.news import Booked, Cancelled, News, Told, news
from services.notifier.domain.offers import Offer
from services.notifier.domain.sessions import CANCELLED, Session
from services.notifier.domain.states import Unsent

AN_END_IS_NEWS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not to be sent, for this reason."""

    reason: Unsent


@dataclass(frozen=True, slots=True)
class Wait:
    """Less is known now than when it was planned: what is known is being made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What to say of one session; None is a reminder."""

    session: Session
    what: News | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say all this in one mail."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SayOffer:
    """Tell that this is kept for the reader."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class SayPlainly:
    """Say what the kind of mail says, of nothing in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayDay:
    """Say what a clinician's day holds, earliest first."""

    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNews:
    """Tell a clinician that a session was confirmed, or else cancelled."""

    session: Session

    @property
    def confirmed(self) -> bool:
        return self.session.takes_place


@dataclass(frozen=True, slots=True, kw_only=True)
class SayTrouble:
    """Tell staff how many mails could not be delivered."""

    count: int


Saying = Say | SayOffer | SayPlainly | SayDay | SayNews | SayTrouble
Decision = Skip | Wait | Saying


def says(say: Saying) -> tuple[Told, ...]:
    """Return what the person knows of each session once this has arrived.

    A reminder is no news: it changes nothing of what a notice has to say.
    """
    if not isinstance(say, Say):
        return ()
    return tuple(_told(item) for item in say.items if item.what is not None)


def _told(item: Item) -> Told:
    status = CANCELLED if isinstance(item.what, Cancelled) else item.session.status
    return Told(session_id=item.session.id, starts_at=item.session.starts_at, status=status)


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
    return Skip(Unsent.SUPERSEDED) if nearer_is_due else Say(items=(Item(session=session),))


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
    if _too_late(unsaid, session, now):
        return Skip(Unsent.TOO_LATE)
    return Say(items=(Item(session=session, what=unsaid),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One session as a person has to do with it: expected at it or not, and what they know."""

    session: Session
    expected: bool
    told: Told


def decide_changes(standings: Sequence[Standing], others: Others, *, now: datetime) -> Decision:
    """Return all that one person has yet to hear of a course's sessions, in one mail.

    To a person who is not expected any more, a session is cancelled.
    """
    if others.later:
        return Skip(Unsent.SUPERSEDED)
    items = []
    for each in standings:
        session = each.session if each.expected else replace(each.session, status=CANCELLED)
        unsaid = news(each.told, session)
        if unsaid is None or _too_late(unsaid, session, now):
            continue
        if not (isinstance(unsaid, Booked) and others.confirmation):
            items.append(Item(session=session, what=unsaid))
    if not items:
        return Skip(Unsent.UNDONE)
    return Say(items=tuple(sorted(items, key=lambda item: item.session.starts_at)))


def decide_offer(offer: Offer | None, *, now: datetime) -> Decision:
    """Return whether what was kept for a person is still theirs to take."""
    if offer is None:
        return Wait()
    if offer.ended:
        return Skip(Unsent.UNDONE)
    return Skip(Unsent.TOO_LATE) if now >= offer.expires_at else SayOffer(offer=offer)


def decide_course(sessions: Sequence[Session], *, now: datetime) -> Decision:
    """Return the dates that the confirmation of a course is to list: all that lie ahead."""
    if not sessions:
        return Wait()
    take_place = [session for session in sessions if session.takes_place]
    ahead = sorted(
        (session for session in take_place if session.starts_at > now), key=lambda s: s.starts_at
    )
    if ahead:
        return Say(items=tuple(Item(session=session, what=Booked()) for session in ahead))
    return Skip(Unsent.TOO_LATE if take_place else Unsent.UNDONE)


def decide_ended(sessions: Sequence[Session], *, due_at: datetime, now: datetime) -> Decision:
    """Return whether to say that nothing of a course is to come: not if something is after all.

    Nor long after it was due: who reads it then knows.
    """
    if not sessions:
        return Wait()
    if any(session.takes_place and session.ends_at > now for session in sessions):
        return Skip(Unsent.UNDONE)
    return Skip(Unsent.TOO_LATE) if now >= due_at + AN_END_IS_NEWS else SayPlainly()


def decide_follow_up(ahead: Sequence[Session]) -> Decision:
    """Return whether to say that it is time for another appointment: not if one is booked."""
    return Skip(Unsent.SUPERSEDED) if ahead else SayPlainly()


def decide_day(sessions: Sequence[Session], day_ends: datetime, *, now: datetime) -> Decision:
    """Return what a clinician's day holds; an empty one, or one that is over, is not mailed."""
    if now >= day_ends:
        return Skip(Unsent.TOO_LATE)
    held = sorted((each for each in sessions if each.takes_place), key=lambda s: s.starts_at)
    return SayDay(sessions=tuple(held)) if held else Skip(Unsent.NOTHING_TO_SAY)


def decide_news(session: Session, *, revision: int, now: datetime) -> Decision:
    """Return whether a clinician is to hear that a session was confirmed, or cancelled."""
    if revision > session.revision:
        return Wait()
    if now >= session.ends_at:
        return Skip(Unsent.TOO_LATE)
    if session.status == CANCELLED or (session.takes_place and session.confirmed_by):
        return SayNews(session=session)
    return Skip(Unsent.UNDONE)


def decide_unseen(session: Session, person_id: UUID, *, revision: int, now: datetime) -> Decision:
    """Return how a session now stands for a clinician whose calendar may show it otherwise.

    What another clinician has taken over does not take place for this one.
    """
    if revision > session.revision:
        return Wait()
    if now >= session.ends_at:
        return Skip(Unsent.TOO_LATE)
    own = session.clinician_id == person_id
    return SayNews(session=session if own else replace(session, status=CANCELLED))


def decide_trouble(count: int) -> Decision:
    """Return what to tell staff of mails that failed since they were last told."""
    return SayTrouble(count=count) if count else Skip(Unsent.NOTHING_TO_SAY)


def _too_late(unsaid: News, session: Session, now: datetime) -> bool:
    until = unsaid.expected if isinstance(unsaid, Cancelled) else session.starts_at
    return now >= until
