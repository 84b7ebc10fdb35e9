"""What is shown of an entry: its time to everyone, and beyond that as the detail allows."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.feeds import Detail
from shared.links import Link, Purpose, sign

BUSY: Final = "Busy"
GROUP: Final = "Group"
# No vowels, so no code is a word; no 0, 1, L or O, so none is misread.
_LETTERS: Final = "23456789CFGHJMPQRVWX"
_CODE_LENGTH: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """Whose entries these are: the clinician's links are of `link_generation`, since `links_at`."""

    clinician_id: UUID
    link_generation: int
    links_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How entries are shown: the detail, where people join, and the secret of links and codes."""

    detail: Detail
    public_url: str
    secret: str = field(repr=False)


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
    url: str


def show(entry: Entry, diary: Diary, showing: Showing) -> Shown:
    """Return what a subscriber sees of `entry`.

    New links are a change of each entry too, so a generation raises SEQUENCE and
    LAST-MODIFIED as a revision does: some readers take a change only when those rise.
    """
    return Shown(
        uid=str(entry.session_id),
        dtstart=entry.dtstart,
        dtend=entry.dtend,
        sequence=entry.revision - 1 + diary.link_generation,
        status=entry.status,
        created=entry.created,
        last_modified=max(entry.last_modified, diary.links_at),
        summary=_summary(entry, showing),
        url=_join_address(entry, diary, showing),
    )


def case_code(client_id: UUID, secret: str) -> str:
    """Return a client's short code, the same in every feed, that only the secret could undo."""
    key = hmac.digest(secret.encode(), b"standing-hour/case-codes/1", "sha256")
    number = int.from_bytes(hmac.digest(key, client_id.bytes, "sha256"), "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(letters)


def _summary(entry: Entry, showing: Showing) -> str:
    match showing.detail:
        case Detail.BUSY:
            return BUSY
        case Detail.CODE:
            return GROUP if entry.client_id is None else case_code(entry.client_id, showing.secret)


def _join_address(entry: Entry, diary: Diary, showing: Showing) -> str:
    link = Link(
        purpose=Purpose.JOIN,
        session_id=entry.session_id,
        person_id=diary.clinician_id,
        generation=diary.link_generation,
        expires_at=entry.links_expire_at,
    )
    return f"{showing.public_url}/join/{sign(link, showing.secret)}"
