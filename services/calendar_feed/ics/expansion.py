"""A program of its own that expands one calendar: `python -m services.calendar_feed.ics.expansion`.

It reads a line of JSON (zone, window) and the calendar, and writes a line of JSON. It has little
memory and little time, no secret in its environment, and can be killed at any moment.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from typing import Final

from services.calendar_feed.domain.outside import Block
from services.calendar_feed.ics.busy_times import arm, busy_times
from services.calendar_feed.ics.scanning import NoCalendar
from shared.zones import use_packaged_zones, zone

MOST_MEMORY: Final = 200 * 1024 * 1024
CPU_SECONDS: Final = 3


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
    json.dump(_answer(sys.stdin.buffer.read(), asked["zone"], within), sys.stdout)


def _answer(body: bytes, zone_name: str, within: Block) -> dict[str, object]:
    try:
        found = busy_times(body, zone(zone_name), within)
    except NoCalendar:
        return {"complaint": "not_a_calendar"}
    except MemoryError:
        return {"complaint": "too_costly"}
    return {
        "blocks": [(each.starts_at.timestamp(), each.ends_at.timestamp()) for each in found.blocks],
        "unread": [(each.index, each.uid_sha256, each.flaw.value) for each in found.unread],
    }


if __name__ == "__main__":
    main()
