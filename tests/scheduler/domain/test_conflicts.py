"""What is in the way is told for every date."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.conflicts import Conflict, Diaries, Reason, conflicts_of
from services.scheduler.domain.errors import HourTaken
from services.scheduler.domain.wall_clock import instant, weekly_slots
from services.scheduler.domain.working_hours import WorkingHours

NEW_YORK = ZoneInfo("America/New_York")
FIRST = date(2027, 2, 16)
SLOTS = weekly_slots(FIRST, time(15), 16, NEW_YORK)
ANY_TIME = Availability(hours=(), zone=NEW_YORK)
FREE = Diaries(clinician=(), clients=(), availability=ANY_TIME)


def diaries(
    clinician: tuple[int, ...] = (),
    clients: tuple[int, ...] = (),
    hours: tuple[WorkingHours, ...] = (),
) -> Diaries:
    return Diaries(
        clinician=[SLOTS[n] for n in clinician],
        clients=[SLOTS[n] for n in clients],
        availability=Availability(hours=hours, zone=NEW_YORK),
    )


def reasons(found: tuple[Conflict, ...]) -> list[tuple[int, str]]:
    return [((conflict.date - FIRST).days // 7, conflict.reason.value) for conflict in found]


def test_a_free_hour_has_no_conflict() -> None:
    assert conflicts_of(SLOTS, FREE, NEW_YORK) == ()


def test_every_date_in_the_way_is_told_once_in_order() -> None:
    found = conflicts_of(SLOTS, diaries(clinician=(9, 3), clients=(3, 4)), NEW_YORK)
    assert reasons(found) == [(3, "clinician_busy"), (4, "client_busy"), (9, "clinician_busy")]


def test_hours_that_are_not_worked_are_conflicts() -> None:
    mornings = WorkingHours(weekday=1, start=540, end=720)
    found = conflicts_of(SLOTS, diaries(hours=(mornings,)), NEW_YORK)
    assert [conflict.reason for conflict in found] == [Reason.OUTSIDE_WORKING_HOURS] * 16


def test_no_recorded_hours_are_not_checked() -> None:
    assert conflicts_of(weekly_slots(FIRST, time(3), 2, NEW_YORK), FREE, NEW_YORK) == ()


def test_an_hour_may_start_when_another_ends() -> None:
    before = weekly_slots(FIRST, time(14), 16, NEW_YORK)
    busy = Diaries(clinician=before, clients=before, availability=ANY_TIME)
    assert conflicts_of(SLOTS, busy, NEW_YORK) == ()


def test_a_refusal_tells_the_local_date_and_the_instant() -> None:
    evening = weekly_slots(FIRST, time(20), 1, NEW_YORK)  # the next day already in UTC
    busy = Diaries(clinician=evening, clients=(), availability=ANY_TIME)
    refusal = HourTaken(conflicts_of(evening, busy, NEW_YORK))
    assert refusal.members["conflicts"] == [
        {
            "date": "2027-02-16",
            "starts_at": "2027-02-16T20:00:00-05:00",
            "reason": "clinician_busy",
        }
    ]
    assert evening[0].starts_at == instant(FIRST, time(20), NEW_YORK)
