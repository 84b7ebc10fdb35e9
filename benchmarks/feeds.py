"""How fast feeds are served and written, what they take, and how soon a change shows."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry

from benchmarks.bare_feed import ETAG
from benchmarks.feed_diaries import Diary, move, new_database, new_diary
from benchmarks.feed_servers import KEY, TURN_SECONDS, bare_feed, feed_service, fetch, gets
from benchmarks.figures import Times, mb, ms
from benchmarks.rival_feeds import CALENDARS, Served, rival_feed
from benchmarks.sections import Section
from services.calendar_feed.domain.feeds import token_hash
from services.calendar_feed.store import feeds
from services.calendar_feed.store.feeds import Source
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.rendering import Origin, body_of, render
from shared.clock import SystemClock
from shared.store.database import Database

SESSIONS: Final = 500
TURNS: Final = 5  # of each kind, one after the other, so that a slow moment meets all
CHANGES: Final = 40
CLINICIANS: Final = 500
FEEDS_EACH: Final = 20
POLLS_A_DAY: Final = 50
FRESH_ROUNDS: Final = 60
POLL_SECONDS: Final = 0.02
COLUMNS: Final = ("", "here", "limit", "of the limit")


async def run() -> Section:
    """Serve, change and poll on SQLite; the limit is a handler of the same library alone."""
    with tempfile.TemporaryDirectory() as place:
        rows = await _serving(Path(place))
        rows.append(await _rendering(Path(place)))
        rows.append(await _memory(Path(place)))
        rows.append(await _polled(Path(place)))
    return Section(
        name="feeds",
        aim=(
            "To reach: 70 % of a bare handler's rate for a feed and for a 304; a feed of 500 "
            "written within 10 ms of a change of one; 15 MB more for 5,000 sessions; with 10,000 "
            "feeds polled, a change seen within 1 s (p99)."
        ),
        columns=COLUMNS,
        rows=rows,
        notes=[
            f"rates: {SESSIONS} sessions, gzip, eight connections kept by a process of its own; "
            f"the better of {TURNS} turns in which each is asked for {TURN_SECONDS:.0f} s",
            "limit: an aiohttp handler that serves the very bytes from memory and compares the "
            "ETag, without middleware, log or metric; of writing, nothing else",
            "Radicale, xandikos: the same events, put one by one, and the collection asked for "
            "in turns after ours; in brackets what a GET with If-None-Match of the very ETag got",
            "written: read from the database, joined, compressed and hashed, each time after a "
            f"change of one session; median of {CHANGES} (p99 beside); limit: the bytes compressed "
            "and hashed",
            f"polled: {CLINICIANS * FEEDS_EACH:,} feeds, each {POLLS_A_DAY} times a day in turn; "
            "another process changes a diary, and a reader asks every 20 ms until it sees it",
        ],
    )


async def _serving(folder: Path) -> list[list[str]]:
    diary = await _one_diary(folder / "serving.db", sessions=SESSIONS)
    path = f"/feeds/{diary.tokens[0]}.ics"
    with feed_service(folder / "serving.db") as (port, _):
        body, etag = await fetch(port, path)
        with bare_feed(folder, body) as limit:
            best = {name: [0.0, 0.0] for name in ("a feed, warm", "304")}
            for _ in range(TURNS):
                for name, seen in (("a feed, warm", None), ("304", (etag, ETAG))):
                    for place, asked in enumerate((port, limit)):
                        rate = await gets(asked, path, None if seen is None else seen[place])
                        best[name][place] = max(best[name][place], rate)
    rows = [_rates(name, ours, limit) for name, (ours, limit) in best.items()]
    for name in CALENDARS:
        rows += _rival_rows(await rival_feed(name, folder, body, TURNS), *best.values())
    return rows


def _rival_rows(rival: Served, warm: list[float], unchanged: list[float]) -> list[list[str]]:
    name = rival.name
    return [
        _rates(f"{name}, warm", rival.warm, warm[1]),
        _rates(f"{name}, conditional ({rival.status})", rival.unchanged, unchanged[1]),
        [f"{name}, first GET after a change of one", ms(rival.after_a_change), "", ""],
    ]


async def _rendering(folder: Path) -> list[str]:
    """Write the feed anew after each change; beside it the least: compress and hash the bytes."""
    now = SystemClock().now()
    database = await new_database(f"sqlite:///{folder / 'rendering.db'}", now)
    diary = await new_diary(database, now, sessions=SESSIONS, feeds=1)
    origin, session, took, least = _origin(database), diary.sessions[SESSIONS // 2], [], []
    for number in range(CHANGES + 1):
        source = await _source(database, diary.tokens[0])
        begun = time.perf_counter()
        body = await render(origin, source)
        took.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        body_of(body.plain.body, now)
        least.append(time.perf_counter() - begun)
        session = await move(database, session, now, revision=number + 2)
    await database.close()
    times, limit = Times(took[1:]), Times(least[1:])
    told = f"{ms(times.median)} ({ms(times.p99)})"
    ratio = f"{times.median / limit.median:.1f} x"
    return [f"{SESSIONS} written after a change of one", told, ms(limit.median), ratio]


async def _source(database: Database, token: str) -> Source:
    found = await database.read(lambda conn: feeds.find_address(conn, token_hash(token)))
    if found is None:
        raise RuntimeError("a feed that was just opened is not there")
    return found.source


async def _memory(folder: Path) -> list[str]:
    now = SystemClock().now()
    database = await new_database(f"sqlite:///{folder / 'memory.db'}", now)
    small = await new_diary(database, now, sessions=1, feeds=1)
    with feed_service(folder / "memory.db") as (port, process):
        await fetch(port, f"/feeds/{small.tokens[0]}.ics")
        before = process.memory_info().rss
        diaries = [await new_diary(database, now, sessions=SESSIONS, feeds=1) for _ in range(10)]
        for diary in diaries:
            await fetch(port, f"/feeds/{diary.tokens[0]}.ics")
        await asyncio.sleep(3)
        after = process.memory_info().rss
    await database.close()
    return ["5,000 sessions, ten feeds of them", f"{mb(after - before)} more", "", ""]


async def _polled(folder: Path) -> list[str]:
    now = SystemClock().now()
    database = await new_database(f"sqlite:///{folder / 'polled.db'}", now)
    diaries = [
        await new_diary(database, now, sessions=16, feeds=FEEDS_EACH) for _ in range(CLINICIANS)
    ]
    tokens = [token for diary in diaries for token in diary.tokens]
    with feed_service(folder / "polled.db") as (port, _):
        await _until_written(database, len(tokens))
        polling = asyncio.create_task(_poll(port, tokens))
        took = [
            await _until_seen(database, port, diaries[number]) for number in range(FRESH_ROUNDS)
        ]
        polling.cancel()
    await database.close()
    times = Times(took)
    told = f"{ms(times.median)} ({ms(times.p99)})"
    return [f"a change, {len(tokens):,} feeds polled", told, "", ""]


async def _one_diary(file: Path, *, sessions: int) -> Diary:
    now = SystemClock().now()
    database = await new_database(f"sqlite:///{file}", now)
    diary = await new_diary(database, now, sessions=sessions, feeds=1)
    await database.close()
    return diary


async def _until_seen(database: Database, port: int, diary: Diary) -> float:
    """Change a session as another process does, and ask until the feed says so."""
    path = f"/feeds/{diary.tokens[0]}.ics"
    _, first = await fetch(port, path)
    await move(database, diary.sessions[0], SystemClock().now(), revision=2)
    begun = time.perf_counter()
    while True:
        _, etag = await fetch(port, path)
        if etag != first:
            return time.perf_counter() - begun
        await asyncio.sleep(POLL_SECONDS)


async def _poll(port: int, tokens: Sequence[str]) -> None:
    pause = 86_400 / (len(tokens) * POLLS_A_DAY)
    while True:
        for token in tokens:
            await fetch(port, f"/feeds/{token}.ics")
            await asyncio.sleep(pause)


async def _until_written(database: Database, count: int) -> None:
    while True:
        written = await database.read(
            lambda conn: conn.exec_driver_sql("SELECT count(*) FROM feed_bodies")
        )
        if int(written.scalar_one()) >= count:
            return
        await asyncio.sleep(0.5)


def _origin(database: Database) -> Origin:
    return Origin(
        database=database,
        counts=Counts(CollectorRegistry()),
        public_url="https://hour.example",
        secret=KEY,
    )


def _rates(name: str, ours: float, limit: float) -> list[str]:
    ratio = ours / limit
    told = f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"
    return [name, f"{ours:,.0f} a second", f"{limit:,.0f}", told]
