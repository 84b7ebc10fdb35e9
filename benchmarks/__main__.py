"""`python -m benchmarks` runs all and writes results.md; `python -m benchmarks NAME` runs one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from benchmarks import booking, drain, feeds, lateness, mails, memory, news, openings, start
from benchmarks.machine import machine
from benchmarks.sections import Section, keep

ALL: Final[dict[str, Callable[[], Awaitable[Section]]]] = {
    "start": start.run,
    "memory": memory.run,
    "booking": booking.run,
    "openings": openings.run,
    "news": news.run,
    "mails": mails.run,
    "drain": drain.run,
    "lateness": lateness.run,
    "feeds": feeds.run,
}


async def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"usage: python -m benchmarks [{' | '.join(ALL)}]", file=sys.stderr)
        return 2
    sections = []
    for name in names or ALL:
        sections.append(await ALL[name]())
        print(sections[-1].text(), flush=True)
    keep(sections, await machine(), list(ALL))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
