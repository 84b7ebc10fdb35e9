"""A zone's clock as RFC 5545 section 3.6.5 tells it: yearly rules, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from services.calendar_feed.domain.tzif import LAST_WEEK, Change, UnknownRule, Yearly, Zone

_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_YEARS: Final = 40  # every date has been on every weekday by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """The day of each year: the `nth` such weekday of the month, or the one among `days`."""

    month: int
    weekday: str
    nth: int | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observance:
    """What begins with `first`: for good, or until another one begins; `each` year or once."""

    first: Change
    each: Each | None = None


def observances(zone: Zone, begins: datetime, ends: datetime) -> tuple[Observance, ...]:
    """Return what tells every offset from `begins` to `ends` (aware), earliest first.

    A rule for the years to come is told from its first change on, and so is the same on every
    day; a change that no rule makes is told by itself, and only inside of the window. What holds
    as the window begins, and no rule says, is told as if it had always been.

    Raises `UnknownRule` for a rule that cannot be told.
    """
    settled = max([_EPOCH, *(change.at for change in zone.changes)])
    found = [each for rule in zone.yearly for each in _ruled(rule, settled, ends)]
    if not any(each.first.at <= begins for each in found):
        before = [change.after for change in zone.changes if change.at <= begins]
        found.append(_always([zone.first, *before][-1]))
    found += [Observance(first=change) for change in zone.changes if begins < change.at < ends]
    return tuple(sorted(found, key=lambda each: each.first.at))


def _always(offset: timedelta) -> Observance:
    return Observance(first=Change(at=_EPOCH - offset, before=offset, after=offset))


def _ruled(rule: Yearly, settled: datetime, ends: datetime) -> Iterator[Observance]:
    """Tell one rule; as two where its seven possible days lie in two months."""
    for each in _days(rule):
        changes = (rule.change(settled.year + number) for number in range(_YEARS))
        first = next(
            change for change in changes if change.at > settled and change.onset.month == each.month
        )
        if first.at < ends:
            yield Observance(first=first, each=each)


def _days(rule: Yearly) -> list[Each]:
    """Return the rule as BYMONTH and BYDAY; with BYMONTHDAY if its time is of another day.

    POSIX counts from the midnight of a day and may go beyond it, RFC 5545 may not.
    """
    shift = rule.time // _DAY
    if not shift:
        nth = -1 if rule.week == LAST_WEEK else rule.week
        return [Each(month=rule.month, weekday=_WEEKDAYS[rule.weekday], nth=nth)]
    weekday = _WEEKDAYS[(rule.weekday + shift) % len(_WEEKDAYS)]
    seven = sorted({_monthday(rule, year, shift) for year in range(1970, 1970 + _YEARS)})
    if len(seven) != len(_WEEKDAYS):
        raise UnknownRule(f"the days of {rule} depend on the year")
    return [
        Each(month=month, weekday=weekday, days=tuple(day for _, day in days))
        for month, days in groupby(seven, key=lambda day: day[0])
    ]


def _monthday(rule: Yearly, year: int, shift: int) -> tuple[int, int]:
    day: date = rule.day(year) + shift * _DAY
    return day.month, day.day
