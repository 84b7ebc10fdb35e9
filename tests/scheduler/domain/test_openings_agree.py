"""What is listed as an opening is what a booking finds, hour by hour, whatever the zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.conflicts import Diaries, Reason, conflicts_of
from services.scheduler.domain.hour_marks import Taken, marks_of
from services.scheduler.domain.minutes import minutes_of
from services.scheduler.domain.openings import Cause, Opening, Search
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.domain.stretches import without
from services.scheduler.domain.time_off import Days
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.domain.weekly_search import Marked, WeeklySearch
from services.scheduler.domain.working_hours import WorkingHours
from shared.zones import zone
from tests.cast import DANA_ID

DAY: Final = timedelta(days=1)
ZONES: Final = (
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "UTC",
)
CHANGES: Final = (date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4), date(2027, 11, 7))
SAME: Final = {
    Reason.CLINICIAN_BUSY: {Cause.TAKEN},
    Reason.CLIENT_BUSY: {Cause.TAKEN},
    Reason.HELD: {Cause.HELD},
    Reason.HOLIDAY: {Cause.HOLIDAY},
    Reason.TIME_OFF: {Cause.TIME_OFF},
    Reason.BUFFER: {Cause.BUFFER},
    Reason.OUTSIDE_WORKING_HOURS: {Cause.OUTSIDE_WORKING_HOURS, Cause.CLOCK_CHANGE},
}


@dataclass(frozen=True, kw_only=True)
class World:
    """One clinician's diary, and what is searched for in it."""

    search: Search
    diaries: Diaries
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.search.timezone)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A few weeks around a change of clocks, with something of everything."""
    first = draw(st.sampled_from(CHANGES)) - draw(st.integers(0, 20)) * DAY
    clock = zone(draw(st.sampled_from(ZONES)))
    noon = datetime.combine(first, time(12), tzinfo=UTC)

    def slots(count: int, longest: int) -> list[Slot]:
        found = []
        for _ in range(draw(st.integers(0, count))):
            start = noon + timedelta(minutes=15 * draw(st.integers(-200, 3000)))
            start += timedelta(seconds=draw(st.sampled_from((0, 0, 30))))
            found.append(Slot(starts_at=start, ends_at=start + draw(lengths) * longest))
        return found

    lengths = st.sampled_from([timedelta(minutes=15), timedelta(minutes=60)])
    extra = [_to_the_minute(slot) for slot in slots(3, 1)]
    free_days = draw(st.lists(st.integers(-1, 30), max_size=4))
    days_off = [Days(first=first + n * DAY, last=first + n * DAY).slot(clock) for n in free_days]
    now = noon + timedelta(hours=draw(st.integers(-100, 48)))
    diaries = Diaries(
        clinician=slots(25, 1),
        clients=slots(5, 1),
        held=slots(3, 1),
        availability=Availability(
            hours=draw(st.lists(working_hours(first), max_size=12)),
            zone=clock,
            extra_hours=extra,
            time_off=slots(2, 30),
            holidays=without(days_off, extra),
            buffer=timedelta(minutes=draw(st.sampled_from((0, 0, 10, 60)))),
            earliest=now + timedelta(minutes=draw(st.sampled_from((0, 90, 2880)))),
            latest=now + timedelta(days=draw(st.sampled_from((4, 600)))),
        ),
    )
    return World(search=draw(searches(first)), diaries=diaries, now=now)


@st.composite
def searches(draw: st.DrawFn, first: date) -> Search:
    return Search(
        timezone=draw(st.sampled_from(ZONES)),
        first=first,
        last=first + 6 * DAY,
        sessions=draw(st.integers(1, 5)),
        exceptions=draw(st.integers(0, 4)),
    )


def _to_the_minute(slot: Slot) -> Slot:
    """Extra hours are entered in minutes."""
    start = slot.starts_at.replace(second=0)
    return Slot(starts_at=start, ends_at=slot.ends_at.replace(second=0))


@st.composite
def working_hours(draw: st.DrawFn, first: date) -> WorkingHours:
    start = 30 * draw(st.integers(0, 40))
    since = draw(st.sampled_from((date.min, date.min, first + 10 * DAY)))
    return WorkingHours(
        weekday=draw(st.integers(0, 6)),
        start=start,
        end=min(1440, start + 30 * draw(st.integers(1, 24))),
        since=since,
        until=draw(st.sampled_from((date.max, date.max, first + 16 * DAY))),
    )


def openings_of(world: World) -> dict[tuple[date, int], Opening]:
    hours, diaries = world.search.hours(), world.diaries
    taken = Taken(
        clinician=list(map(minutes_of, diaries.clinician)),
        client=list(map(minutes_of, diaries.clients)),
        held=list(map(minutes_of, diaries.held)),
    )
    marked = Marked(
        clinician_id=DANA_ID,
        availability=diaries.availability,
        marks=marks_of(hours, diaries.availability, taken),
    )
    search = WeeklySearch(world.search, hours, marked, now=world.now)
    found = [search.opening(each) for each in search.found(0)]
    return {(each.first_date, each.at.hour): each for each in found}


def expected_of(world: World, day: date, hour: int) -> dict[date, set[Cause]] | None:
    """Return the exceptions that a booking of this hour makes likely, or None for no opening."""
    search, available = world.search, world.diaries.availability
    slots = weekly_slots(day, time(hour), search.sessions, world.zone)
    assert available.earliest is not None
    assert available.latest is not None
    begins = slots[0].starts_at
    if begins <= world.now or not available.earliest <= begins <= available.latest:
        return None
    found = {
        each.date: SAME[each.reason] for each in conflicts_of(slots, world.diaries, world.zone)
    }
    for slot in slots:
        local = slot.starts_at.astimezone(world.zone)
        if local.hour != hour or local.minute:
            found.setdefault(local.date(), {Cause.CLOCK_CHANGE})
    return found if len(found) <= search.most_exceptions else None


@settings(max_examples=60)
@given(worlds())
def test_every_hour_is_listed_just_as_a_booking_would_find_it(world: World) -> None:
    found = openings_of(world)
    for hour in range(24):
        for n in range(7):
            day = world.search.first + n * DAY
            expected, opening = expected_of(world, day, hour), found.get((day, hour))
            assert (opening is None) == (expected is None), (day, hour)
            if opening is not None and expected is not None:
                told = {gap.date: gap.cause for gap in opening.gaps}
                assert told.keys() == expected.keys()
                assert all(told[date] in expected[date] for date in told)
                slots = weekly_slots(day, time(hour), world.search.sessions, world.zone)
                assert opening.starts == tuple(slot.starts_at for slot in slots)


@settings(max_examples=60)
@given(worlds())
def test_a_substitute_can_be_had_and_lies_apart_from_the_rest(world: World) -> None:
    for opening in openings_of(world).values():
        gaps = {gap.date for gap in opening.gaps}
        kept = [s for s in opening.starts if s.astimezone(world.zone).date() not in gaps]
        instead = [gap.substitute for gap in opening.gaps if gap.substitute is not None]
        for moment in instead:
            assert conflicts_of([Slot.hour_from(moment)], world.diaries, world.zone) == () or (
                moment > (world.diaries.availability.latest or moment)
            )
        least = HOUR + world.diaries.availability.buffer
        together = sorted([*kept, *instead])
        assert all(b - a >= least for a, b in pairwise(together))
        for gap in opening.gaps:
            if gap.substitute is not None:
                there = gap.substitute.astimezone(world.zone).date()
                same_week = there.isocalendar()[:2] == gap.date.isocalendar()[:2]
                last = opening.starts[-1].astimezone(world.zone).date()
                assert same_week or (there > last and there.weekday() == gap.date.weekday())
