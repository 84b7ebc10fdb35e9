"""Whether a clinician suits those whom they are to take over: the limits of a pairing again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.courses import Course
from services.scheduler.domain.limits import Finding, Limit, Plan, findings, unmet
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.requests import Need
from services.scheduler.domain.sessions import Kind, Status
from services.scheduler.store.courses_held import courses_held
from services.scheduler.store.people import KnownClient, known_clients
from services.scheduler.store.requests import needs_of
from shared.zones import zone

IN_ORDER: Final = tuple(Limit)


async def limits_of_taking_over(
    conn: AsyncConnection, now: datetime, clinician: Clinician, change: Change
) -> tuple[Finding, ...]:
    """Return every limit that `clinician` does not meet for the sessions that change hands.

    Each is asked for each client, on that client's own dates, and told once.
    """
    ids = sorted({id for session in change.told for id in session.client_ids})
    known, needs = await known_clients(conn, ids), await needs_of(conn, ids)
    held = (await courses_held(conn, now)).get(clinician.id, 0)
    kind = change.before.kind
    if _holds_a_part(change.before, clinician.id, now):
        kind = Kind.FOLLOW_UP  # nobody is new to them, and the course has its place already
    found: dict[Finding, None] = {}
    for id in ids:
        plan = Plan(
            need=_need(known[id], needs.get(id)),
            dates=[
                each.slot.starts_at.astimezone(zone(known[id].timezone)).date()
                for each in change.told
                if id in each.client_ids
            ],
            courses_held=held,
            kind=kind,
        )
        found |= dict.fromkeys(unmet(findings(clinician, plan)))
    return tuple(sorted(found, key=lambda each: IN_ORDER.index(each.limit)))


def _need(client: KnownClient, asked: Need | None) -> Need:
    """What a client once asked for says where they live; their own record says how old they are."""
    need = asked or Need()
    return replace(need, born=client.date_of_birth or need.born)


def _holds_a_part(course: Course, clinician_id: UUID, now: datetime) -> bool:
    """Whether sessions of the course that are still to come are theirs already."""
    return any(
        session.clinician_id == clinician_id
        and session.status is Status.SCHEDULED
        and session.slot.ends_at > now
        for session in course.sessions
    )
