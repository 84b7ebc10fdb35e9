"""Which weekly hours are free for sixteen weeks: searched at once, and asked day by day."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.day_by_day import Hour, day_by_day
from benchmarks.diaries import (
    CELLS,
    CLINICIANS,
    HELD,
    MONDAY,
    NEW_YORK,
    NOW,
    WEEKS,
    Diaries,
    diaries_at,
)
from benchmarks.figures import Times, ms, times_of
from benchmarks.sections import Section
from benchmarks.servers import lasting_postgres
from services.scheduler.domain.openings import Opening, Search
from services.scheduler.use_cases.openings import Asked, find_openings
from shared.zones import use_packaged_zones

FIRST_DATES: Final = [MONDAY + timedelta(days=n) for n in range(28)]
ROUNDS: Final = 50
FEW_ROUNDS: Final = 10
TEN_TIMES: Final = 9  # as many weeks before as are to come, so often
COLUMNS: Final = ("openings of 16 weeks", "median", "p99", "found", "rounds", "to a search")
Work = Callable[[Diaries], Awaitable[int]]


async def run() -> Section:
    """Search on each kind of database, with one practice's sessions and with ten times as many."""
    use_packaged_zones()
    with tempfile.TemporaryDirectory() as folder:
        few, many = (f"sqlite:///{Path(folder) / name}.db" for name in ("few", "many"))
        rows = await _on("SQLite", few, many)
    async with lasting_postgres() as server:
        if server is not None:
            addresses = [await server.new_database() for _ in range(2)]
            rows += await _on("PostgreSQL", *addresses)
    return Section(
        name="openings",
        aim="Every weekly hour of 8 clinicians that is free for 16 weeks from a date in the next 4 "
        "weeks, ranked; to reach: under 25 ms, the same at ten times the rows, and 20 times as "
        "fast as day by day.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            f"{CLINICIANS} clinicians, {HELD} of {len(CELLS)} weekly hours held for {WEEKS} weeks, "
            "one session in ten cancelled; ten times the rows: as many sessions that are over",
            "searched: all that GET /v1/openings does between the request and its JSON",
            "day by day, the limit of asking a calendar that way: each day that someone works is "
            "asked once of the same store, in one transaction; holidays, time off and holds, which "
            "the search looks at, are left out",
            "both must find the same hours before they are timed",
        ],
    )


async def _on(kind: str, few: str, many: str) -> list[list[str]]:
    async with diaries_at(few, times_before=0) as diaries:
        found = await _the_same_both_ways(diaries)
        search = await _timed(diaries, ROUNDS, _search)
        wide = await _timed(diaries, ROUNDS, _search_with_exceptions)
        slow = await _timed(diaries, FEW_ROUNDS, _day_by_day)
        more = await _search_with_exceptions(diaries)
        count = f"{diaries.sessions:,} sessions"
    async with diaries_at(many, times_before=TEN_TIMES) as diaries:
        later = await _timed(diaries, ROUNDS, _search)
        later_count = f"{diaries.sessions:,} sessions"
    return [
        _row(f"{kind}: searched, {count}", search, found, search),
        _row(f"{kind}: searched, {later_count}", later, found, search),
        _row(f"{kind}: with up to 2 exceptions", wide, more, search),
        _row(f"{kind}: day by day, {count}", slow, found, search),
    ]


async def _search(diaries: Diaries) -> int:
    return len(await _openings(diaries, 0))


async def _search_with_exceptions(diaries: Diaries) -> int:
    return len(await _openings(diaries, 2))


async def _day_by_day(diaries: Diaries) -> int:
    return len(await _hours(diaries))


async def _openings(diaries: Diaries, exceptions: int) -> list[Opening]:
    search = Search(
        timezone=NEW_YORK,
        first=FIRST_DATES[0],
        last=FIRST_DATES[-1],
        sessions=WEEKS,
        exceptions=exceptions,
    )
    asked = Asked(search=search)
    return await diaries.database.read(lambda conn: find_openings(conn, NOW, asked))


async def _hours(diaries: Diaries) -> set[Hour]:
    dates: list[date] = FIRST_DATES
    return await diaries.database.read(
        lambda conn: day_by_day(conn, diaries.clinicians, dates, WEEKS)
    )


async def _the_same_both_ways(diaries: Diaries) -> int:
    """Return how many openings there are, or raise ValueError if one way finds others."""
    searched = {(o.clinician_id, o.first_date, o.at.hour) for o in await _openings(diaries, 0)}
    if searched != await _hours(diaries) or not searched:
        raise ValueError("the two ways find different hours")
    return len(searched)


async def _timed(diaries: Diaries, rounds: int, work: Work) -> Times:
    seconds = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        await work(diaries)
        seconds.append(time.perf_counter() - begun)
    return Times(seconds[1:])


def _row(name: str, times: Times, found: int, search: Times) -> list[str]:
    figures = [ms(times.median), ms(times.p99), str(found), str(times.rounds)]
    return [name, *figures, times_of(times.median, search.median)]
