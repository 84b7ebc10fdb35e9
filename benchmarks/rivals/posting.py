"""What every rival does for one reminder: post the body of that number.

A rival is run as `python NAME_drain.py DATABASE_URL POST_URL KEY BODIES DUE HELD`: it enters its
jobs, says `entered`, and begins when it is told to go.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

AT_ONCE = 100
LATER = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """Where the jobs are kept, where to post, and how many jobs are due and held."""

    database: str
    url: str
    headers: dict[str, str]
    bodies: list[bytes]
    due: int
    held: int

    def jobs(self) -> Iterator[tuple[int, datetime]]:
        """Return the number and the time of each job, those that are due among the later ones."""
        now = datetime.now(UTC)
        each = (self.due + self.held) // self.due
        for place in range(self.due + self.held):
            number, later = divmod(place, each)
            due = later == 0 and number < self.due
            yield (number, now) if due else (-1, now + LATER + timedelta(seconds=place))


class Desk:
    """The one session of this process."""

    task: Task
    http: aiohttp.ClientSession


def task_of_this_run() -> Task:
    database, url, key, bodies, due, held = sys.argv[1:]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    lines = Path(bodies).read_bytes().splitlines()
    return Task(
        database=database, url=url, headers=headers, bodies=lines, due=int(due), held=int(held)
    )


async def open_desk(task: Task) -> None:
    """Make ready to post, say that all is entered, and wait for the word."""
    Desk.task = task
    Desk.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE))
    print("entered", flush=True)
    sys.stdin.readline()


async def post(number: int) -> None:
    """Post the body of that number, or raise."""
    task = Desk.task
    async with Desk.http.post(task.url, data=task.bodies[number], headers=task.headers) as answer:
        if answer.status != 202:
            raise RuntimeError(f"answered {answer.status}")
