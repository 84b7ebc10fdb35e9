"""What an expansion takes of the processor and of the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from services.calendar_feed.channels.expanding import COMMAND, heard, question
from services.calendar_feed.domain.outside import Block, Expanded

# A small process between, because Linux counts what a parent had at the fork as the child's.
_BETWEEN: Final = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], env={})
_, _, took = os.wait4(child.pid, 0)
print(json.dumps({"cpu": took.ru_utime + took.ru_stime, "peak": took.ru_maxrss / 1024}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was told, the seconds of the processor that it took, and the most memory in MiB."""

    parts: list[dict[str, Any]]
    cpu: float
    peak: float

    @property
    def expanded(self) -> Expanded:
        return heard(self.parts)


def measured(body: bytes, *, within: Block, zone: str = "America/New_York") -> Measured:
    """Expand a calendar, however long a busy machine keeps it waiting."""
    done = subprocess.run(
        [sys.executable, "-c", _BETWEEN, *COMMAND],
        input=question(body, zone=zone, within=within),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    *parts, took = [json.loads(line) for line in done.stdout.splitlines()]
    return Measured(parts=parts, cpu=took["cpu"], peak=took["peak"])
