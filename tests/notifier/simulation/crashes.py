"""`python -m tests.notifier.simulation.crashes`: a process ends at every commit, one at a time.

A short course is played once, to count the commits, the consumer's among them; then again for
each of these, killed right before and right after it. On SQLite, and on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from services.notifier.store import MIGRATIONS
from shared.events.data import CourseBooked, MailWishes, PracticeSaved
from shared.zones import use_packaged_zones
from tests.cast import ANA_ID, KIM_ID
from tests.migrated import Migrated
from tests.notifier.diary import DAY, HOUR, THURSDAY, cancel, client, course, guardian, move
from tests.notifier.simulation.evidence import Evidence
from tests.notifier.simulation.happenings import Happening
from tests.notifier.simulation.promises import broken
from tests.notifier.simulation.running import Report, Simulation
from tests.notifier.simulation.trouble import AFTER, BEFORE, Deals, Trouble
from tests.postgres import start_postgres

Lent = Callable[[], AbstractAsyncContextManager[str]]
IDS: Final = [UUID(int=number) for number in range(7_000, 7_010)]


def short_story() -> list[Happening]:
    """Kim and Ana have three dates: one is moved, one cancelled once they were reminded of it."""
    booked = _with_ids(course(THURSDAY, weeks=3, clients=(KIM_ID, ANA_ID)))
    first, second, third = booked.sessions
    begins = THURSDAY - 3 * DAY
    jo = guardian("copies", mail=MailWishes())
    facts = [
        (begins, PracticeSaved(revision=1, staff_address="desk@practice.example")),
        (begins, client(guardians=(jo,))),
        (begins, client(ANA_ID)),
        (begins, booked),
        (second.starts_at - 30 * HOUR, move(second, HOUR)),
        (third.starts_at - 20 * HOUR, cancel(third)),
    ]
    return [Happening(at=at, name=fact.type, fact=fact) for at, fact in facts] + [
        Happening(
            at=first.starts_at - 12 * HOUR,
            name="opted out",
            fact=client(ANA_ID, revision=2, mail=MailWishes(opted_out=("reminder",))),
        )
    ]


def _with_ids(booked: CourseBooked) -> CourseBooked:
    """The same each time, so that the commits are."""
    update = {"course_id": IDS[0]}
    sessions = tuple(
        each.model_copy(update={**update, "session_id": id})
        for each, id in zip(booked.sessions, IDS[1:], strict=False)
    )
    return booked.model_copy(update={**update, "sessions": sessions})


@dataclass
class AtCommit:
    """Deals `fault` at the commit of that number, from 1, and nothing before or after."""

    number: int = 0
    fault: str = BEFORE
    seen: int = 0

    def deal(self) -> str | None:
        self.seen += 1
        return self.fault if self.seen == self.number else None


async def play(url: str, commits: Deals, sending: Deals | None = None) -> Report:
    """Play the short story with this trouble alone."""
    story = sorted(short_story(), key=lambda each: each.at)
    trouble = Trouble(commits=commits, events=commits)
    if sending is not None:
        trouble.sending = sending
    return await Simulation(url, story, trouble).run()


async def quiet_evidence(lent: Lent) -> Evidence:
    """Return what is left when nothing goes wrong."""
    async with lent() as url:
        return (await play(url, AtCommit())).evidence


@dataclass
class Crashes:
    """How many times a process was killed, and what was broken by it."""

    commits: int = 0
    killed: int = 0
    broken: list[str] = field(default_factory=list)


async def crash_everywhere(lent: Lent, every: int = 1) -> Crashes:
    """Kill before and after each commit, or one of `every` so many; each on a new database."""
    counting = AtCommit()
    async with lent() as url:
        await play(url, counting)
    found = Crashes(commits=counting.seen)
    boundaries = [(number, fault) for number in range(1, counting.seen + 1) for fault in FAULTS]
    for number, fault in boundaries[::every]:
        async with lent() as url:
            report = await play(url, AtCommit(number, fault))
        found.killed += report.faults[fault]
        found.broken += [f"{fault}, number {number}: {each}" for each in broken(report.evidence)]
    return found


FAULTS: Final[Sequence[str]] = (BEFORE, AFTER)


async def _on_both() -> int:
    server, failed = start_postgres(), 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            migrated = Migrated(Path(folder), server)
            for kind in ("sqlite", "postgres"):

                def lent(kind: str = kind) -> AbstractAsyncContextManager[str]:
                    return migrated.copy(kind, MIGRATIONS, Path(tempfile.mkdtemp(dir=folder)))

                crashes = await crash_everywhere(lent)
                count = f"{crashes.commits} commits, killed {crashes.killed} times"
                sys.stdout.write(f"{kind}: {count}, {len(crashes.broken)} promises broken\n")
                sys.stdout.write("".join(f"{each}\n" for each in crashes.broken[:20]))
                failed |= bool(crashes.broken) or crashes.killed < 2 * crashes.commits
    finally:
        server.stop()
    return int(failed)


if __name__ == "__main__":
    use_packaged_zones()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sys.exit(asyncio.run(_on_both()))
