"""A course as few lines: an hour that is kept every week, and the weeks in which it is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.calendar_feed.domain.detail import Shown, Stamp
from services.calendar_feed.domain.entries import Entry, Status
from shared.zones import UnknownZone, zone

STANDS: Final = 3  # two sessions at another hour are moves, three are a new hour
_COURSES: Final = UUID("8d6f7c52-3f0b-4a53-9c1e-6a8a5d0f7e21")
_WEEK: Final = timedelta(weeks=1)
_NEAR: Final = 3  # days to either side: farther, and another week's slot is nearer


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What takes place, or no longer does, in place of the session in `slot`."""

    slot: datetime
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """One hour of each week from `shown.dtstart`, by the wall clock of `tzid`, to `until` (UTC).

    Nothing lies in the slots of `left_out`. Every time but `until` is in that zone, and none is
    a wall clock that does not exist or exists twice, which readers take for different instants.
    """

    tzid: str
    shown: Shown
    until: datetime
    left_out: tuple[datetime, ...] = ()
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if self.until <= self.shown.dtstart:
            raise ValueError("what takes place once is no series")
        taken = [*self.left_out, *(each.slot for each in self.overrides)]
        if len(set(taken)) != len(taken):
            raise ValueError("a slot is replaced once")
        if not all(self._is_slot(slot) for slot in taken):
            raise ValueError("only a slot of the series can be replaced or left out")

    @property
    def extent(self) -> tuple[datetime, datetime]:
        """From when to when its times lie (UTC)."""
        lasts = self.shown.dtend - self.shown.dtstart
        moved = [each.shown for each in self.overrides]
        begins = [_utc(each.dtstart) for each in (self.shown, *moved)]
        return min(begins), max([self.until + lasts, *(_utc(each.dtend) for each in moved)])

    def _is_slot(self, slot: datetime) -> bool:
        weeks = slot - self.shown.dtstart  # of the wall clock, since both are in one zone
        return not weeks % _WEEK and self.shown.dtstart <= slot <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A course: what recurs, and the sessions that stand by themselves, each in order of time."""

    weekly: tuple[Weekly, ...] = ()
    single: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How many changes a clinician's calendars were told of in one course, the last of them when.

    A session that leaves for another clinician's diary is one of them, and so is one that comes:
    what is counted over those that are there would fall.
    """

    count: int
    last_at: datetime

    def with_forgotten(self, forgotten: Collection[datetime]) -> Changes:
        """Count as well that cancelled sessions are shown no more, each since one of these times.

        Every change counts twice, so that the count does not fall when such a session comes back.
        """
        return Changes(
            count=2 * self.count + len(forgotten), last_at=max([self.last_at, *forgotten])
        )


