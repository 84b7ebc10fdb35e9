"""How late a reminder leaves while a hundred fall due in every second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from benchmarks.draining import Drained, send_all
from benchmarks.figures import Times, mb, ms
from benchmarks.sections import Section
from benchmarks.servers import lasting_postgres
from shared.clock import SystemClock
from tests.notifier.crowd import Crowd
from tests.postgres import PostgresServer

EACH_SECOND: Final = 100
SECONDS: Final = 40
HELD: Final = 100_000
ENTERING_SECONDS: Final = 30  # until the first is due, all must have been entered
COLUMNS: Final = ("from its time to SendGrid", "median", "p99", "slowest", "reminders", "memory")


async def run() -> Section:
    """Let reminders fall due on both databases, and read when SendGrid took each."""
    rows = [await _row("SQLite, one process", None, replicas=1)]
    async with lasting_postgres() as server:
        if server is not None:
            rows.append(await _row("PostgreSQL, one process", server, replicas=1))
            rows.append(await _row("PostgreSQL, two processes", server, replicas=2))
    return Section(
        name="lateness",
        aim=f"{EACH_SECOND} reminders fall due in each second; to reach: a p99 under 2 s.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            f"{SECONDS} seconds of it, each time all at its beginning; {HELD:,} later ones held",
            "none left before its time",
        ],
    )


async def _row(name: str, server: PostgresServer | None, *, replicas: int) -> list[str]:
    first = SystemClock().now() + timedelta(seconds=ENTERING_SECONDS)
    count = EACH_SECOND * SECONDS
    crowd = Crowd(due=count, due_at=first, held=HELD, each_second=EACH_SECOND)
    drained = await send_all(server, crowd, replicas=replicas)
    if drained.begun >= first:
        raise RuntimeError(f"{ENTERING_SECONDS} s were too few to enter the reminders")
    late = _late(
        {str(row.reminder["id"]): row.reminder["due_at"] for row in crowd.due_rows()}, drained
    )
    figures = [ms(late.median), ms(late.p99), ms(late.slowest), str(late.rounds)]
    return [name, *figures, mb(drained.memory)]


def _late(due_at: Mapping[str, datetime], drained: Drained) -> Times:
    late = []
    for mail in drained.mails:
        at = datetime.fromisoformat(mail["at"])
        late.append((at - due_at[mail["payload"]["custom_args"]["delivery"]]).total_seconds())
    if min(late) < 0 or len(late) != len(due_at):
        raise RuntimeError("a reminder left before its time, twice, or not at all")
    return Times(late)
