"""`python -m tests.notifier.simulation 1000 [SEED]`: so many courses, on SQLite."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from shared.zones import use_packaged_zones
from tests.notifier.simulation.running import Simulation


def main(courses: int, seed: int) -> int:
    use_packaged_zones()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'practice.db'}"
        report = asyncio.run(Simulation(url, courses, seed).run())
    print(  # noqa: T201 # a command
        f"{courses} courses, seed {seed}: {report.planned} mails planned, {report.arrived} arrived,"
        f" {report.killed} times killed, {report.lost_answers} answers lost,"
        f" {len(report.broken)} promises broken"
    )
    print("\n".join(report.broken[:20]))  # noqa: T201 # a command
    return 1 if report.broken else 0


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [1000, 1][len(given) :])))
