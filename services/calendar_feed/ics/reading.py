"""Read a feed of ours back, as a calendar program does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
    has_link: bool = False
    description: str = ""
    alarms: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenHours:
    """Hours of one weekday (0 is Monday), each week by the clock of `timezone`, from their first
    day to the last if there is one; midnight as an end is 24:00."""

    weekday: int
    start: str
    end: str
    timezone: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A calendar as it is seen, earliest first; `size` in octets."""

    name: str
    size: int
    entries: tuple[SeenEntry, ...]
    office_hours: tuple[SeenHours, ...] = ()


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
        office_hours=tuple(_hours(each) for each in calendar.walk("AVAILABLE")),
    )


def _event(event: Any) -> SeenEntry:
    url = str(event.get("URL", ""))
    said = str(event.get("DESCRIPTION", ""))
    return SeenEntry(
        starts_at=_instant(event["DTSTART"].dt),
        ends_at=_instant(event["DTEND"].dt),
        summary=str(event["SUMMARY"]),
        status=str(event["STATUS"]),
        has_link=bool(url),
        description=said.replace(url, f"{url.rpartition('/')[0]}/…") if url else said,
        alarms=tuple(-each["TRIGGER"].dt for each in event.walk("VALARM")),
    )


def _instant(moment: datetime | date) -> datetime:
    """A whole day is shown from midnight to midnight in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), UTC)


def _hours(available: Any) -> SeenHours:
    begins, ends = available["DTSTART"].dt, available["DTEND"].dt
    until = available["RRULE"].get("UNTIL")
    return SeenHours(
        weekday=begins.weekday(),
        start=f"{begins:%H:%M}",
        end=f"{ends:%H:%M}" if ends.date() == begins.date() else "24:00",
        timezone=available["DTSTART"].params.get("TZID", "UTC"),
        since=begins.date(),
        until=until[0].astimezone(begins.tzinfo).date() if until else None,
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
        )
        for period in listed
    ]
