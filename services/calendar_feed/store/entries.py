"""Entries, as last told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.entries import Entry, Kind, Status
from services.calendar_feed.domain.window import Window
from services.calendar_feed.store.readable import readable
from services.calendar_feed.store.shelf import KEY, Key, Shelf
from services.calendar_feed.store.tables import entries, entry_clients
from shared.store.dialects import insert

AT_ONCE: Final = 500
EARLIEST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LATEST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
_AT_NO_TIME: Final = (entries.c.dtstart < EARLIEST, entries.c.dtstart > LATEST)
_NAMES: Final = tuple(Entry.__dataclass_fields__)
_OWN_KEY: Final = [column.label(f"key_{number}") for number, column in enumerate(KEY)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is needed of the stored row to tell whether news of it is news."""

    clinician_id: UUID
    revision: int
    created: datetime
    last_modified: datetime
    dtstart: datetime
    dtend: datetime
    status: str
    kind: str
    course_id: UUID | None
    timezone: str
    clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What could be read, and the ids of rows that are no entry."""

    entries: tuple[Entry, ...]
    unreadable: tuple[str, ...]


async def find_known(conn: AsyncConnection, session_ids: Sequence[UUID]) -> dict[UUID, Known]:
    """Return what is known of those of these sessions that are; a bad row is known no more."""
    columns = [entries.c[name] for name in Known.__dataclass_fields__]
    rows = await conn.execute(
        sa.select(entries.c.session_id, *columns).where(entries.c.session_id.in_(session_ids))
    )
    return {row.pop("session_id"): Known(**row) for row in readable(rows, dict)}


async def save_entries(conn: AsyncConnection, saved: Sequence[Entry]) -> None:
    if not saved:
        return
    statement = insert(conn, entries)
    new = {column.name: statement.excluded[column.name] for column in entries.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[entries.c.session_id], set_=new),
        [asdict(entry) for entry in saved],
    )


async def save_expected(conn: AsyncConnection, expected: Mapping[UUID, Collection[UUID]]) -> None:
    """Store which clients are expected at each of these sessions, and that nobody else is."""
    if not expected:
        return
    await conn.execute(sa.delete(entry_clients).where(entry_clients.c.session_id.in_(expected)))
    await conn.execute(
        sa.insert(entry_clients),
        [
            {"session_id": session_id, "client_id": client_id}
            for session_id, client_ids in expected.items()
            for client_id in sorted(client_ids)
        ],
    )


async def entries_in(
    conn: AsyncConnection,
    clinician_id: UUID,
    window: Window,
    *,
    whole_courses: bool = False,
    shelf: Shelf | None = None,
) -> Found:
    """Return the clinician's entries that begin in `window`; a bad row costs only itself.

    With `whole_courses`: all of each course that has one there, however far it is. What stands on
    the `shelf` as it is stored is not read again.
    """
    whose = entries.c.clinician_id == clinician_id
    within = _within(window)
    if whole_courses:
        touched = sa.select(entries.c.course_id).where(
            whose, within, entries.c.course_id.is_not(None)
        )
        within = sa.or_(within, entries.c.course_id.in_(touched))
    keys = await _keys(conn, sa.select(*KEY).where(whose, within))
    keys += await _keys_at_no_time(conn, whose)
    return await _off_the_shelf(conn, list(dict.fromkeys(keys)), shelf or Shelf())


def _within(window: Window) -> sa.ColumnElement[bool]:
    return sa.and_(entries.c.dtstart >= window.begins, entries.c.dtstart < window.ends)


async def _keys_at_no_time(conn: AsyncConnection, whose: sa.ColumnElement[bool]) -> list[Key]:
    """Return what no window holds since its start is no time, so that it is told of all the same.

    Two looks at the index; with OR it is one at all of `whose` (20 times as long, measured).
    """
    early, late = (sa.select(*KEY).where(whose, each) for each in _AT_NO_TIME)
    return [Key(*row) for row in (await conn.execute(early.union_all(late))).all()]


async def _keys(conn: AsyncConnection, query: sa.Select[Any]) -> list[Key]:
    rows = await conn.execute(query.order_by(entries.c.dtstart, entries.c.session_id))
    return [Key(*row) for row in rows.all()]


async def _off_the_shelf(conn: AsyncConnection, keys: Sequence[Key], shelf: Shelf) -> Found:
    missing = [key for key in keys if key not in shelf]
    fresh: dict[object, Entry] = {}
    for begin in range(0, len(missing), AT_ONCE):
        ids = _ids(missing[begin : begin + AT_ONCE])
        rows = await conn.execute(
            sa.select(*_OWN_KEY, entries).where(entries.c.session_id.in_(ids))
        )
        for key, entry in readable(rows, _keyed):
            fresh[key.session_id] = entry
            shelf.put(key, entry)
    found = [(key, shelf.get(key) or fresh.get(key.session_id)) for key in keys]
    return Found(
        entries=tuple(entry for _, entry in found if entry),
        unreadable=tuple(str(key.session_id) for key, entry in found if not entry),
    )


async def sessions_of(conn: AsyncConnection, clinician_id: UUID) -> set[UUID]:
    """Return every session of the clinician."""
    rows = await conn.execute(
        sa.select(entries.c.session_id).where(entries.c.clinician_id == clinician_id)
    )
    return set(rows.scalars().all())


async def find_entries(conn: AsyncConnection, session_ids: Collection[UUID]) -> Found:
    """Return these entries, whoever's they are now."""
    keys = await _keys(conn, sa.select(*KEY).where(entries.c.session_id.in_(session_ids)))
    return await _off_the_shelf(conn, keys, Shelf())


