"""What the three services hold in memory when nothing happens."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

from benchmarks.figures import mb
from benchmarks.office import office_of
from benchmarks.processes import bare_services, practice, running, wait_all_ready
from benchmarks.sections import Section
from benchmarks.waiting import planned, shown
from demo.processes import NAMES, Services

SETTLE_SECONDS: Final = 3
COLUMNS: Final = ("at rest", *NAMES, "together", "shared pages once")
Started = Mapping[str, subprocess.Popen[bytes]]


async def run() -> Section:
    """Look after a first start, after a course came the whole way, and after a second start."""
    with practice() as services:
        services.start()
        rows = [await _row("after the first start", running(services))]
        await _one_course(services)
        rows.append(await _row("after one course", running(services)))
        services.stop()
        services.start()
        rows.append(await _row("started again", running(services)))
    with bare_services() as started:
        rows.append(await _row("limit: bare processes", started))
    return Section(
        name="memory",
        aim="Resident memory of the three on SQLite; to reach: under 250 MB together.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            "together: resident set sizes added up; shared pages once: proportional set sizes",
            "first start: makes the tables; started again: finds them there",
            "one course: booked, its mail sent, its feed fetched",
            f"read once, {SETTLE_SECONDS} s after the last request; a megabyte is a million bytes",
        ],
    )


async def _one_course(services: Services) -> None:
    async with office_of(services) as office:
        clinician, client = await office.clinician(1), await office.client(1)
        feed = await office.feed(clinician)
        course = await office.book(clinician, client, 0)
        await shown(office, feed, entries=len(course["sessions"]))
        await planned(office, course["sessions"][-1]["id"])


async def _row(name: str, started: Started) -> list[str]:
    wait_all_ready(started)
    await asyncio.sleep(SETTLE_SECONDS)
    pids = [process.pid for process in started.values()]
    resident = [psutil.Process(pid).memory_info().rss for pid in pids]
    proportional = sum(_proportional(pid) for pid in pids)
    return [name, *(mb(each) for each in resident), mb(sum(resident)), mb(proportional)]


def _proportional(pid: int) -> int:
    """proc(5): a page that N processes map counts for an Nth in each."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
