"""A feed: one secret address that shows one clinician's hours, as much of them as was chosen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.entries import Entry, Kind
from services.calendar_feed.domain.errors import DetailNotOffered
from services.calendar_feed.domain.rising import after

DEFAULT_NAME: Final = "Appointments"
TOKEN_BYTES: Final = 32
MOST_FEEDS: Final = 20  # of one clinician
BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=270)
LONGEST_BACK: Final = timedelta(days=90)
LONGEST_AHEAD: Final = timedelta(days=400)
MOST_ALARMS: Final = 3
EARLIEST_ALARM: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


class Detail(StrEnum):
    """How much a feed tells of a session, beyond its time."""

    BUSY = "busy"
    CODE = "code"
    INITIALS = "initials"


class Form(StrEnum):
    """How sessions stand on the wire."""

    INSTANCES = "instances"
    SERIES = "series"
    FREE_BUSY = "free_busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Which sessions a feed shows, and what goes with each; the usual ones choose nothing.

    `back` and `ahead` are whole days around today; no `kinds`: every kind. `alarms` are how long
    before its start a calendar may ring. `office_hours`: also when the clinician works.
    """

    back: timedelta = BACK
    ahead: timedelta = AHEAD
    kinds: frozenset[Kind] = frozenset()
    course_id: UUID | None = None
    alarms: tuple[timedelta, ...] = ()
    join_links: bool = True
    office_hours: bool = False

    def __post_init__(self) -> None:
        if not timedelta() <= self.back <= LONGEST_BACK or self.back.seconds:
            raise ValueError("a feed shows 0 to 90 whole days back")
        if not timedelta(days=1) <= self.ahead <= LONGEST_AHEAD or self.ahead.seconds:
            raise ValueError("a feed shows 1 to 400 whole days ahead")
        if len(set(self.alarms)) != len(self.alarms) or len(self.alarms) > MOST_ALARMS:
            raise ValueError("a session rings at most three times")
        if any(not timedelta() <= each <= EARLIEST_ALARM for each in self.alarms):
            raise ValueError("a session rings at most a week before it")

    def chooses(self, entry: Entry) -> bool:
        """Whether this entry is of the kinds and of the course that were chosen."""
        return self.takes(entry.kind, entry.course_id)

    def takes(self, kind: Kind, course_id: UUID | None) -> bool:
        return (not self.kinds or kind in self.kinds) and self.course_id in (None, course_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was last chosen; its tokens are known only as hashes.

    `version` rises with each change of what it shows, at `changed_at`. After `ends_on`, a day
    in UTC, it shows nothing more.
    """

    id: UUID
    clinician_id: UUID
    name: str
    detail: Detail
    form: Form
    created_at: datetime
    rotated_at: datetime | None = None
    revoked_at: datetime | None = None
    choices: Choices = field(default_factory=Choices)
    ends_on: date | None = None
    version: int = 0
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.form is Form.FREE_BUSY and self.detail is not Detail.BUSY:
            raise DetailNotOffered(
                "what is only free or busy is told at detail busy", pointer="#/detail"
            )
        if self.form is Form.FREE_BUSY and self.choices.office_hours:
            raise DetailNotOffered(
                "what is only free or busy shows no office hours", pointer="#/office_hours"
            )

    @property
    def ends_at(self) -> datetime | None:
        """When it ends for all of its addresses, None if that is open."""
        last = None if self.ends_on == date.max else self.ends_on
        run_out = None if last is None else datetime.combine(last + _DAY, time(), UTC)
        return min((each for each in (self.revoked_at, run_out) if each), default=None)

    def has_ended(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


def raised(feed: Feed, at: datetime, diary_at: datetime) -> Feed:
    """Return the feed with every entry of it changed at `at`, and after the diary's last change."""
    changed_at = after(at, diary_at, feed.changed_at)
    return replace(feed, version=feed.version + 1, changed_at=changed_at)


def offered(detail: Detail, *, agreed: bool) -> Detail:
    """Return `detail`, or refuse what this practice may not tell a calendar's host.

    Initials are health data in someone else's hands: 45 CFR 164.502(e) asks for an agreement
    with that host first.
    """
    if detail is Detail.INITIALS and not agreed:
        raise DetailNotOffered(
            "initials need a recorded agreement (FEED_BAA_SIGNED) with the calendar's host; "
            "use busy or code",
            pointer="#/detail",
        )
    return detail


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash cannot be searched for."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
