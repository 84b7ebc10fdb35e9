"""Clinicians and clients: read, locked, stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Client, Clinician, License, Notices
from services.scheduler.domain.working_hours import WorkingHours
from services.scheduler.store.guardians import add_guardians, drop_guardians, guardians_of
from services.scheduler.store.mail_wishes import (
    clinician_mail_in,
    clinician_mail_row,
    wishes_in,
    wishes_row,
)
from services.scheduler.store.tables import clients, clinicians, guardians

# Every booking takes these locks: they are built once.
_LOCK_CLINICIAN: Final = (
    sa.select(clinicians)
    .where(clinicians.c.id == sa.bindparam("of_id"))
    .with_for_update(key_share=True)
)
_KNOWN_CLIENTS: Final = (
    sa.select(clients.c.id, clients.c.timezone, clients.c.date_of_birth)
    .where(clients.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(clients.c.id)
)
_LOCK_CLIENTS: Final = _KNOWN_CLIENTS.with_for_update(key_share=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClient:
    """A client's clock, and when they were born, where that is recorded."""

    id: UUID
    timezone: str
    date_of_birth: date | None


async def add_clinician(conn: AsyncConnection, clinician: Clinician, now: datetime) -> None:
    await add_clinicians(conn, [clinician], now)


async def add_clinicians(conn: AsyncConnection, new: Sequence[Clinician], now: datetime) -> None:
    """Store several clinicians in one statement."""
    rows = [_clinician_row(clinician) | {"created_at": now} for clinician in new]
    await conn.execute(sa.insert(clinicians), rows)


async def change_clinician(conn: AsyncConnection, clinician: Clinician) -> None:
    """Store the clinician as they now are."""
    values = _clinician_row(clinician)
    await conn.execute(sa.update(clinicians).where(clinicians.c.id == clinician.id).values(values))


async def find_clinician(conn: AsyncConnection, id: UUID) -> Clinician | None:
    rows = await conn.execute(sa.select(clinicians).where(clinicians.c.id == id))
    row = rows.first()
    return _clinician(row) if row else None


async def lock_clinician(conn: AsyncConnection, id: UUID) -> Clinician | None:
    """Return the clinician and hold the diary until the commit; the first lock of any change."""
    row = (await conn.execute(_LOCK_CLINICIAN, {"of_id": id})).first()
    return _clinician(row) if row else None


async def all_clinicians(conn: AsyncConnection) -> list[Clinician]:
    """Return every clinician, in the order they were entered."""
    rows = await conn.execute(
        sa.select(clinicians).order_by(clinicians.c.created_at, clinicians.c.id)
    )
    return [_clinician(row) for row in rows.all()]


async def add_client(conn: AsyncConnection, client: Client, now: datetime) -> None:
    await add_clients(conn, [client], now)


async def add_clients(conn: AsyncConnection, new: Sequence[Client], now: datetime) -> None:
    """Store several clients and their guardians, in a statement each."""
    rows = [_client_row(client) | {"id": client.id, "created_at": now} for client in new]
    await conn.execute(sa.insert(clients), rows)
    await add_guardians(conn, new)


async def change_client(conn: AsyncConnection, client: Client) -> None:
    """Store the client as they now are, and exactly these guardians."""
    values = _client_row(client)
    await conn.execute(sa.update(clients).where(clients.c.id == client.id).values(values))
    await drop_guardians(conn, client.id)
    await add_guardians(conn, [client])


async def lock_client(conn: AsyncConnection, id: UUID) -> Client | None:
    """Return the client and hold the diary until the commit; after the clinician's."""
    query = sa.select(clients).where(clients.c.id == id).with_for_update(key_share=True)
    found = await _clients(conn, query)
    return found[0] if found else None


async def guarded_and_born_by(conn: AsyncConnection, day: date) -> list[UUID]:
    """Return the clients who were born by that day and have a guardian who hears of them."""
    hears = sa.select(guardians.c.client_id).where(guardians.c.notices != Notices.NONE.value)
    rows = await conn.execute(
        sa.select(clients.c.id)
        .where(clients.c.date_of_birth <= day, clients.c.id.in_(hears))
        .order_by(clients.c.id)
    )
    return list(rows.scalars().all())


async def find_client(conn: AsyncConnection, id: UUID) -> Client | None:
    found = await _clients(conn, sa.select(clients).where(clients.c.id == id))
    return found[0] if found else None


