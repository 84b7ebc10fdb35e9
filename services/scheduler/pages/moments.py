"""The hour of a session as a person reads it, in their zone and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_timezone_name

from services.scheduler.domain.slots import Slot
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """A day, the times from and to, and the name of the zone they are in."""

    day: str
    times: str
    zone: str


def hour_in(slot: Slot, timezone: str, locale: Locale) -> Hour:
    starts, ends = (m.astimezone(zone(timezone)) for m in (slot.starts_at, slot.ends_at))
    return Hour(
        day=format_date(starts, "full", locale=locale),
        times=f"{_clock(starts, locale)} – {_clock(ends, locale)}",  # noqa: RUF001 # a dash between times
        zone=get_timezone_name(starts, locale=locale),
    )


def hour_there(slot: Slot, timezone: str, own: str, locale: Locale) -> Hour | None:
    """Return the hour in the session's zone, or None where the clocks show the same."""
    moment = slot.starts_at
    if moment.astimezone(zone(timezone)).utcoffset() == moment.astimezone(zone(own)).utcoffset():
        return None
    return hour_in(slot, timezone, locale)


def clock_time(moment: datetime, timezone: str, locale: Locale) -> str:
    return _clock(moment.astimezone(zone(timezone)), locale)


def day_and_time(moment: datetime, timezone: str, locale: Locale) -> str:
    local = moment.astimezone(zone(timezone))
    return f"{format_date(local, 'full', locale=locale)}, {_clock(local, locale)}"


def time_until(moment: datetime, now: datetime, locale: Locale) -> str:
    """Return how far off `moment` is, in words: in 3 days."""
    return format_timedelta(moment - now, add_direction=True, locale=locale)


def _clock(local: datetime, locale: Locale) -> str:
    """Return 3:00 PM with plain spaces, as in the mail, so that it can be searched and copied."""
    return format_time(local, "short", locale=locale).replace("\u202f", " ").replace("\xa0", " ")
