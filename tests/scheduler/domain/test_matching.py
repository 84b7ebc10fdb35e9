"""Who suits comes first, by points that add up; who does not comes last, with every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from services.scheduler.domain.limits import Cause, Limit
from services.scheduler.domain.matching import Candidate, Match, WeeklyHour, ranked
from services.scheduler.domain.people import Clinician, License
from services.scheduler.domain.requests import AgeGroup, Need
from tests.cast import DANA_ID, NEW_YORK, ORTIZ_ID

FIRST = date(2027, 2, 16)
WEEK = timedelta(weeks=1)
DATES = tuple(FIRST + n * WEEK for n in range(16))
NEED = Need(
    age_group=AgeGroup.TEEN,
    state="US-NY",
    concerns=("grief_and_loss", "role_transition"),
    languages=("es-MX",),
)
THIRD_ID = UUID(int=3)


def clinician(id: UUID = DANA_ID, **other: object) -> Clinician:
    who = Clinician(id=id, revision=1, name="C", email="c@x.example", timezone=NEW_YORK)
    make: type = Clinician
    known = {name: getattr(who, name) for name in Clinician.__dataclass_fields__}
    found: Clinician = make(**(known | other))
    return found


def hour(weekday: str = "tuesday", dates: tuple[date, ...] = DATES) -> WeeklyHour:
    return WeeklyHour(
        weekday=weekday, at=time(15), timezone=NEW_YORK, first_date=dates[0], dates=dates
    )


def candidate(who: Clinician, hours: int = 1, courses_held: int = 0) -> Candidate:
    return Candidate(clinician=who, hours=(hour(),) * hours, courses_held=courses_held)


def points(match: Match) -> dict[str, int]:
    return {part.name: part.points for part in match.parts}


def test_the_best_clinician_there_can_be_has_a_hundred_points() -> None:
    best = clinician(
        concerns=("role_transition", "grief_and_loss"), languages=("en", "es"), capacity=10
    )
    [match] = ranked(NEED, [candidate(best, hours=5)], DATES)
    assert points(match) == {"concerns": 40, "language": 25, "hours": 20, "load": 15}
    assert match.score == 100
    assert sum(part.of for part in match.parts) == 100


def test_each_part_counts_for_itself() -> None:
    half = clinician(concerns=("grief_and_loss", "sleep"), languages=("en",), capacity=10)
    [match] = ranked(NEED, [candidate(half, hours=2, courses_held=4)], DATES)
    assert points(match) == {"concerns": 20, "language": 0, "hours": 8, "load": 9}
    facts = {part.name: part.facts for part in match.parts}
    assert facts["concerns"] == {
        "asked": ["grief_and_loss", "role_transition"],
        "matched": ["grief_and_loss"],
    }
    assert facts["load"] == {"courses_held": 4, "capacity": 10}


def test_what_is_not_recorded_gives_no_points_and_says_so() -> None:
    [match] = ranked(NEED, [candidate(clinician())], DATES)
    unknown = {part.name for part in match.parts if part.facts.get("standing") == "unknown"}
    assert unknown == {"concerns", "language", "load"}
    assert points(match) == {"concerns": 0, "language": 0, "hours": 4, "load": 15}


def test_who_asks_for_nothing_special_finds_it_with_everyone() -> None:
    [match] = ranked(Need(age_group=AgeGroup.ADULT), [candidate(clinician())], DATES)
    assert (points(match)["concerns"], points(match)["language"]) == (40, 25)


def test_better_points_come_first_then_fewer_courses_then_the_id() -> None:
    fit = candidate(clinician(ORTIZ_ID, concerns=NEED.concerns, capacity=10), courses_held=5)
    idle = candidate(clinician(DANA_ID))
    twin = candidate(clinician(THIRD_ID))
    for order in ([fit, idle, twin], [twin, idle, fit]):
        found = ranked(NEED, order, DATES)
        assert [each.clinician_id for each in found] == [ORTIZ_ID, THIRD_ID, DANA_ID]


def test_fewer_courses_break_a_tie_of_points() -> None:
    busy = candidate(clinician(THIRD_ID, capacity=1000), courses_held=1)
    idle = candidate(clinician(DANA_ID, capacity=1000), courses_held=0)
    assert ranked(NEED, [busy, idle], DATES)[0].clinician_id == DANA_ID
    more = candidate(clinician(THIRD_ID, capacity=1000), courses_held=2)
    tied = ranked(NEED, [more, busy], DATES)
    assert tied[0].score == tied[1].score
    assert [each.courses_held for each in tied] == [1, 2]


def test_who_is_out_comes_last_with_every_reason_and_no_points() -> None:
    out = clinician(
        DANA_ID, concerns=NEED.concerns, age_groups=("adult",), licenses=(License(state="US-NJ"),)
    )
    nowhere = Candidate(clinician=out, hours=(), courses_held=0)
    found = ranked(NEED, [nowhere, candidate(clinician(ORTIZ_ID))], DATES)
    assert [each.clinician_id for each in found] == [ORTIZ_ID, DANA_ID]
    last = found[-1]
    assert last.is_out
    assert (last.score, last.parts, last.hours) == (0, (), ())
    assert [each.cause for each in last.findings if each.cause] == [
        Cause.NOT_LICENSED,
        Cause.OTHER_AGE_GROUP,
        Cause.NO_HOURS,
    ]


def test_a_license_that_ends_before_the_course_rules_out_with_its_date() -> None:
    ends = DATES[-1] - timedelta(days=1)
    short = clinician(licenses=(License(state="US-NY", until=ends),))
    [match] = ranked(NEED, [candidate(short)], DATES)
    found = {each.limit: each for each in match.findings}[Limit.LICENSE]
    assert (found.cause, found.date) == (Cause.LICENSE_ENDS, ends)


def test_only_hours_within_the_license_are_offered() -> None:
    until = DATES[-1]
    covered, later = hour("tuesday"), hour("friday", tuple(day + 3 * WEEK for day in DATES))
    there = clinician(licenses=(License(state="US-NY", until=until),))
    one = Candidate(clinician=there, hours=(later, covered), courses_held=0)
    [match] = ranked(NEED, [one], DATES)
    assert not match.is_out
    assert match.hours == (covered,)
    other = replace(one, hours=(later,))
    assert ranked(NEED, [other], DATES)[0].is_out
