"""Whom to write to, as last told."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.people import Person
from services.notifier.store.tables import people
from shared.store.dialects import insert


async def save_person(conn: AsyncConnection, person: Person) -> None:
    """Store `person`, unless as late a revision is already known."""
    values = {
        "id": person.id,
        "revision": person.revision,
        "name": person.name.replace("\x00", ""),  # PostgreSQL takes no NUL in a text
        "email": person.email.replace("\x00", ""),
        "timezone": person.timezone,
        "locale": person.locale[:35],
        "link_generation": person.link_generation,
    }
    statement = insert(conn, people).values(values)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[people.c.id], set_=values, where=people.c.revision < person.revision
        )
    )


async def find_person(conn: AsyncConnection, person_id: UUID) -> Person | None:
    rows = await conn.execute(sa.select(people).where(people.c.id == person_id))
    row = rows.mappings().first()
    return Person(**row) if row else None