def series_of(
    entries: Iterable[Entry],
    show: Callable[[Entry], Shown],
    *,
    stamp: Stamp,
    url: str | None = None,
) -> Series:
    """Return one course as a calendar is shown it: each entry at its very instant, and once.

    `entries` is what is shown of the course, and `stamp` that of every change of it; `url` is
    where to join whichever session it is.

    An hour (weekday, wall clock, length and summary) recurs if it holds three entries or more,
    in at least half of its weeks: so a course that goes on at another hour is two series, one
    after the other, which is fewer lines than overrides would be; and as a series is named by
    its hour, no later change of another hour gives it another UID. An entry elsewhere replaces
    what is free in the week whose slot is nearest, at most three days away: no override passes
    another session, which Outlook cannot hold. Whatever is left is told by itself, in UTC.
    """
    found = sorted(entries, key=lambda each: (each.dtstart, each.session_id))
    if len({each.course_id for each in found}) > 1:
        raise ValueError("a series is of one course")
    placed = [_place(each, show(each)) for each in found]
    hours, single = _arrange(placed)
    if not hours:
        return Series(single=tuple(each.shown for each in single))
    course = _Course(
        id=str(found[0].course_id),
        stamp=stamp,
        created=min(each.shown.created for each in placed),
        url=url,
    )
    return Series(
        weekly=tuple(_weekly(hour, course) for hour in hours),
        single=tuple(each.shown for each in single),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What the VEVENTs of a course have in common: whatever changes is a change of each."""

    id: str
    stamp: Stamp
    created: datetime
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """What is shown of an entry, and its wall clock; None where a reader could mistake it."""

    shown: Shown
    tzid: str
    wall: datetime | None

    @property
    def lasts(self) -> timedelta:
        return self.shown.dtend - self.shown.dtstart

    def hour(self, wall: datetime) -> str:
        """What the sessions of one series have in common."""
        length = int(self.lasts.total_seconds())
        return f"{self.tzid} {wall:%w %H:%M:%S.%f} {length} {self.shown.summary}"


@dataclass(slots=True, kw_only=True)
class _Hour:
    """An hour that recurs, so many `weeks` from `first`: who keeps it, and who only takes a week.

    Both are by the number of the week.
    """

    name: str
    tzid: str
    first: datetime
    weeks: int
    kept: dict[int, _Placed]
    moved: dict[int, _Placed]

    def slot(self, week: int) -> datetime:
        return self.first + week * _WEEK

    def is_clear(self, lasts: timedelta) -> bool:
        return all(_is_clear(self.slot(week), lasts) for week in range(self.weeks))

    def take(self, each: _Placed) -> bool:
        """Give `each` the week whose slot is nearest, if that is one of these, and free."""
        if each.wall is None or each.tzid != self.tzid:
            return False
        days = (each.wall.date() - self.first.date()).days
        week = (days + _NEAR) // 7
        if not 0 <= week < self.weeks or week in self.kept or week in self.moved:
            return False
        self.moved[week] = each
        return True


def _place(entry: Entry, shown: Shown) -> _Placed:
    try:
        wall = shown.dtstart.astimezone(zone(entry.timezone))
    except UnknownZone:
        return _Placed(shown=shown, tzid=entry.timezone, wall=None)
    clear = _is_clear(wall, shown.dtend - shown.dtstart)
    return _Placed(shown=shown, tzid=entry.timezone, wall=wall if clear else None)


def _is_clear(wall: datetime, lasts: timedelta) -> bool:
    """Whether begin and end each exist once, with the same offset (RFC 5545 section 3.3.5)."""
    ends = (wall.astimezone(UTC) + lasts).astimezone(wall.tzinfo)
    return (
        len({each.replace(fold=fold).utcoffset() for each in (wall, ends) for fold in (0, 1)}) == 1
    )


def _arrange(placed: Sequence[_Placed]) -> tuple[list[_Hour], list[_Placed]]:
    """Return the hours that recur, earliest first, and what stands by itself."""
    alike: dict[str, list[tuple[datetime, _Placed]]] = {}
    for each in placed:
        if each.wall is not None:
            alike.setdefault(each.hour(each.wall), []).append((each.wall, each))
    hours = [hour for name, group in alike.items() if (hour := _recurring(name, group))]
    kept = {id(each) for hour in hours for each in hour.kept.values()}
    rest = [each for each in placed if id(each) not in kept]
    return hours, [each for each in rest if not any(hour.take(each) for hour in hours)]


def _recurring(name: str, group: Sequence[tuple[datetime, _Placed]]) -> _Hour | None:
    """Return the hour that this group keeps, or None; a cancelled one yields to one that is on."""
    first, one = group[0]
    kept: dict[int, _Placed] = {}
    for wall, each in sorted(group, key=lambda pair: pair[1].shown.status is Status.CANCELLED):
        kept.setdefault((wall.date() - first.date()).days // 7, each)
    hour = _Hour(name=name, tzid=one.tzid, first=first, weeks=max(kept) + 1, kept=kept, moved={})
    often = len(kept) >= STANDS and 2 * len(kept) >= hour.weeks
    return hour if often and hour.is_clear(one.lasts) else None


def _weekly(hour: _Hour, course: _Course) -> Weekly:
    shown = [*hour.kept.values(), *hour.moved.values()]
    on = [each.shown for each in shown if each.shown.status is Status.CONFIRMED]
    model = hour.kept[0]
    master = Shown(
        uid=str(uuid5(_COURSES, f"{course.id} {hour.name}")),
        dtstart=hour.first,
        dtend=hour.first + model.lasts,
        sequence=course.stamp.sequence,
        status=Status.CONFIRMED if on else Status.CANCELLED,
        created=course.created,
        last_modified=course.stamp.last_modified,
        summary=model.shown.summary,
        url=course.url,
        alarms=next((each.alarms for each in on), ()),
    )
    return Weekly(
        tzid=hour.tzid,
        shown=master,
        until=_utc(hour.slot(hour.weeks - 1)),
        left_out=tuple(
            hour.slot(week)
            for week in range(hour.weeks)
            if week not in hour.kept and week not in hour.moved
        ),
        overrides=tuple(_overrides(hour, master)),
    )


def _overrides(hour: _Hour, master: Shown) -> Iterator[Override]:
    """Yield what replaces a slot: whoever is moved to it, and who keeps it but is cancelled."""
    for week, each in sorted({**hour.kept, **hour.moved}.items()):
        if week in hour.moved or each.shown.status is not master.status:
            yield Override(
                slot=hour.slot(week),
                shown=replace(
                    each.shown,
                    uid=master.uid,
                    dtstart=each.shown.dtstart.astimezone(hour.first.tzinfo),
                    dtend=each.shown.dtend.astimezone(hour.first.tzinfo),
                    sequence=master.sequence,
                    last_modified=master.last_modified,
                ),
            )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
