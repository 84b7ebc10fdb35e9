"""When a reader is reminded: quiet hours bring it forward, and the nearest rule holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.people import Person, QuietHours, Role, Wishes
from services.notifier.domain.practice import Practice
from services.notifier.domain.timing import at_wall_time, before_quiet, timing_of
from shared.zones import zone
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW

NIGHT = QuietHours(time(21), time(8))
NOON = QuietHours(time(12), time(13))
ZONES = [NEW_YORK, "America/Phoenix", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def in_new_york(day: int, at: time) -> datetime:
    return at_wall_time(date(2027, 2, day), at, NEW_YORK)


@pytest.mark.parametrize(
    ("quiet", "due", "expected"),
    [
        (NIGHT, (16, time(14)), (16, time(14))),
        (NIGHT, (16, time(7, 30)), (15, time(20, 59))),
        (NIGHT, (16, time(23)), (16, time(20, 59))),
        (NIGHT, (16, time(21)), (16, time(20, 59))),
        (NIGHT, (16, time(8)), (16, time(8))),
        (NOON, (16, time(12, 15)), (16, time(11, 59))),
        (NOON, (16, time(13)), (16, time(13))),
    ],
)
def test_a_reminder_in_quiet_hours_goes_before_them(
    quiet: QuietHours, due: tuple[int, time], expected: tuple[int, time]
) -> None:
    assert before_quiet(in_new_york(*due), quiet, NEW_YORK) == in_new_york(*expected)


@given(
    after=st.timedeltas(timedelta(0), timedelta(days=800)),
    begin=st.integers(0, 23),
    end=st.integers(0, 23),
    name=st.sampled_from(ZONES),
)
def test_nothing_is_sent_later_than_planned_and_nothing_in_quiet_hours(
    after: timedelta, begin: int, end: int, name: str
) -> None:
    if begin == end:
        return
    moment, clock = NOW + after, zone(name)
    due = before_quiet(moment, QuietHours(time(begin), time(end)), name)
    assert moment - timedelta(hours=26) <= due <= moment
    hour = due.astimezone(clock).hour
    quiet = begin <= hour < end if begin < end else hour >= begin or hour < end
    clocks_changed = due.astimezone(clock).utcoffset() != moment.astimezone(clock).utcoffset()
    assert not quiet or clocks_changed


def test_quiet_hours_are_hours() -> None:
    with pytest.raises(ValueError, match="another time"):
        QuietHours(time(9), time(9))


def person(role: Role = Role.CLIENT, **wishes: object) -> Person:
    return Person(
        id=DANA_ID if role is Role.CLINICIAN else KIM_ID,
        revision=1,
        name="",
        email="",
        timezone=NEW_YORK,
        locale="en",
        link_generation=0,
        role=role,
        wishes=Wishes(**wishes),  # type: ignore[arg-type] # each test names its own
    )


def test_the_readers_own_rule_holds_before_the_clinicians_the_practices_and_the_installed() -> None:
    kim, dana = person(offsets=(2 * HOUR,)), person(Role.CLINICIAN, offsets=(3 * HOUR,))
    settled, installed = Practice(offsets=(4 * HOUR,)), (DAY, HOUR)

    def offsets(reader: Person, clinician: Person | None, practice: Practice) -> object:
        return timing_of(reader, clinician, practice, installed).offsets

    assert offsets(kim, dana, settled) == (2 * HOUR,)
    assert offsets(person(), dana, settled) == (3 * HOUR,)
    assert offsets(person(), person(Role.CLINICIAN), settled) == (4 * HOUR,)
    assert offsets(person(), None, Practice()) == installed
    assert offsets(person(offsets=()), dana, settled) == ()


def test_quiet_hours_are_the_readers_own_or_the_practices() -> None:
    settled = Practice(quiet_hours=NIGHT)
    assert timing_of(person(), None, settled, ()).quiet_hours == NIGHT
    assert timing_of(person(quiet_hours=NOON), None, settled, ()).quiet_hours == NOON
    assert timing_of(person(), None, Practice(), ()).quiet_hours is None
