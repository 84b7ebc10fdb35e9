"""From exec to all three services ready."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

import psutil

from benchmarks.figures import Times, s, times_of
from benchmarks.processes import bare_services, practice, running, wait_all_ready
from benchmarks.sections import Section
from demo.processes import Services

ROUNDS: Final = 9
COLUMNS: Final = (
    "start to ready",
    "fastest",
    "median",
    "slowest",
    "processor time",
    "to the limit",
)
Started = tuple[float, float]  # seconds until all were ready, processor seconds until then


async def run() -> Section:
    """Start everything again and again, the limit in the same rounds."""
    _round()  # pays for byte code and pages that nobody had read yet
    empty, existing, bare = zip(*(_round() for _ in range(ROUNDS)), strict=True)
    return Section(
        name="start",
        aim="Three processes on SQLite, from exec until each answers /ready; to reach: under 3 s.",
        columns=COLUMNS,
        rows=[
            _row("empty databases", empty, bare),
            _row("existing databases", existing, bare),
            _row("limit: three bare processes", bare, bare),
        ],
        notes=[
            "limit: import aiohttp, SQLAlchemy's asyncio and pydantic, then answer /ready",
            "processor time: of all three; divided by the cores, no start can be faster",
            f"{ROUNDS} rounds, each of all three rows",
            "byte code was compiled and files were in the page cache",
        ],
    )


def _round() -> tuple[Started, Started, Started]:
    with practice() as services:
        empty = _start(services)
        services.stop()
        existing = _start(services)
    begun = time.monotonic()
    with bare_services() as started:
        return empty, existing, _until_ready(begun, started)


def _start(services: Services) -> Started:
    begun = time.monotonic()
    services.start()
    return _until_ready(begun, running(services))


def _until_ready(begun: float, started: Mapping[str, subprocess.Popen[bytes]]) -> Started:
    wait_all_ready(started)
    seconds = time.monotonic() - begun
    used = [psutil.Process(process.pid).cpu_times() for process in started.values()]
    return seconds, sum(each.user + each.system for each in used)


def _row(name: str, starts: Sequence[Started], limit: Sequence[Started]) -> list[str]:
    times, least = (Times([seconds for seconds, _ in each]) for each in (starts, limit))
    processor = Times([used for _, used in starts]).median
    return [
        name,
        s(min(times.seconds)),
        s(times.median),
        s(times.slowest),
        s(processor),
        times_of(times.median, least.median),
    ]