async def all_clients(conn: AsyncConnection) -> list[Client]:
    """Return every client, in the order they were entered."""
    return await _clients(conn, sa.select(clients).order_by(clients.c.created_at, clients.c.id))


async def known_clients(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, KnownClient]:
    """Return those of these clients who exist."""
    return await _known(conn, _KNOWN_CLIENTS, ids)


async def lock_clients(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, KnownClient]:
    """Hold the diaries of these clients until the commit, and return those who exist."""
    return await _known(conn, _LOCK_CLIENTS, ids)


async def _known(
    conn: AsyncConnection, query: sa.Select[Any], ids: Sequence[UUID]
) -> dict[UUID, KnownClient]:
    rows = await conn.execute(query, {"ids": list(ids)})
    return {
        row.id: KnownClient(id=row.id, timezone=row.timezone, date_of_birth=row.date_of_birth)
        for row in rows.all()
    }


async def _clients(conn: AsyncConnection, query: sa.Select[Any]) -> list[Client]:
    found = (await conn.execute(query)).all()
    wards = await guardians_of(conn, [row.id for row in found])
    return [
        Client(
            id=row.id,
            revision=row.revision,
            name=row.name,
            email=row.email,
            timezone=row.timezone,
            locale=row.locale,
            date_of_birth=row.date_of_birth,
            guardians=tuple(wards.get(row.id, ())),
            link_generation=row.link_generation,
            address_vouched=row.address_vouched,
            mail=wishes_in(row.mail),
        )
        for row in found
    ]


def _client_row(client: Client) -> dict[str, object]:
    return {
        "revision": client.revision,
        "name": client.name,
        "email": client.email,
        "timezone": client.timezone,
        "locale": client.locale,
        "date_of_birth": client.date_of_birth,
        "link_generation": client.link_generation,
        "address_vouched": client.address_vouched,
        "mail": wishes_row(client.mail),
    }


def _clinician_row(clinician: Clinician) -> dict[str, object]:
    return {
        "id": clinician.id,
        "revision": clinician.revision,
        "name": clinician.name,
        "email": clinician.email,
        "timezone": clinician.timezone,
        "room_url": clinician.room_url,
        "working_hours": [_hours_row(each) for each in clinician.working_hours],
        "age_groups": list(clinician.age_groups),
        "concerns": list(clinician.concerns),
        "licenses": [_license_row(each) for each in clinician.licenses],
        "languages": list(clinician.languages),
        "accepting_clients": clinician.accepting_clients,
        "capacity": clinician.capacity,
        "buffer_minutes": clinician.buffer_minutes,
        "minimum_notice_minutes": clinician.minimum_notice_minutes,
        "link_generation": clinician.link_generation,
        "mail": clinician_mail_row(clinician.mail),
    }


def _hours_row(hours: WorkingHours) -> dict[str, object]:
    row: dict[str, object] = {"weekday": hours.weekday, "start": hours.start, "end": hours.end}
    if hours.since != date.min:
        row["since"] = hours.since.isoformat()
    if hours.until != date.max:
        row["until"] = hours.until.isoformat()
    return row


def _license_row(license: License) -> dict[str, object]:
    return {
        "state": license.state,
        "since": license.since.isoformat() if license.since else None,
        "until": license.until.isoformat() if license.until else None,
    }


def _hours(row: dict[str, Any]) -> WorkingHours:
    return WorkingHours(
        weekday=row["weekday"],
        start=row["start"],
        end=row["end"],
        since=date.fromisoformat(row["since"]) if "since" in row else date.min,
        until=date.fromisoformat(row["until"]) if "until" in row else date.max,
    )


def _license(row: dict[str, Any]) -> License:
    return License(
        state=row["state"],
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )


def _clinician(row: sa.Row[Any]) -> Clinician:
    return Clinician(
        id=row.id,
        revision=row.revision,
        name=row.name,
        email=row.email,
        timezone=row.timezone,
        room_url=row.room_url,
        working_hours=tuple(_hours(each) for each in row.working_hours),
        age_groups=tuple(row.age_groups),
        concerns=tuple(row.concerns),
        licenses=tuple(_license(each) for each in row.licenses),
        languages=tuple(row.languages),
        accepting_clients=row.accepting_clients,
        capacity=row.capacity,
        buffer_minutes=row.buffer_minutes,
        minimum_notice_minutes=row.minimum_notice_minutes,
        link_generation=row.link_generation,
        mail=clinician_mail_in(row.mail),
    )
