"""Whether something planned is still to be sent, asked again right before each attempt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.notifier.domain.news import Cancelled, News, Told, news
from services.notifier.domain.offers import Offer
from services.notifier.domain.sessions import CANCELLED, Session
from services.notifier.domain.states import Unsent

AN_END_IS_NEWS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not to be sent, for this reason; `unsaid` is what it would have said."""

    reason: Unsent
    unsaid: tuple[Told, ...] = ()


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
class SayHowItStands:
    """Tell a clinician that a session takes place, or that it does not."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SayTrouble:
    """Tell staff how many mails could not be delivered."""

    count: int


Saying = Say | SayOffer | SayPlainly | SayDay | SayHowItStands | SayTrouble
Decision = Skip | Wait | Saying


def says(say: Saying) -> tuple[Told, ...]:
    """Return what the person knows of each session once this notice has arrived.

    What a reminder says is true or is not sent: it is noted once it has arrived, for many at once.
    """
    if not isinstance(say, Say):
        return ()
    return tuple(_told(item) for item in say.items if item.what is not None)


def _told(item: Item) -> Told:
    session = item.session
    return Told(
        session_id=session.id,
        starts_at=session.starts_at,
        status=CANCELLED if isinstance(item.what, Cancelled) else session.status,
        confirmed=bool(session.confirmed_by),
    )


def keep_back(decision: Decision, reason: Unsent | None) -> Decision:
    """Return that a notice is not sent for `reason`, if there is one, nor what it has to say."""
    if reason is None or not isinstance(decision, Say):
        return decision
    return Skip(reason, unsaid=says(decision))


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
    """What else is open for the same person about the same thing.

    `later` is a later notice, which will say it all; `on_its_way` an earlier one, whose answer
    says what the person knows.
    """

    later: bool = False
    on_its_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One session as a person has to do with it: expected at it or not, and what they know."""

    session: Session
    expected: bool
    told: Told


Difference = Callable[[Told, Session], News | None]


def decide_notice(
    standings: Sequence[Standing], others: Others, *, now: datetime, difference: Difference = news
) -> Decision:
    """Return all that one person has yet to hear of these sessions, in one mail.

    To a person who is not expected any more, a session is cancelled.
    """
    if not standings:
        return Skip(Unsent.NOT_IN_IT)
    if others.later:
        return Skip(Unsent.SUPERSEDED)
    if others.on_its_way:
        return Wait()
    unsaid = [item for each in standings if (item := _unsaid(each, difference))]
    if not unsaid:
        return Skip(Unsent.UNDONE)
    items = sorted(
        (item for item in unsaid if not _too_late(item, now)),
        key=lambda item: item.session.starts_at,
    )
    return Say(items=tuple(items)) if items else Skip(Unsent.TOO_LATE)


def _unsaid(standing: Standing, difference: Difference) -> Item | None:
    session = standing.session
    if not standing.expected:
        session = replace(session, status=CANCELLED)
    what = difference(standing.told, session)
    return None if what is None else Item(session=session, what=what)


def decide_offer(offer: Offer | None, *, now: datetime) -> Decision:
    """Return whether what was kept for a person is still theirs to take."""
    if offer is None:
        return Wait()
    if offer.ended:
        return Skip(Unsent.UNDONE)
    return Skip(Unsent.TOO_LATE) if now >= offer.expires_at else SayOffer(offer=offer)


def decide_ended(
    sessions: Sequence[Session], *, said: bool, due_at: datetime, now: datetime
) -> Decision:
    """Return whether to say that nothing of a course is to come: not if something is after all.

    Nor long after it was due: who reads it then knows. `said`: a later mail says it, or the one
    that cancels what was left.
    """
    if not sessions:
        return Wait()
    if said:
        return Skip(Unsent.SUPERSEDED)
    if any(session.takes_place and session.ends_at > now for session in sessions):
        return Skip(Unsent.UNDONE)
    return Skip(Unsent.TOO_LATE) if now >= due_at + AN_END_IS_NEWS else SayPlainly()


def decide_follow_up(
    latest: datetime | None, after: timedelta | None, *, later: bool, now: datetime
) -> Decision:
    """Return whether to say that it is time for another appointment.

    It is so `after` the start of the `latest` that was not cancelled, booked ones among them.
    """
    if after is None:
        return Skip(Unsent.NOT_WANTED)
    early = latest is not None and latest + after > now
    return Skip(Unsent.SUPERSEDED) if later or early else SayPlainly()


def decide_day(sessions: Sequence[Session], day_ends: datetime, *, now: datetime) -> Decision:
    """Return what a clinician's day holds; an empty one, or one that is over, is not mailed."""
    if now >= day_ends:
        return Skip(Unsent.TOO_LATE)
    held = sorted((each for each in sessions if each.takes_place), key=lambda s: s.starts_at)
    return SayDay(sessions=tuple(held)) if held else Skip(Unsent.NOTHING_TO_SAY)


def decide_unseen(session: Session, person_id: UUID, *, revision: int, now: datetime) -> Decision:
    """Return how a session now stands for a clinician whose calendar may show it otherwise.

    What another clinician has taken over does not take place for this one.
    """
    if revision > session.revision:
        return Wait()
    if now >= session.ends_at:
        return Skip(Unsent.TOO_LATE)
    own = session.clinician_id == person_id
    return SayHowItStands(session=session if own else replace(session, status=CANCELLED))


def decide_trouble(count: int) -> Decision:
    """Return what to tell staff of mails that failed since they were last told."""
    return SayTrouble(count=count) if count else Skip(Unsent.NOTHING_TO_SAY)


def _too_late(item: Item, now: datetime) -> bool:
    what = item.what
    return now >= (what.expected if isinstance(what, Cancelled) else item.session.starts_at)
