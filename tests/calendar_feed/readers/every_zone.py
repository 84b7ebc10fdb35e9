"""Every zone by its VTIMEZONE alone: `python -m tests.calendar_feed.readers.every_zone`.

A calendar for each zone holds one event at the wall clock of each instant around each change;
the zone goes by a name that nobody knows, so that ical.js and libical have nothing to look up.
"""

from __future__ import annotations

import sys
import tempfile
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from services.calendar_feed.ics.vtimezone import vtimezone
from shared.zones import use_packaged_zones, zone
from tests.calendar_feed.ics.test_vtimezone import BEGINS, ENDS, around_changes
from tests.calendar_feed.readers.engines import Engine, Hours, ical_js, libical

ENGINES: Final[Mapping[str, Engine]] = {"ical.js": ical_js, "libical": libical}
UNKNOWN: Final = "/hour.example/zone"
HOUR: Final = timedelta(hours=1)


def main() -> int:
    use_packaged_zones()
    names = sorted(zoneinfo.available_timezones())
    wrong = {name: zones_read_otherwise(engine, names) for name, engine in ENGINES.items()}
    instants = sum(len(shown(name)) for name in names)
    for engine, zones in wrong.items():
        said = f"{engine}: {len(zones)} of {len(names)} zones otherwise, of {instants} instants"
        sys.stdout.write(f"{said} {' '.join(zones)}".rstrip() + "\n")
    return 1 if any(wrong.values()) else 0


def zones_read_otherwise(
    engine: Engine, names: Sequence[str], *, off_by: timedelta = timedelta(0)
) -> list[str]:
    """Return the zones whose instants the engine puts elsewhere; `off_by` spoils what it reads."""
    with tempfile.TemporaryDirectory() as place:
        files = {name: Path(place) / f"{number}.ics" for number, name in enumerate(names)}
        for name, file in files.items():
            file.write_bytes(calendar(name, (moment + off_by for moment in shown(name))))
        found = engine(list(files.values()))
        return [name for name, file in files.items() if found[file] != hours(name)]


def shown(name: str) -> list[datetime]:
    """Return each instant that a wall clock names alone, with those around every change.

    RFC 5545 section 3.3.5 takes the first of an hour that comes twice, ical.js and libical take
    the second; a wall clock cannot name such an hour to all readers.
    """
    moments = {moment for moment in around_changes(name) if not _comes_twice(moment, name)}
    return sorted(moment for moment in moments if BEGINS <= moment < ENDS)


def _comes_twice(moment: datetime, name: str) -> bool:
    wall = moment.astimezone(zone(name))
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def hours(name: str) -> Hours:
    return Counter(
        (int(each.timestamp()), int((each + HOUR).timestamp()), "CONFIRMED") for each in shown(name)
    )


def calendar(name: str, moments: Iterable[datetime]) -> bytes:
    """Write an event of one hour at each moment, by the wall clock of the zone."""
    told = vtimezone(name, BEGINS, ENDS).decode().replace(name, UNKNOWN)
    events = "".join(_event(number, each, name) for number, each in enumerate(moments))
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Standing Hour//Zones//EN\r\n"
    return f"{head}{told}{events}END:VCALENDAR\r\n".encode()


def _event(number: int, moment: datetime, name: str) -> str:
    wall = moment.astimezone(zone(name))
    lines = (
        "BEGIN:VEVENT",
        f"UID:{number}@hour.example",
        f"DTSTAMP:{BEGINS:%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={UNKNOWN}:{wall:%Y%m%dT%H%M%S}",
        f"DTEND:{moment.astimezone(UTC) + HOUR:%Y%m%dT%H%M%SZ}",
        "STATUS:CONFIRMED",
        "END:VEVENT",
    )
    return "".join(f"{line}\r\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
