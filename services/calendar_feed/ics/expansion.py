"""A program of its own that expands one calendar: `python -m services.calendar_feed.ics.expansion`.

It reads a line of JSON (zone, window) and the calendar, and writes lines of JSON, each as soon as
it is known. It has little memory and little time, no secret in its environment, and can be killed
at any moment.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from services.calendar_feed.domain.outside import Block, Unread
from services.calendar_feed.ics.busy_times import busy_times
from services.calendar_feed.ics.parts import Part
from services.calendar_feed.ics.patience import arm
from services.calendar_feed.ics.scanning import CutOff, NoCalendar
from shared.zones import use_packaged_zones, zone

MOST_MEMORY: Final = 200 * 1024 * 1024
CPU_SECONDS: Final = 2

Said = dict[str, object]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    use_packaged_zones()
    arm()
    asked = json.loads(sys.stdin.buffer.readline())
    within = Block(
        starts_at=datetime.fromtimestamp(asked["from"], UTC),
        ends_at=datetime.fromtimestamp(asked["to"], UTC),
    )
    for said in _said(sys.stdin.buffer.read(), asked["zone"], within):
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def _said(body: bytes, zone_name: str, within: Block) -> Iterator[Said]:
    try:
        for part in busy_times(body, zone(zone_name), within):
            yield _line(part)
    except NoCalendar:
        yield {"complaint": "not_a_calendar"}
    except CutOff:
        yield {"complaint": "cut_off"}
    except MemoryError:
        yield {"complaint": "too_costly"}


def _line(part: Part) -> Said:
    return {
        "hours": part.hours,
        "unread": _listed(part.unread),
        "waiting": _listed(part.waiting),
        "done": part.done,
        "whole": part.whole,
    }


def _listed(unread: Sequence[Unread]) -> list[tuple[int, str, str]]:
    return [(each.index, each.uid_sha256, each.flaw.value) for each in unread]


if __name__ == "__main__":
    main()
