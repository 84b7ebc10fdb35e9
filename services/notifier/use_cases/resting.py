"""A channel that takes nothing from us is left alone, by all replicas, and staff hear why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.announcements import sending_refused
from services.notifier.domain.outcomes import Rest
from services.notifier.domain.resting import STILL_THE_SAME, rest_until
from services.notifier.store import rests
from services.notifier.store.rests import Resting
from shared.events.envelope import Event
from shared.logs import log
from shared.store.database import Database


async def let_rest(conn: AsyncConnection, channel: str, met: Rest, now: datetime) -> list[Event]:
    """Leave the channel alone for a while, and return what the log is to tell of that.

    What began within the last rest goes on. Mails that were on their way together meet the same
    refusal: the first of them says it.
    """
    last = await rests.hold(conn, channel, now)
    since = last.since if now <= last.until + STILL_THE_SAME else now
    until = rest_until(since, now, asked=met.after)
    await rests.rest(conn, channel, until=until, since=since, reason=met.reason)
    if now < last.until:
        return []
    say = log.error if met.ours_to_mend else log.warning
    say("channel.rests", channel=channel, reason=met.reason, until=until.isoformat())
    return [sending_refused(channel, met.reason, at=now)] if met.ours_to_mend else []


async def rest_now(database: Database, channel: str, now: datetime) -> Resting | None:
    """Return the rest that this channel has now, None if it may be used."""
    last = await database.read(lambda conn: rests.last_rest(conn, channel))
    return last if last is not None and last.until > now else None
