"""Read a feed of ours back, as a calendar program does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from icalendar import Calendar

_FROM: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TO: Final = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """One entry as it is seen; times are aware, in UTC."""

    starts_at: datetime
    ends_at: datetime
    summary: str
    status: str
    has_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A calendar as it is seen, earliest first; `size` in octets."""

    name: str
    size: int
    entries: tuple[SeenEntry, ...]


def read_back(body: bytes) -> Seen:
    """Return what stands in `body`: each event of a series by itself, each period that is taken."""
    # Only here: a preview is seldom asked for, and the library costs a tenth of a second.
    import recurring_ical_events

    calendar = Calendar.from_ical(body)
    events = recurring_ical_events.of(calendar).between(_FROM, _TO)
    seen = [_event(each) for each in events]
    seen += [period for each in calendar.walk("VFREEBUSY") for period in _periods(each)]
    return Seen(
        name=str(calendar.get("NAME", "")),
        size=len(body),
        entries=tuple(sorted(seen, key=lambda entry: (entry.starts_at, entry.ends_at))),
    )


def _event(event: Any) -> SeenEntry:
    return SeenEntry(
        starts_at=event["DTSTART"].dt.astimezone(UTC),
        ends_at=event["DTEND"].dt.astimezone(UTC),
        summary=str(event["SUMMARY"]),
        status=str(event["STATUS"]),
        has_link="URL" in event,
    )


def _periods(busy: Any) -> list[SeenEntry]:
    found = busy.get("FREEBUSY", [])
    listed = found if isinstance(found, list) else [found]
    return [
        SeenEntry(
            starts_at=period.start.astimezone(UTC),
            ends_at=period.end.astimezone(UTC),
            summary="Busy",
            status="CONFIRMED",
            has_link=False,
        )
        for period in listed
    ]