async def entries_of_client(conn: AsyncConnection, client_id: UUID, window: Window) -> Found:
    """Return what this client is expected at and begins in `window`."""
    theirs = (
        sa.select(*KEY)
        .join(entry_clients, entry_clients.c.session_id == entries.c.session_id)
        .where(entry_clients.c.client_id == client_id)
    )
    keys = await _keys(conn, theirs.where(sa.or_(_within(window), *_AT_NO_TIME)))
    return await _off_the_shelf(conn, keys, Shelf())


async def last_of_client(conn: AsyncConnection, client_id: UUID) -> datetime | None:
    """Return when this client's last appointment ends, or was cancelled; None if there is none."""
    cancelled = entries.c.status == Status.CANCELLED.value
    last = sa.case((cancelled, entries.c.last_modified), else_=entries.c.dtend).label("last")
    rows = await conn.execute(
        sa.select(last)
        .join(entry_clients, entry_clients.c.session_id == entries.c.session_id)
        .where(entry_clients.c.client_id == client_id)
        .order_by(last.desc())
        .limit(AT_ONCE)
    )
    return next(readable(rows, lambda row: row["last"]), None)


async def expected_at(conn: AsyncConnection, session_ids: Collection[UUID]) -> set[UUID]:
    """Return which clients are expected at any of these sessions, as last told."""
    rows = await conn.execute(
        sa.select(entry_clients.c.client_id)
        .where(entry_clients.c.session_id.in_(session_ids))
        .distinct()
    )
    return set(rows.scalars().all())


def _ids(keys: Sequence[Key]) -> list[UUID]:
    ids = []
    for key in keys:
        with suppress(ValueError):
            ids.append(UUID(str(key.session_id)))
    return ids


def _keyed(row: sa.RowMapping) -> tuple[Key, Entry]:
    return Key(*(row[label.name] for label in _OWN_KEY)), _entry(row)


def _entry(row: sa.RowMapping) -> Entry:
    values: dict[str, Any] = {name: row[name] for name in _NAMES}
    return Entry(**{**values, "status": Status(row["status"]), "kind": Kind(row["kind"])})
