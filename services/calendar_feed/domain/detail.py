"""What is shown of an entry: its time to everyone, and beyond that as the detail allows."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.feeds import Detail
from shared.links import Link, Purpose, sign

BUSY: Final = "Busy"
GROUP: Final = "Group"
OWN: Final = "Appointment"
# No vowels, so no code is a word; no 0, 1, L or O, so none is misread.
_LETTERS: Final = "23456789CFGHJMPQRVWX"
_CODE_LENGTH: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """Whose entries these are: that person's links are of `link_generation`, since `links_at`."""

    person_id: UUID
    link_generation: int
    links_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How entries are shown: the detail, where people join, and the secret of links and codes.

    `version` rises, at `changed_at`, with each change of that.
    """

    detail: Detail
    public_url: str
    secret: str = field(repr=False)
    alarms: tuple[timedelta, ...] = ()
    join_links: bool = True
    version: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One VEVENT's values; equal values are equal bytes."""

    uid: str
    dtstart: datetime
    dtend: datetime
    sequence: int
    status: Status
    created: datetime
    last_modified: datetime
    summary: str
    url: str | None = None
    alarms: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What readers go by to take a change: SEQUENCE, and DTSTAMP and LAST-MODIFIED (aware).

    All three rise with whatever changes, and none ever falls.
    """

    sequence: int
    last_modified: datetime


def stamp(changes: int, last_at: datetime, diary: Diary, showing: Showing) -> Stamp:
    """Return the stamp of what has changed so often, and then last.

    New links, and other choices for the feed, are a change of each entry too.
    """
    return Stamp(
        sequence=changes + diary.link_generation + showing.version,
        last_modified=max(last_at, diary.links_at, showing.changed_at or diary.links_at),
    )


def show(entry: Entry, diary: Diary, showing: Showing, *, initials: str | None = None) -> Shown:
    """Return what a subscriber sees of `entry`, with the client's `initials` where they may be."""
    changed = stamp(entry.revision - 1, entry.last_modified, diary, showing)
    return Shown(
        uid=str(entry.session_id),
        dtstart=entry.dtstart,
        dtend=entry.dtend,
        sequence=changed.sequence,
        status=entry.status,
        created=entry.created,
        last_modified=changed.last_modified,
        summary=_summary(entry, showing, initials),
        url=_join_address(entry.session_id, entry.links_expire_at, diary, showing)
        if showing.join_links
        else None,
        alarms=showing.alarms if entry.status is Status.CONFIRMED else (),
    )


def show_own(entry: Entry, diary: Diary, showing: Showing) -> Shown:
    """Return what a client sees of an appointment of their own: its time, and where to join."""
    return replace(show(entry, diary, showing), summary=OWN)


def case_code(client_id: UUID, secret: str) -> str:
    """Return a client's short code, the same in every feed, that only the secret could undo."""
    key = hmac.digest(secret.encode(), b"standing-hour/case-codes/1", "sha256")
    number = int.from_bytes(hmac.digest(key, client_id.bytes, "sha256"), "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(letters)


def _summary(entry: Entry, showing: Showing, initials: str | None) -> str:
    """A group has a count and nobody's code: whoever reads it cannot tell who is in it."""
    if showing.detail is Detail.BUSY:
        return BUSY
    if entry.client_id is None:
        return f"{GROUP} ({entry.clients})"
    if showing.detail is Detail.INITIALS and initials:
        return initials
    return case_code(entry.client_id, showing.secret)


def course_address(
    course_id: UUID, entries: Iterable[Entry], diary: Diary, showing: Showing
) -> str | None:
    """Return where the clinician joins whichever session of a course it is time for."""
    if not showing.join_links:
        return None
    ends = max(entry.links_expire_at for entry in entries)
    return _join_address(course_id, ends, diary, showing)


def _join_address(id: UUID, expires_at: datetime, diary: Diary, showing: Showing) -> str:
    link = Link(
        purpose=Purpose.JOIN,
        session_id=id,
        person_id=diary.person_id,
        generation=diary.link_generation,
        expires_at=expires_at,
    )
    return f"{showing.public_url}/join/{sign(link, showing.secret)}"
