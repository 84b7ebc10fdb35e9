"""Requests: stored, held while they change, and listed by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Guardian, Notices
from services.scheduler.domain.requests import AgeGroup, Contact, Need, Request, RequestStatus
from services.scheduler.domain.windows import Window
from services.scheduler.store.listing import Place
from services.scheduler.store.tables import requests


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRequests:
    """Requests that stand so, or all; after the one that was made then."""

    status: RequestStatus | None = None
    after: Place | None = None
    limit: int


async def add_request(conn: AsyncConnection, request: Request) -> None:
    await conn.execute(sa.insert(requests).values(_row(request)))


async def change_request(conn: AsyncConnection, request: Request) -> None:
    await conn.execute(sa.update(requests).where(requests.c.id == request.id).values(_row(request)))


async def find_request(conn: AsyncConnection, id: UUID) -> Request | None:
    rows = await conn.execute(sa.select(requests).where(requests.c.id == id))
    row = rows.first()
    return _request(row) if row else None


async def lock_request(conn: AsyncConnection, id: UUID) -> Request | None:
    """Return the request and hold it until the commit; before the locks of any person."""
    rows = await conn.execute(sa.select(requests).where(requests.c.id == id).with_for_update())
    row = rows.first()
    return _request(row) if row else None


async def list_requests(conn: AsyncConnection, wanted: WantedRequests) -> list[Request]:
    """Return requests in the order they were made."""
    query = sa.select(requests).order_by(requests.c.made_at, requests.c.id).limit(wanted.limit)
    if wanted.status is not None:
        query = query.where(requests.c.status == wanted.status.value)
    if wanted.after is not None:
        made_at, id = wanted.after.starts_at, wanted.after.id
        query = query.where(
            sa.or_(
                requests.c.made_at > made_at,
                sa.and_(requests.c.made_at == made_at, requests.c.id > id),
            )
        )
    return [_request(row) for row in (await conn.execute(query)).all()]


async def needs_of(conn: AsyncConnection, client_ids: Sequence[UUID]) -> dict[UUID, Need]:
    """Return what each of these clients asked for last; where they live, as they last said it."""
    query = (
        sa.select(requests)
        .where(requests.c.client_id.in_(client_ids))
        .order_by(requests.c.made_at, requests.c.id)
    )
    needs: dict[UUID, Need] = {}
    for row in (await conn.execute(query)).all():
        need, before = _need(row), needs.get(row.client_id)
        state = need.state or (before.state if before else None)
        needs[row.client_id] = replace(need, state=state)
    return needs


def _row(request: Request) -> dict[str, object]:
    need = request.need
    return {
        "id": request.id,
        "made_at": request.made_at,
        "status": request.status.value,
        "date_of_birth": need.born,
        "age_group": need.age_group.value if need.age_group else None,
        "state": need.state,
        "concerns": list(need.concerns),
        "languages": list(need.languages),
        "windows": window_rows(request.windows),
        "timezone": request.timezone,
        "note": request.note,
        "contact": _contact_row(request.contact) if request.contact else None,
        "client_id": request.client_id,
        "clinician_id": request.clinician_id,
        "consultation_id": request.consultation_id,
        "course_id": request.course_id,
        "closed_at": request.closed_at,
        "close_reason": request.close_reason,
    }


def _contact_row(contact: Contact) -> dict[str, object]:
    return {
        "name": contact.name,
        "email": contact.email,
        "locale": contact.locale,
        "address_vouched": contact.address_vouched,
        "guardians": [
            {
                "id": str(guardian.id),
                "name": guardian.name,
                "email": guardian.email,
                "notices": guardian.notices.value,
            }
            for guardian in contact.guardians
        ],
    }


def _request(row: sa.Row[Any]) -> Request:
    return Request(
        id=row.id,
        made_at=row.made_at,
        status=RequestStatus(row.status),
        need=_need(row),
        windows=windows_in(row.windows),
        timezone=row.timezone,
        note=row.note,
        contact=_contact(row.contact) if row.contact else None,
        client_id=row.client_id,
        clinician_id=row.clinician_id,
        consultation_id=row.consultation_id,
        course_id=row.course_id,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
    )


def _need(row: sa.Row[Any]) -> Need:
    return Need(
        born=row.date_of_birth,
        age_group=AgeGroup(row.age_group) if row.age_group else None,
        state=row.state,
        concerns=tuple(row.concerns),
        languages=tuple(row.languages),
    )


def _contact(row: dict[str, Any]) -> Contact:
    return Contact(
        name=row["name"],
        email=row["email"],
        locale=row["locale"],
        guardians=tuple(
            Guardian(
                id=UUID(each["id"]),
                name=each["name"],
                email=each["email"],
                notices=Notices(each["notices"]),
                address_vouched=row.get("address_vouched", True),
            )
            for each in row["guardians"]
        ),
        address_vouched=row.get("address_vouched", True),
    )


def window_rows(windows: tuple[Window, ...]) -> list[dict[str, int]]:
    return [{"weekday": w.weekday, "start": w.start, "end": w.end} for w in windows]


def windows_in(rows: list[dict[str, int]]) -> tuple[Window, ...]:
    return tuple(Window(**row) for row in rows)
