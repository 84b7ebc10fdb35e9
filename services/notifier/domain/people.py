"""Who is written to, and how they want it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.notifier.domain.states import Kind, Unsent

THE_STAFF: Final = UUID(int=1)  # stands for whoever reads the practice's own address


class Role(StrEnum):
    """What someone has to do with the sessions that they are written to about."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    CLINICIAN = "clinician"
    STAFF = "staff"


class Notices(StrEnum):
    """What a guardian hears: nothing, what times are set, or copies of reminders as well."""

    NONE = "none"
    TIMES = "times"
    COPIES = "copies"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when nobody is reminded, on the reader's own clock; may cross midnight."""

    begin: time
    end: time

    def __post_init__(self) -> None:
        if self.begin == self.end:
            raise ValueError("quiet hours end at another time than they begin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How someone wants it; None is as the practice has it.

    Of a clinician, `offsets` are when their clients are reminded.
    """

    opted_out: frozenset[str] = frozenset()
    offsets: tuple[timedelta, ...] | None = None
    quiet_hours: QuietHours | None = None
    invitations: bool = False
    digest_at: time | None = None
    news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone with an address; `ward_id` is the client whose sessions a guardian hears of.

    `vouched`: staff say that the address is theirs, or they have said so by a link.
    """

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    locale: str
    link_generation: int
    role: Role = Role.CLIENT
    ward_id: UUID | None = None
    notices: Notices | None = None
    vouched: bool = True
    wishes: Wishes = Wishes()

    def __post_init__(self) -> None:
        if (self.role is Role.GUARDIAN) is (self.ward_id is None or self.notices is None):
            raise ValueError("a guardian has a ward and a level, and nobody else has")

    @property
    def client_id(self) -> UUID:
        """Whose sessions they hear of."""
        return self.ward_id or self.id


def unwanted(person: Person, kind: Kind) -> Unsent | None:
    """Return why `person` is not to get a mail of this kind, None if they may."""
    if not _hears(person, kind):
        return Unsent.WITHDRAWN
    if kind in person.wishes.opted_out:
        return Unsent.OPTED_OUT
    if kind is Kind.ADDRESS:
        return Unsent.UNDONE if person.vouched else None
    return None if person.vouched else Unsent.NOT_VOUCHED


def _hears(person: Person, kind: Kind) -> bool:
    match person.role:
        case Role.CLIENT:
            return kind not in (Kind.DIGEST, Kind.NEWS, Kind.UNSEEN, Kind.TASK)
        case Role.CLINICIAN:
            wanted = person.wishes.news if kind is Kind.NEWS else True
            return wanted and kind in (Kind.DIGEST, Kind.NEWS, Kind.UNSEEN)
        case Role.STAFF:
            return kind is Kind.TASK
    if kind is Kind.REMINDER:
        return person.notices is Notices.COPIES
    return person.notices is not Notices.NONE and kind in _OF_TIMES


_OF_TIMES: Final = frozenset(
    {Kind.CONFIRMATION, Kind.MOVED, Kind.CANCELLED, Kind.CHANGED, Kind.ADDRESS}
)
