"""Whom to write to and how they want it, as last told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.people import Notices, Person, QuietHours, Role, Wishes
from services.notifier.store.tables import people
from shared.store.dialects import insert

_FIELDS: Final = tuple(Person.__dataclass_fields__)
COLUMNS: Final = tuple(people.c[name] for name in _FIELDS)


async def save_people(conn: AsyncConnection, saved: Sequence[Person]) -> None:
    """Store these people, each unless as late a revision of them is already known."""
    statement = insert(conn, people)
    new = {column.name: statement.excluded[column.name] for column in people.c}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[people.c.id],
            set_=new,
            where=people.c.revision < statement.excluded.revision,
        ),
        [_row(person) for person in saved],
    )


async def find_person(conn: AsyncConnection, person_id: UUID) -> Person | None:
    found = await known_people(conn, [person_id])
    return found.get(person_id)


async def known_people(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Person]:
    rows = await conn.execute(sa.select(*COLUMNS).where(people.c.id.in_(ids)))
    return {row[0]: person_of(row) for row in rows.all()}


async def guardians_of(conn: AsyncConnection, wards: Collection[UUID]) -> list[Person]:
    """Return the guardians of these clients, those who hear nothing too."""
    rows = await conn.execute(
        sa.select(*COLUMNS).where(people.c.ward_id.in_(wards)).order_by(people.c.id)
    )
    return [person_of(row) for row in rows.all()]


async def clinicians_with_a_digest(conn: AsyncConnection) -> list[Person]:
    rows = await conn.execute(sa.select(*COLUMNS).where(people.c.role == Role.CLINICIAN))
    found = [person_of(row) for row in rows.all()]
    return [each for each in found if each.wishes.digest_at is not None]


def _row(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "revision": person.revision,
        "name": person.name.replace("\x00", ""),  # PostgreSQL takes no NUL in a text
        "email": person.email.replace("\x00", ""),
        "timezone": person.timezone,
        "locale": person.locale[:35],
        "link_generation": person.link_generation,
        "role": person.role,
        "ward_id": person.ward_id,
        "notices": person.notices,
        "vouched": person.vouched,
        "wishes": _wishes_row(person.wishes),
    }


def person_of(row: Sequence[Any]) -> Person:
    """Return the person whose `COLUMNS` these are."""
    values = dict(zip(_FIELDS, row, strict=True))
    notices = values["notices"]
    values |= {
        "role": Role(values["role"]),
        "notices": None if notices is None else Notices(notices),
        "wishes": _wishes(values["wishes"]),
    }
    return Person(**values)


def _wishes_row(wishes: Wishes) -> dict[str, object]:
    quiet = wishes.quiet_hours
    return {
        "opted_out": sorted(wishes.opted_out),
        "offsets": seconds_of(wishes.offsets),
        "quiet_hours": quiet_row(quiet),
        "invitations": wishes.invitations,
        "digest_at": None if wishes.digest_at is None else wishes.digest_at.isoformat("minutes"),
        "news": wishes.news,
    }


def _wishes(row: dict[str, Any]) -> Wishes:
    digest_at = row["digest_at"]
    return Wishes(
        opted_out=frozenset(row["opted_out"]),
        offsets=offsets_of(row["offsets"]),
        quiet_hours=quiet_of(row["quiet_hours"]),
        invitations=row["invitations"],
        digest_at=None if digest_at is None else time.fromisoformat(digest_at),
        news=row["news"],
    )


def seconds_of(offsets: Sequence[timedelta] | None) -> list[int] | None:
    return None if offsets is None else [int(each.total_seconds()) for each in offsets]


def offsets_of(seconds: Sequence[int] | None) -> tuple[timedelta, ...] | None:
    return None if seconds is None else tuple(timedelta(seconds=each) for each in seconds)


def quiet_row(quiet: QuietHours | None) -> list[str] | None:
    return None if quiet is None else [quiet.begin.isoformat(), quiet.end.isoformat()]


def quiet_of(row: Sequence[str] | None) -> QuietHours | None:
    return None if row is None else QuietHours(*(time.fromisoformat(each) for each in row))
