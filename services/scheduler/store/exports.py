"""Everything that is stored about one person, row by row.

Each table is either read here or named in `NOT_ABOUT_ONE`; a test compares with the metadata, so
that no table is forgotten. What is said of a group, or of a client to a clinician, may be about
someone else, so words that staff wrote there are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary
from services.scheduler.store import tables as t
from shared.store.api_keys import api_keys

Row = dict[str, Any]

# Tables that are about nobody, or whose rows are another's, with the reason.
NOT_ABOUT_ONE: Final[Mapping[str, str]] = {
    "practice": "what the practice settled",
    "zone_rules": "the version of the zone database",
    "imports": "tables of many people; the file is dropped when an import has ended",
    "session_rooms": "a room is nobody's, and its address lets people in",
    "audit_head": "the end of the audit log",
    "audit_subjects": "whom an entry is about; the entries themselves are given",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of an export: rows of a table, `without` some columns, and some `only_if`."""

    name: str
    table: sa.Table
    where: sa.ColumnElement[bool]
    order_by: str | None = None
    without: frozenset[str] = frozenset()
    only_if: Mapping[str, sa.ColumnElement[bool]] = field(default_factory=dict)

    def query(self) -> sa.Select[Any]:
        columns = [
            sa.case((self.only_if[column.name], column)).label(column.name)
            if column.name in self.only_if
            else column
            for column in self.table.c
            if column.name not in self.without
        ]
        first = [self.table.c[self.order_by]] if self.order_by else []
        order = (*first, *self.table.primary_key.columns)
        return sa.select(*columns).where(self.where).order_by(*order)


async def rows_of(conn: AsyncConnection, sections: Sequence[Section]) -> dict[str, list[Row]]:
    """Return the rows of each section, by its name."""
    found: dict[str, list[Row]] = {}
    for section in sections:
        rows = await conn.execute(section.query())
        found[section.name] = [dict(row) for row in rows.mappings().all()]
    return found


def client_sections(id: UUID) -> list[Section]:
    """Return where things about a client stand; a group's reasons may be about another member."""
    asked = [
        sa.select(table.c.id).where(table.c.client_id == id)
        for table in (t.requests, t.waiting_entries, t.offers)
    ]
    about = sa.or_(t.tasks.c.subject_id == id, *(t.tasks.c.subject_id.in_(each) for each in asked))
    return [
        Section(name="person", table=t.clients, where=t.clients.c.id == id),
        _of_client("guardians", t.guardians, id),
        _of_client("consents", t.consents, id),
        _courses_of_client(id),
        _of_client("memberships", t.course_clients, id),
        _sessions_of_client(id),
        _of_client("attendances", t.session_clients, id),
        _of_client("absences", t.absences, id),
        _arrivals(id),
        _of_client("requests", t.requests, id),
        _of_client("waiting_list", t.waiting_entries, id),
        _of_client("offers", t.offers, id),
        _of_client("held_hours", t.held_hours, id),
        _of_client("self_service", t.self_service_actions, id),
        _of_client("link_posts", t.link_posts, id),
        Section(name="tasks", table=t.tasks, where=about, order_by="raised_at"),
    ]


def clinician_sections(id: UUID) -> list[Section]:
    """Return where things about a clinician stand; who the clients are is theirs."""
    keys = sa.select(api_keys.c.id).where(api_keys.c.clinician_id == id)
    return [
        Section(name="person", table=t.clinicians, where=t.clinicians.c.id == id),
        _of_clinician("time_off", t.time_off, id),
        _of_clinician("extra_hours", t.extra_hours, id),
        _of_clinician("busy_calendars", t.busy_calendars, id),
        _of_clinician("busy_blocks", t.busy_blocks, id, order_by="starts_at"),
        _of_clinician("courses", t.courses, id, "end_reason"),
        _of_clinician("sessions", t.sessions, id, "cancel_reason", order_by="starts_at"),
        _of_clinician("held_hours", t.held_hours, id, "client_id"),
        _arrivals(id),
        Section(name="keys", table=t.key_names, where=t.key_names.c.key_id.in_(keys)),
        Section(name="tasks", table=t.tasks, where=t.tasks.c.subject_id == id),
    ]


async def audit_of(conn: AsyncConnection, id: UUID) -> list[Row]:
    """Return the entries of the audit log about this person, by position.

    The details of one that another client is a subject of are left out.
    """
    subjects, entries = t.audit_subjects, t.audit_entries
    mine = sa.select(subjects.c.position).where(subjects.c.subject_id == id)
    others = sa.exists().where(
        subjects.c.position == entries.c.position,
        subjects.c.subject_id.in_(sa.select(t.clients.c.id).where(t.clients.c.id != id)),
    )
    section = Section(
        name="audit",
        table=entries,
        where=entries.c.position.in_(mine),
        without=frozenset({"hash"}),
        only_if={"details": ~others},
    )
    return (await rows_of(conn, [section]))["audit"]


async def sessions_of_client(conn: AsyncConnection, id: UUID) -> list[Session]:
    """Return the client's sessions by their start, cancelled ones too."""
    return await diary.read(conn, _by_start(t.sessions.c.id.in_(_expected(id))))


async def sessions_of_clinician(conn: AsyncConnection, id: UUID) -> list[Session]:
    """Return the clinician's sessions by their start, cancelled ones too."""
    return await diary.read(conn, _by_start(t.sessions.c.clinician_id == id))


def _by_start(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(t.sessions).where(where).order_by(t.sessions.c.starts_at, t.sessions.c.id)


def _expected(id: UUID) -> sa.Select[tuple[UUID]]:
    return sa.select(t.session_clients.c.session_id).where(t.session_clients.c.client_id == id)


def _courses_of_client(id: UUID) -> Section:
    members, sessions = t.course_clients, t.sessions
    member = sa.select(members.c.course_id).where(members.c.client_id == id)
    expected = sa.select(sessions.c.course_id).where(sessions.c.id.in_(_expected(id)))
    alone = sa.and_(
        t.courses.c.maximum.is_(None),
        ~sa.exists().where(members.c.course_id == t.courses.c.id, members.c.client_id != id),
    )
    return Section(
        name="courses",
        table=t.courses,
        where=sa.or_(t.courses.c.id.in_(member), t.courses.c.id.in_(expected)),
        order_by="first_date",
        only_if={"end_reason": alone},
    )


def _sessions_of_client(id: UUID) -> Section:
    sides = t.session_clients
    others = sa.exists().where(sides.c.session_id == t.sessions.c.id, sides.c.client_id != id)
    return Section(
        name="sessions",
        table=t.sessions,
        where=t.sessions.c.id.in_(_expected(id)),
        order_by="starts_at",
        only_if={"cancel_reason": ~others},
    )


def _of_client(name: str, table: sa.Table, id: UUID) -> Section:
    return Section(name=name, table=table, where=table.c.client_id == id)


def _of_clinician(
    name: str, table: sa.Table, id: UUID, *without: str, order_by: str | None = None
) -> Section:
    return Section(
        name=name,
        table=table,
        where=table.c.clinician_id == id,
        order_by=order_by,
        without=frozenset(without),
    )


def _arrivals(id: UUID) -> Section:
    where = t.session_arrivals.c.person_id == id
    return Section(name="arrivals", table=t.session_arrivals, where=where)
