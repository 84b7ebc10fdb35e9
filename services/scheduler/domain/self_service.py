"""What a client may do about one appointment by link, and for how long it can be undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import Slot

UNDO_FOR: Final = timedelta(minutes=3)
LONGEST_TEXT: Final = 500
MOST_POSTS: Final = 30
PACED_OVER: Final = timedelta(hours=1)
_STAMP_CHARACTERS: Final = 16


class Act(StrEnum):
    """What a client did."""

    CONFIRM = "confirm"
    CANCEL = "cancel"  # in a group: an absence of this client alone
    MOVE = "move"
    ASK = "ask"  # for another time, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What an undo brings back."""

    slot: Slot
    links_expire_at: datetime
    confirmed: bool

    @classmethod
    def of(cls, session: Session, client_id: UUID) -> Before:
        return cls(
            slot=session.slot,
            links_expire_at=session.links_expire_at,
            confirmed=client_id in session.confirmed_by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a client did; `seen` is what the page had shown, `revision` what it gave.

    `number` counts what this client did about this session. Its `id` is also the hold that
    keeps the hour which it freed.
    """

    id: UUID
    session_id: UUID
    client_id: UUID
    number: int
    act: Act
    made_at: datetime
    seen: str
    revision: int
    before: Before
    undone_at: datetime | None = None

    @property
    def undo_until(self) -> datetime:
        return self.made_at + UNDO_FOR

    def can_be_undone_at(self, now: datetime) -> bool:
        return self.undone_at is None and now < self.undo_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One appointment as one client has to do with it, and what they did about it last.

    In a group someone who said that they cannot come is not expected, but still concerned.
    """

    session: Session
    client_id: UUID
    in_group: bool
    last: Action | None = None

    @property
    def expected(self) -> bool:
        return self.client_id in self.session.client_ids

    @property
    def confirmed(self) -> bool:
        return self.expected and self.client_id in self.session.confirmed_by

    @property
    def takes_place(self) -> bool:
        """Whether this client is to come."""
        return self.session.status is Status.SCHEDULED and self.expected

    @property
    def goes_on_without(self) -> bool:
        """Whether others are expected, so that this client can only be absent."""
        return len(self.session.client_ids) > 1

    @property
    def seen(self) -> str:
        """What a page of this shows, as a short stamp; what others do does not change it."""
        last = self.last
        shown = (
            self.session.slot.starts_at.isoformat(),
            self.session.clinician_id,
            self.takes_place,
            self.session.status.value,
            self.confirmed,
            last and (last.number, last.undone_at is None),
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:_STAMP_CHARACTERS]

    def did(self, act: Act, seen: str) -> bool:
        """Whether this very thing was done from that very page: a second click."""
        last = self.last
        return last is not None and last.undone_at is None and (last.act, last.seen) == (act, seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the client can do now; `late` says what a cancel would be."""

    confirm: bool
    cancel: bool
    late: bool
    move: bool
    ask: bool
    undo: Action | None

    def allow(self, act: Act) -> bool:
        return bool(getattr(self, act.value))


def choices_of(standing: Standing, *, late_within: timedelta, now: datetime) -> Choices:
    """Return what is offered: nothing once it has begun, and nobody moves a whole group.

    Inside the time of late cancels no other time can be picked, only asked for.
    """
    starts_at = standing.session.slot.starts_at
    ahead = now < starts_at
    comes = standing.takes_place and ahead
    late = now > starts_at - late_within
    last = standing.last
    return Choices(
        confirm=comes and not standing.confirmed,
        cancel=comes and (not standing.goes_on_without or standing.session.course_id is not None),
        late=late,
        move=comes and not late and not standing.in_group,
        ask=ahead and standing.session.status in (Status.SCHEDULED, Status.CANCELLED),
        undo=last if last is not None and last.can_be_undone_at(now) else None,
    )


def confirm(session: Session, client_id: UUID) -> Session:
    """Return `session` as this client has said to come."""
    return replace(
        session,
        confirmed_by=tuple(
            each for each in session.client_ids if each in (*session.confirmed_by, client_id)
        ),
        revision=session.revision + 1,
    )


def restore(session: Session, action: Action) -> Session:
    """Return `session` as it was before `action`, as a newer revision."""
    before, client_id = action.before, action.client_id
    others = tuple(each for each in session.confirmed_by if each != client_id)
    restored = replace(
        session,
        slot=before.slot,
        links_expire_at=before.links_expire_at,
        confirmed_by=(*others, client_id) if before.confirmed else others,
        revision=session.revision + 1,
    )
    if action.act is not Act.CANCEL:
        return restored
    return replace(restored, status=Status.SCHEDULED, cancelled_late=False, cancel_reason=None)


def said_by(client_id: UUID, words: str) -> str:
    """Return one line for staff: who asks, and what they wrote."""
    return f"client {client_id}: {' '.join(words.split())}"
