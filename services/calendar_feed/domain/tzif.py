"""What one file of the time zone database says (TZif, RFC 9636)."""

from __future__ import annotations

import calendar
import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_HEADER: Final = struct.Struct(">4sc15x6L")  # 44 octets
_KIND: Final = struct.Struct(">lBB")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_TWO: Final = timedelta(hours=2)  # when a change takes place that names no hour
LAST_WEEK: Final = 5

_NAME: Final = r"(?:<[^>]+>|[A-Za-z]+)"
_TIME: Final = r"[+-]?\d+(?::\d+){0,2}"
_DAY: Final = r"M\d+\.\d\.\d"
_FOOTER: Final = re.compile(
    rf"{_NAME}({_TIME})(?:{_NAME}({_TIME})?,({_DAY})(?:/({_TIME}))?,({_DAY})(?:/({_TIME}))?)?"
)


class UnknownRule(ValueError):
    """A zone's rule for the years to come is written in a way that no zone uses today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At `at`, an instant in UTC, the offset changes from `before` to `after`."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def onset(self) -> datetime:
        """The wall clock before the change, which DTSTART is (RFC 5545 section 3.6.5)."""
        return (self.at + self.before).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """A change of each year, `time` after midnight of a weekday (Sunday is 0) of the month.

    `week` is 1 to 4, or 5 for the last; `time` may be negative, or more than a day.
    """

    month: int
    week: int
    weekday: int
    time: timedelta
    before: timedelta
    after: timedelta

    def day(self, year: int) -> date:
        """Return the day that the rule names, whose midnight `time` counts from."""
        first = date(year, self.month, 1)
        ahead = (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        if self.week == LAST_WEEK and ahead >= calendar.monthrange(year, self.month)[1]:
            ahead -= 7
        return first + timedelta(days=ahead)

    def change(self, year: int) -> Change:
        midnight = datetime.combine(self.day(year), datetime.min.time(), UTC)
        return Change(at=midnight + self.time - self.before, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """`first` holds until the listed `changes`, earliest first; then come the `yearly` ones."""

    first: timedelta
    changes: tuple[Change, ...]
    yearly: tuple[Yearly, ...]


def read_tzif(data: bytes) -> Zone:
    """Return what a TZif file of version 2 or later says; its 32-bit block is passed over."""
    at = _Block.at(data, 0, wide=False).ends
    block = _Block.at(data, at, wide=True)
    instants = struct.unpack_from(f">{block.times}q", data, at + _HEADER.size)
    indexes = data[at + _HEADER.size + 8 * block.times :][: block.times]
    kinds = at + _HEADER.size + 9 * block.times
    offsets = [
        timedelta(seconds=_KIND.unpack_from(data, kinds + _KIND.size * number)[0])
        for number in range(block.kinds)
    ]
    after = [offsets[index] for index in indexes]
    listed = zip(instants, [offsets[0], *after], after, strict=False)
    changes = tuple(
        Change(at=_EPOCH + timedelta(seconds=instant), before=old, after=new)
        for instant, old, new in listed
        if old != new
    )
    yearly = _yearly(data[block.ends :].strip(b"\n").decode("ascii"))
    return Zone(first=offsets[0], changes=changes, yearly=yearly)


@dataclass(frozen=True, slots=True)
class _Block:
    """How much one block holds, and where it ends (RFC 9636 sections 3.1 and 3.2)."""

    times: int
    kinds: int
    ends: int

    @classmethod
    def at(cls, data: bytes, begins: int, *, wide: bool) -> _Block:
        magic, version, isut, isstd, leaps, times, kinds, letters = _HEADER.unpack_from(
            data, begins
        )
        if magic != b"TZif" or version < b"2":
            raise UnknownRule(f"no TZif file of version 2 or later: {magic + version!r}")
        width = 8 if wide else 4
        size = times * (width + 1) + kinds * _KIND.size + letters + leaps * (width + 4)
        return cls(times=times, kinds=kinds, ends=begins + _HEADER.size + size + isstd + isut)


def _yearly(footer: str) -> tuple[Yearly, ...]:
    """Read the rule for the years to come (POSIX TZ, RFC 9636 section 3.3); none: no changes."""
    match = _FOOTER.fullmatch(footer)
    if match is None:
        raise UnknownRule(f"{footer!r} is no rule with weekdays of a month")
    standard, summer, begins, begins_time, ends, ends_time = match.groups()
    if begins is None:
        return ()
    winter_offset = -_time(standard)  # POSIX counts westward
    summer_offset = winter_offset + _HOUR if summer is None else -_time(summer)
    return (
        _rule(begins, begins_time, winter_offset, summer_offset),
        _rule(ends, ends_time, summer_offset, winter_offset),
    )


def _rule(day: str, time: str | None, before: timedelta, after: timedelta) -> Yearly:
    month, week, weekday = (int(number) for number in day[1:].split("."))
    return Yearly(
        month=month,
        week=week,
        weekday=weekday,
        time=_TWO if time is None else _time(time),
        before=before,
        after=after,
    )


def _time(text: str) -> timedelta:
    hours, minutes, seconds, *_ = [*text.lstrip("+-").split(":"), "0", "0"]
    span = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -span if text.startswith("-") else span
