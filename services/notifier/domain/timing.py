"""When a reader is reminded: whose rule holds, and how quiet hours bring it forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from services.notifier.domain.people import Person, QuietHours
from services.notifier.domain.practice import Practice
from shared.zones import UnknownZone, zone

BEFORE_QUIET: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long before each start one reader is reminded, and when not."""

    reader_id: UUID
    timezone: str
    offsets: tuple[timedelta, ...]
    quiet_hours: QuietHours | None = None


def timing_of(
    reader: Person, clinician: Person | None, practice: Practice, installed: Sequence[timedelta]
) -> Timing:
    """Return the reader's own rule, else the clinician's, the practice's, or the installed one."""
    rules = (
        reader.wishes.offsets,
        clinician.wishes.offsets if clinician else None,
        practice.offsets,
        tuple(installed),
    )
    return Timing(
        reader_id=reader.id,
        timezone=reader.timezone,
        offsets=next(rule for rule in rules if rule is not None),
        quiet_hours=reader.wishes.quiet_hours or practice.quiet_hours,
    )


def before_quiet(moment: datetime, quiet: QuietHours | None, timezone: str) -> datetime:
    """Return `moment` (UTC), or just before the quiet hours that it would fall into."""
    if quiet is None:
        return moment
    try:
        clock = zone(timezone)
    except UnknownZone:  # from a newer tzdata than ours
        return moment
    local = moment.astimezone(clock)
    if not _is_quiet(local.time(), quiet):
        return moment
    crossed = quiet.begin > quiet.end and local.time() < quiet.end
    begun = at_wall_time(local.date() - _DAY if crossed else local.date(), quiet.begin, timezone)
    return min(begun - BEFORE_QUIET, moment)


def local_date(moment: datetime, timezone: str) -> date:
    """Return the date on the clock in `timezone`; UTC's for one unknown."""
    try:
        return moment.astimezone(zone(timezone)).date()
    except UnknownZone:
        return moment.date()


def _is_quiet(at: time, quiet: QuietHours) -> bool:
    at = at.replace(tzinfo=None)
    if quiet.begin < quiet.end:
        return quiet.begin <= at < quiet.end
    return at >= quiet.begin or at < quiet.end


def at_wall_time(day: date, at: time, timezone: str) -> datetime:
    """Return that time of that day on the clock in `timezone`, in UTC; UTC's for one unknown.

    A time that does not exist that day is read as before the change, so it comes later.
    """
    try:
        clock = zone(timezone)
    except UnknownZone:
        return datetime.combine(day, at, UTC)
    return datetime.combine(day, at, clock).astimezone(UTC)
