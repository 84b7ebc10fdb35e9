"""Planned mails as staff may see them: a page of them, and the story of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.states import Kind, State
from services.notifier.store.addresses import Stop
from services.notifier.store.attempts import Ended
from services.notifier.store.tables import attempts, provider_events, reminders, sessions
from shared.store.places import Place, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One planned mail as staff may see it: no address, and no words."""

    id: UUID
    kind: str
    person_id: UUID
    session_id: UUID | None
    course_id: UUID | None
    due_at: datetime
    state: str
    reason: str | None
    attempts: int
    answer_lost: bool
    ended_at: datetime | None
    fate: str | None
    fate_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Mails for which all of this holds; due from `since` and before `until`."""

    session_id: UUID | None = None
    course_id: UUID | None = None
    person_id: UUID | None = None
    kind: Kind | None = None
    state: State | None = None
    reason: str | None = None
    fate: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Place | None = None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some mails, first due first, each with the zone of what it is about, and where to go on."""

    reminders: tuple[tuple[Shown, str], ...]
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSaid:
    """What a provider told of a mail after it had taken it."""

    fate: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that became of one mail; `timezone` is that of what it is about.

    `message_id` is the channel's name for it; `stop` is what keeps any mail from the reader's
    present address.
    """

    shown: Shown
    timezone: str
    message_id: str | None
    attempts: tuple[Ended, ...]
    provider: tuple[ProviderSaid, ...]
    stop: Stop | None = None


_COLUMNS = [reminders.c[name] for name in Shown.__dataclass_fields__]


async def page(conn: AsyncConnection, wanted: Wanted) -> Page:
    query = _shown().where(*_conditions(wanted))
    query = query.order_by(reminders.c.due_at, reminders.c.id).limit(wanted.limit + 1)
    found = [_read(row) for row in (await conn.execute(query)).mappings().all()]
    given = found[: wanted.limit]
    last = given[-1][0] if len(found) > wanted.limit else None
    place = Place(starts_at=last.due_at, id=last.id) if last else None
    return Page(reminders=tuple(given), next=place)


async def story(conn: AsyncConnection, id: UUID) -> Story | None:
    """Return what became of this mail, None if it was never planned."""
    query = _shown().where(reminders.c.id == id)
    row = (await conn.execute(query.add_columns(reminders.c.message_id))).mappings().first()
    if row is None:
        return None
    values = dict(row)
    message_id = values.pop("message_id")
    shown, timezone = _read(values)
    tries = await conn.execute(
        sa.select(attempts).where(attempts.c.reminder_id == id).order_by(attempts.c.number)
    )
    said = await conn.execute(
        sa.select(provider_events.c.fate, provider_events.c.at, provider_events.c.reason)
        .where(provider_events.c.reminder_id == id)
        .order_by(provider_events.c.at, provider_events.c.id)
    )
    return Story(
        shown=shown,
        timezone=timezone,
        message_id=message_id,
        attempts=tuple(Ended(**row) for row in tries.mappings().all()),
        provider=tuple(ProviderSaid(**row) for row in said.mappings().all()),
    )


def _shown() -> sa.Select[tuple[object, ...]]:
    """What a course is about has the zone of its sessions."""
    own = sa.select(sessions.c.timezone).where(sessions.c.id == reminders.c.session_id)
    of_course = sa.select(sa.func.max(sessions.c.timezone)).where(
        sessions.c.course_id == reminders.c.course_id
    )
    zone = sa.func.coalesce(own.scalar_subquery(), of_course.scalar_subquery(), "UTC")
    return sa.select(*_COLUMNS, zone.label("timezone"))


def _read(row: Mapping[Any, Any]) -> tuple[Shown, str]:
    values = dict(row)
    timezone = str(values.pop("timezone"))
    return Shown(**values), timezone


def _conditions(wanted: Wanted) -> Sequence[sa.ColumnElement[bool]]:
    equal = {
        reminders.c.course_id: wanted.course_id,
        reminders.c.person_id: wanted.person_id,
        reminders.c.kind: wanted.kind,
        reminders.c.state: wanted.state,
        reminders.c.reason: wanted.reason,
        reminders.c.fate: wanted.fate,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if wanted.session_id is not None:
        conditions.append(_about(wanted.session_id))
    if wanted.since is not None:
        conditions.append(reminders.c.due_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(reminders.c.due_at < wanted.until)
    if wanted.after is not None:
        conditions.append(after(wanted.after, reminders.c.due_at, reminders.c.id))
    return conditions


def _about(session_id: UUID) -> sa.ColumnElement[bool]:
    """A mail about a session's course is about the session too."""
    course = sa.select(sessions.c.course_id).where(sessions.c.id == session_id)
    return sa.or_(
        reminders.c.session_id == session_id, reminders.c.course_id == course.scalar_subquery()
    )
