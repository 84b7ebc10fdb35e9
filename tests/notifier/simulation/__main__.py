"""`python -m tests.notifier.simulation 1000 [SEED]`: so many courses on SQLite, with two sweeps.

Then a fifth as many on PostgreSQL, with two processes, each with its own connections.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from services.notifier.store import MIGRATIONS
from shared.store.database import Database
from shared.store.migrations import upgrade
from shared.zones import use_packaged_zones
from tests.notifier.simulation.promises import broken
from tests.notifier.simulation.running import Report, practice
from tests.notifier.simulation.trouble import EVERY_FAULT
from tests.postgres import start_postgres

ENOUGH_COURSES = 3  # for each fault to come


async def simulate(url: str, courses: int, seed: int) -> Report:
    database = Database.at(url)
    await upgrade(database, MIGRATIONS)
    await database.close()
    return await practice(url, courses, seed).run()


def main(courses: int, seed: int) -> int:
    use_packaged_zones()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'practice.db'}"
        failed = _run("SQLite, two sweeps", url, courses, seed)
    server = start_postgres()
    try:
        url = asyncio.run(server.new_database())
        failed |= _run("PostgreSQL, two processes", url, -(-courses // 5), seed)
    finally:
        server.stop()
    return int(failed)


def _run(where: str, url: str, courses: int, seed: int) -> bool:
    begun = time.monotonic()
    report = asyncio.run(simulate(url, courses, seed))
    found = broken(report.evidence)
    if courses >= ENOUGH_COURSES:
        found += [f"never {fault}" for fault in sorted(EVERY_FAULT - report.faults.keys())]
    arrived = sum(each.arrived for each in report.evidence.handed)
    print(  # noqa: T201 # a command
        f"{where}: {courses} courses, seed {seed}, {time.monotonic() - begun:.0f} s:"
        f" {len(report.evidence.rows)} mails planned, {arrived} arrived,"
        f" {len(found)} promises broken"
    )
    for name, count in [*sorted(report.faults.items()), *sorted(report.happened.items())]:
        print(f"  {count:6} {name}")  # noqa: T201 # a command
    print("\n".join(found[:20]))  # noqa: T201 # a command
    return bool(found)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    courses, seed = given + [1000, 1][len(given) :]
    sys.exit(main(courses, seed))
