"""From a booking's 201 until the calendar feed and the notifier's plan show it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

from benchmarks.bare_rows import bare, copy_people, timed_commit, twin
from benchmarks.figures import Times, ms, times_of
from benchmarks.office import WEEKS, Office, office_of
from benchmarks.processes import practice, running, wait_all_ready
from benchmarks.sections import Section
from benchmarks.servers import databases, lasting_postgres
from benchmarks.waiting import POLL_SECONDS, planned, shown
from demo.processes import Services
from tests.postgres import PostgresServer

CLINICIANS: Final = 20
EACH: Final = 10  # courses a clinician, half of them timed to the feed, half to the plan
WARM: Final = CLINICIANS
QUIET_SECONDS: Final = 0.15
COLUMNS: Final = ("from the 201", "median", "p99", "slowest", "rounds", "to the limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one kind of database took."""

    feed: Times
    plan: Times
    limit: Times


async def run() -> Section:
    """Book, and poll until it is seen; on each kind of database."""
    rows = _rows("SQLite", await _on(None))
    async with lasting_postgres() as server:
        if server is not None:
            rows += _rows("PostgreSQL", await _on(server))
    return Section(
        name="news",
        aim="From the 201 of a course of 16 until a GET shows it; to reach: p99 under 1 s.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            "limit: two round trips (the log's answer, the reader's GET) and one bare commit of as "
            "many rows, added up in the same rounds",
            f"asked again {POLL_SECONDS * 1000:.0f} ms after each answer; GET /v1/reminders waits "
            "by itself for a session that it does not know yet",
            f"each course after {QUIET_SECONDS * 1000:.0f} ms of quiet; a feed grows to "
            f"{EACH * WEEKS} entries; mails are sent meanwhile",
        ],
    )


async def _on(server: PostgresServer | None) -> Found:
    with practice(await databases(server) if server else None) as services:
        services.start()
        wait_all_ready(running(services))
        sqlite = f"sqlite:///{services.folder / 'twin'}.db"
        spare = await server.new_database() if server else sqlite
        async with office_of(services) as office:
            return await _courses(office, spare)


async def _courses(office: Office, spare: str) -> Found:
    count = CLINICIANS * EACH + WARM
    clients = [await office.client(number) for number in range(count)]
    clinicians = [await office.clinician(number) for number in range(CLINICIANS)]
    feeds = [await office.feed(clinician) for clinician in clinicians]
    feed, plan, limit = [], [], []
    async with bare(_address(office.services)) as source, twin(spare) as target:
        await copy_people(source, target)
        for number, client in enumerate(clients):
            place, who = divmod(number, CLINICIANS)
            course = await office.book(clinicians[who], client, place)
            if place % 2:
                feed.append(await _took(shown(office, feeds[who], entries=(place + 1) * WEEKS)))
            else:
                plan.append(await _took(planned(office, course["sessions"][-1]["id"])))
            await asyncio.sleep(QUIET_SECONDS)
            limit.append(await _least(office, timed_commit(source, target, course["id"])))
    return Found(feed=Times(feed), plan=Times(plan[WARM:]), limit=Times(limit[WARM:]))


async def _took(seen: Awaitable[None]) -> float:
    begun = time.perf_counter()
    await seen
    return time.perf_counter() - begun


async def _least(office: Office, commit: Awaitable[float]) -> float:
    log = await office.timed_get("scheduler", "/live")
    reader = await office.timed_get("calendar_feed", "/live")
    return log + await commit + reader


def _address(services: Services) -> str:
    return services.databases.get("scheduler", f"sqlite:///{services.folder / 'scheduler'}.db")


def _rows(kind: str, found: Found) -> list[list[str]]:
    least = found.limit.median
    return [
        _row(f"{kind}: the feed shows it", found.feed, least),
        _row(f"{kind}: the plan shows it", found.plan, least),
        _row(f"{kind}: limit", found.limit, least),
    ]


def _row(name: str, times: Times, limit: float) -> list[str]:
    return [
        name,
        ms(times.median),
        ms(times.p99),
        ms(times.slowest),
        str(times.rounds),
        times_of(times.median, limit),
    ]
