"""What to put into a person's own calendar, or take out of it (RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from services.notifier.domain.decide import Item, Say
from services.notifier.domain.news import Cancelled
from services.notifier.domain.people import Person
from services.notifier.domain.sessions import CANCELLED, Session

_OURS: Final = UUID("8d0f6d0b-7d0c-4a3e-9a57-2f6c6c3a51be")


class Method(StrEnum):
    """What the calendar is asked to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One hour; `instance`: it is one of a series, and is known by its start."""

    starts_at: datetime
    ends_at: datetime
    link: str | None = None
    instance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One entry of a calendar: the first of the occasions, and the others as its instances.

    `sequence` rises with every change to what the `uid` stands for.
    """

    method: Method
    uid: UUID
    sequence: int
    occasions: tuple[Occasion, ...]

    def __post_init__(self) -> None:
        if not self.occasions:
            raise ValueError("an invitation is to something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A course as one person has it; `revisions` is the sum of those of all its sessions.

    A course only ever gains sessions and a session's revision only ever rises, so the sum does.
    """

    course_id: UUID
    revisions: int
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A session, and the address at which the reader joins it, if they do."""

    session: Session
    link: str | None


def course_of(say: Say) -> UUID | None:
    """Return the course that all the sessions of a notice belong to, if they belong to one."""
    return say.items[0].session.course_id


def invites(say: Say, person: Person) -> bool:
    """Whether this goes into the person's calendar too; a reminder never does."""
    return person.wishes.invitations and all(item.what is not None for item in say.items)


def invitation(
    say: Say, person: Person, series: Series | None, places: Sequence[Place]
) -> Invitation:
    """Return what the calendar of `person` is to do once they read `say`.

    A course is one entry with all its dates, since one message is about one UID (RFC 5546
    section 3.2.2). What is booked or moved tells the whole of it again, so a calendar that
    missed a message is right after the next; what is only cancelled takes single dates out.
    """
    cancels = all(isinstance(item.what, Cancelled) for item in say.items)
    about = say.items[0].session
    if series is None:
        uid, sequence = _uid(about.id, person), about.revision
    else:
        uid, sequence = _uid(series.course_id, person), series.revisions
    occasions = _gone(say.items, series) if cancels else _whole(places)
    return Invitation(
        method=Method.CANCEL if cancels else Method.REQUEST,
        uid=uid,
        sequence=sequence,
        occasions=occasions,
    )


def _uid(about: UUID, person: Person) -> UUID:
    """Return a name for it that says nothing, and is another one for each person."""
    return uuid5(_OURS, f"{about}/{person.id}")


def _gone(items: Sequence[Item], series: Series | None) -> tuple[Occasion, ...]:
    """Return what is taken out: at the hour the person expects, and at the last one it had.

    They differ when a date was moved and then cancelled, and it is not known whether the mail
    of the move arrived.
    """
    hours: dict[datetime, Occasion] = {}
    for item in items:
        assert isinstance(item.what, Cancelled)
        length = item.session.ends_at - item.session.starts_at
        known = (item.what.expected, item.session.starts_at) if series else (item.what.expected,)
        for starts_at in known:
            hours[starts_at] = Occasion(
                starts_at=starts_at, ends_at=starts_at + length, instance=series is not None
            )
    return tuple(hours[starts_at] for starts_at in sorted(hours))


def _whole(places: Sequence[Place]) -> tuple[Occasion, ...]:
    standing = sorted(
        (each for each in places if each.session.status != CANCELLED),
        key=lambda each: each.session.starts_at,
    )
    return tuple(
        Occasion(
            starts_at=each.session.starts_at,
            ends_at=each.session.ends_at,
            link=each.link,
            instance=number > 0,
        )
        for number, each in enumerate(standing)
    )
