"""How fast reminders that are all due in one second leave, amid a million later ones or none."""

from __future__ import annotations

import json
from typing import Final

from benchmarks.bare_posts import bare_posts
from benchmarks.draining import Drained, drain
from benchmarks.figures import mb
from benchmarks.rival_drains import NAMES, Rival, rival
from benchmarks.sections import Section
from benchmarks.servers import lasting_postgres
from tests.postgres import PostgresServer

DUE: Final = 10_000
HELD: Final = 1_000_000
COLUMNS: Final = (
    f"{DUE:,} due in one second",
    "later ones held",
    "a second",
    "of the limit",
    "memory of one process",
)


async def run() -> Section:
    """Drain on both databases, one process and two; beside it a bare loop and three rivals."""
    own = await drain(None, replicas=1, due=DUE, held=0)
    bodies = [json.dumps(mail["payload"]).encode() for mail in own.mails]
    limit = await bare_posts(bodies)
    rows = [_row("SQLite", own, limit, 0)]
    rows.append(_row("SQLite", await drain(None, replicas=1, due=DUE, held=HELD), limit, HELD))
    async with lasting_postgres() as server:
        if server is not None:
            rows += await _on_postgres(server, bodies, limit)
    again = await bare_posts(bodies)
    rows.append(["limit: a bare loop, at the beginning", "", f"{limit:,.0f}", "1.00", ""])
    rows.append(["limit: a bare loop, at the end", "", f"{again:,.0f}", f"{again / limit:.2f}", ""])
    return Section(
        name="drain",
        aim=(
            "Reminders to a SendGrid on this machine; to reach: half of the limit, the same with "
            "a million held, memory under 150 MB, and ahead of all three others."
        ),
        columns=COLUMNS,
        rows=rows,
        notes=[
            "each due reminder is of its own session and for its own reader, spread evenly among "
            "the later ones, which have sessions and readers too; so are the jobs of the others",
            "a second: from the word go to the last mail that SendGrid took",
            "limit: the very bodies of the first row posted by aiohttp alone, 100 at once; ours "
            "has three times as many on their way",
            "SendGrid is a process of its own on the same two cores and checks each mail",
            "the others post ready bodies of that kind, 100 at once, and decide, write and record "
            "nothing; what they had not sent after a minute is not waited for",
            "APScheduler takes all that is due into memory, and ends each job before it is done: "
            "what is on its way at a crash is lost; two of it cannot share a database",
        ],
    )


async def _on_postgres(
    server: PostgresServer, bodies: list[bytes], limit: float
) -> list[list[str]]:
    rows = []
    for replicas, name in ((1, "PostgreSQL"), (2, "PostgreSQL, two processes")):
        for held in (0, HELD):
            drained = await drain(server, replicas=replicas, due=DUE, held=held)
            rows.append(_row(name, drained, limit, held))
    for name in NAMES:
        found = await rival(name, await server.new_database(), bodies, HELD)
        rows.append(_rival_row(name, found, limit))
    return rows


def _row(name: str, drained: Drained, limit: float, held: int) -> list[str]:
    rate = drained.rate
    return [name, f"{held:,}", f"{rate:,.0f}", f"{rate / limit:.2f}", mb(drained.memory)]


def _rival_row(name: str, found: Rival, limit: float) -> list[str]:
    whole = name if found.sent >= DUE else f"{name} ({found.sent:,} sent in a minute)"
    rate = found.rate
    return [whole, f"{HELD:,}", f"{rate:,.0f}", f"{rate / limit:.2f}", mb(found.memory)]
