"""Plan the reminders of sessions: of everyone who hears of them, as they want it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.people import Person, unwanted
from services.notifier.domain.plan import Planned
from services.notifier.domain.states import Kind, Unsent
from services.notifier.domain.timing import timing_of
from services.notifier.store import people, plans, practice
from services.notifier.store.sessions import Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """As installed: how long before a start to remind, how long to wait before telling a change."""

    offsets: tuple[timedelta, ...]
    grace: timedelta


async def remind(
    conn: AsyncConnection, expected: Sequence[Expected], rules: Rules, *, changed_at: datetime
) -> None:
    """Bring the reminders of these sessions, all of which take place, in line."""
    clients = {client for _, of_session in expected for client in of_session}
    readers = await readers_of(conn, clients)
    clinicians = await people.known_people(conn, {session.clinician_id for session, _ in expected})
    settled = await practice.read_practice(conn)
    wanted: list[Planned] = []
    for session, of_session in expected:
        clinician = clinicians.get(session.clinician_id)
        timings = [
            timing_of(reader, clinician, settled, rules.offsets)
            for client in of_session
            for reader in readers.get(client, ())
            if unwanted(reader, Kind.REMINDER) is not Unsent.WITHDRAWN
        ]
        wanted += plan.reminders(session, timings)
    ids = [session.id for session, _ in expected]
    await plans.align_reminders(conn, ids, wanted, now=changed_at)


async def readers_of(conn: AsyncConnection, clients: Iterable[UUID]) -> dict[UUID, list[Person]]:
    """Return whom to write to about each of these clients' sessions: themselves and guardians."""
    ids = sorted(clients)
    found = {id: [person] for id, person in (await people.known_people(conn, ids)).items()}
    for guardian in await people.guardians_of(conn, ids):
        found.setdefault(guardian.client_id, []).append(guardian)
    return found
