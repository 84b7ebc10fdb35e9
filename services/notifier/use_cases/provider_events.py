"""What a provider tells of a mail that it took: kept, shown, and acted upon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.fates import Told, outdoes
from services.notifier.store import provider_events
from services.notifier.use_cases.stopping_addresses import stop_address
from services.notifier.use_cases.telling_staff import announce
from shared.logs import log
from shared.store.database import Database


async def learn_fates(database: Database, told: Sequence[Told], now: datetime) -> int:
    """Take in what is new of this and return how much that was.

    Each in its own transaction: told again after half of it, the rest is taken in.
    """
    new = 0
    for each in told:
        new += await database.write(partial(_learn, told=each, now=now))
    return new


async def _learn(conn: AsyncConnection, *, told: Told, now: datetime) -> bool:
    delivery = await provider_events.hold_delivery(conn, told.delivery_id)
    if delivery is None or not await provider_events.add(conn, told):
        return False
    if outdoes(told.fate, told.at, delivery.fate, delivery.fate_at):
        await provider_events.set_fate(conn, told)
    log.info(
        "mail.fate",
        fate=str(told.fate),
        reminder_id=str(delivery.id),
        kind=str(delivery.kind),
        reason=told.reason,
    )
    if told.stops is not None:
        stopped = await stop_address(
            conn,
            delivery.person_id,
            told.email,
            reason=told.stops,
            reminder_id=delivery.id,
            now=now,
        )
        await announce(conn, stopped)
    return True
