"""Everything that is stored about one person, and their sessions for a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.errors import UnknownClient, UnknownClinician
from services.scheduler.domain.sessions import Session
from services.scheduler.store import exports, people

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """One person's own row, and the rows about them, by what they are."""

    person: Row = field(repr=False)
    sections: Mapping[str, list[Any]] = field(repr=False)


async def everything_of_client(conn: AsyncConnection, id: UUID) -> Everything:
    rows = await exports.rows_of(conn, exports.client_sections(id))
    found = rows.pop("person")
    if not found:
        raise UnknownClient
    return Everything(person=found[0], sections=rows | {"audit": await exports.audit_of(conn, id)})


async def everything_of_clinician(conn: AsyncConnection, id: UUID) -> Everything:
    rows = await exports.rows_of(conn, exports.clinician_sections(id))
    found = rows.pop("person")
    if not found:
        raise UnknownClinician
    return Everything(person=found[0], sections=rows | {"audit": await exports.audit_of(conn, id)})


async def diary_of_client(conn: AsyncConnection, id: UUID) -> list[Session]:
    """Return every session of the client by its start, or raise `UnknownClient`."""
    if await people.find_client(conn, id) is None:
        raise UnknownClient
    return await exports.sessions_of_client(conn, id)


async def diary_of_clinician(conn: AsyncConnection, id: UUID) -> list[Session]:
    """Return every session of the clinician by its start, or raise `UnknownClinician`."""
    if await people.find_clinician(conn, id) is None:
        raise UnknownClinician
    return await exports.sessions_of_clinician(conn, id)
