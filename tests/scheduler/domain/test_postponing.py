"""Dates that clash move to the end, and the course keeps all of its sessions."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.errors import HourTaken
from services.scheduler.domain.postponing import MOST_IN_A_ROW, first_free, not_past
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import weekly_slots
from tests.cast import NEW_YORK

CLOCK = ZoneInfo(NEW_YORK)
TUESDAYS = weekly_slots(date(2027, 2, 16), time(15), 40, CLOCK)


def clash(slot: Slot) -> Conflict:
    local = slot.starts_at.astimezone(CLOCK)
    return Conflict(date=local.date(), starts_at=local, reason=Reason.CLINICIAN_BUSY)


def test_two_taken_weeks_put_two_sessions_at_the_end() -> None:
    taken = [TUESDAYS[3], TUESDAYS[7]]
    plan = first_free(TUESDAYS, [clash(slot) for slot in taken], 16)
    assert len(plan.slots) == 16
    assert plan.slots[-1] == TUESDAYS[17]
    assert [conflict.date for conflict in plan.postponed] == [date(2027, 3, 9), date(2027, 4, 6)]


def test_a_clash_after_the_last_of_them_is_not_told() -> None:
    assert first_free(TUESDAYS, [clash(TUESDAYS[20])], 16).postponed == ()


@given(
    taken=st.sets(st.integers(0, 39), max_size=24),
    wanted=st.integers(1, 16),
    most=st.integers(1, 40),
)
def test_count_and_order_are_kept_and_nothing_clashes(
    taken: set[int], wanted: int, most: int
) -> None:
    conflicts = [clash(TUESDAYS[place]) for place in sorted(taken)]
    try:
        plan = first_free(TUESDAYS, conflicts, wanted, most_in_a_row=most)
    except HourTaken as refusal:
        dates = [conflict.date for conflict in refusal.conflicts]
        assert len(dates) > most
        return
    assert len(plan.slots) == wanted
    assert list(plan.slots) == sorted(set(plan.slots))
    places = [TUESDAYS.index(slot) for slot in plan.slots]
    assert not taken.intersection(places)
    put_off = [conflict.date for conflict in plan.postponed]
    skipped = sorted(set(range(places[-1])) - set(places))
    assert put_off == [TUESDAYS[n].starts_at.astimezone(CLOCK).date() for n in skipped]


def test_too_many_weeks_in_a_row_are_refused_with_each_of_them() -> None:
    conflicts = [clash(slot) for slot in TUESDAYS[2:9]]
    with pytest.raises(HourTaken) as refusal:
        first_free(TUESDAYS, conflicts, 16)
    assert len(refusal.value.conflicts) == MOST_IN_A_ROW + 1
    assert refusal.value.conflicts[0].date == date(2027, 3, 2)


def test_every_second_week_may_clash_since_no_two_are_in_a_row() -> None:
    plan = first_free(TUESDAYS, [clash(slot) for slot in TUESDAYS[0:20:2]], 10)
    assert plan.slots == TUESDAYS[1:20:2]
    assert len(plan.postponed) == 10


def test_the_horizon_bounds_what_is_put_off_and_not_what_was_asked_for() -> None:
    horizon = TUESDAYS[9].starts_at
    assert not_past(horizon, TUESDAYS, 4) == TUESDAYS[:10]
    assert not_past(horizon, TUESDAYS, 16) == TUESDAYS[:16]
    with pytest.raises(HourTaken):
        first_free(not_past(horizon, TUESDAYS, 10), [clash(TUESDAYS[0])], 10)
