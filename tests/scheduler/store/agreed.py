"""Sessions put straight into the store, without any rule of the domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.sessions import LINKS_LAST, Kind, Session
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.store import people
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK, ORTIZ_ID

NOON: Final = datetime(2027, 2, 16, 17, tzinfo=UTC)


async def enter_the_cast(conn: AsyncConnection) -> None:
    for id in (DANA_ID, ORTIZ_ID):
        clinician = Clinician(
            id=id, revision=1, name="C", email="c@clinicians.example", timezone=NEW_YORK
        )
        await people.add_clinician(conn, clinician, NOON)
    for id in (KIM_ID, ANA_ID, LEE_ID):
        client = Client(id=id, revision=1, name="C", email="c@clients.example", timezone=NEW_YORK)
        await people.add_client(conn, client, NOON)


def session(
    clinician_id: UUID = DANA_ID,
    client_id: UUID = KIM_ID,
    *,
    starts_at: datetime = NOON,
    length: timedelta = HOUR,
) -> Session:
    slot = Slot(starts_at=starts_at, ends_at=starts_at + length)
    return Session(
        id=uuid4(),
        kind=Kind.FOLLOW_UP,
        clinician_id=clinician_id,
        client_ids=(client_id,),
        slot=slot,
        timezone=NEW_YORK,
        links_expire_at=slot.ends_at + LINKS_LAST,
    )
