"""What rules a clinician out, with its date; what is not recorded rules nobody out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.scheduler.domain.errors import NotSuitable
from services.scheduler.domain.limits import (
    Cause,
    Limit,
    Plan,
    Standing,
    findings,
    license_finding,
    require_suitable,
    unmet,
)
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import Clinician, License
from services.scheduler.domain.requests import AgeGroup, Need
from services.scheduler.domain.sessions import Kind
from tests.cast import DANA_ID, NEW_YORK

FIRST = date(2027, 2, 16)
TUESDAYS = [FIRST + n * timedelta(weeks=1) for n in range(16)]
LAST = TUESDAYS[-1]
DAY = timedelta(days=1)
HERE = "US-NY"
DANA = Clinician(
    id=DANA_ID, revision=1, name="Dana Reyes", email="dana@x.example", timezone=NEW_YORK
)
GRACE = Override(by="Ana at the desk", reason="renewal is on its way")


def plan(need: Need, courses_held: int = 0, kind: Kind = Kind.COURSE) -> Plan:
    return Plan(need=need, dates=TUESDAYS, courses_held=courses_held, kind=kind)


def told(
    licenses: list[License], state: str | None = HERE
) -> tuple[Standing, Cause | None, date | None]:
    found = license_finding(licenses, state, TUESDAYS)
    return found.standing, found.cause, found.date


@pytest.mark.parametrize(
    ("licenses", "standing", "cause", "day"),
    [
        ([License(state=HERE)], Standing.MET, None, None),
        ([License(state=HERE, since=FIRST, until=LAST)], Standing.MET, None, None),
        (
            [License(state=HERE, until=LAST - DAY)],
            Standing.NOT_MET,
            Cause.LICENSE_ENDS,
            LAST - DAY,
        ),
        (
            [License(state=HERE, since=FIRST + DAY)],
            Standing.NOT_MET,
            Cause.LICENSE_STARTS,
            FIRST + DAY,
        ),
        ([License(state="US-NJ")], Standing.NOT_MET, Cause.NOT_LICENSED, None),
        (
            [License(state=HERE, until=FIRST - DAY)],
            Standing.NOT_MET,
            Cause.LICENSE_ENDS,
            FIRST - DAY,
        ),
        ([], Standing.UNKNOWN, None, None),
    ],
    ids=["always", "to the day", "a day short", "a day late", "elsewhere", "long over", "unsaid"],
)
def test_a_license_holds_by_date(
    licenses: list[License], standing: Standing, cause: Cause | None, day: date | None
) -> None:
    assert told(licenses) == (standing, cause, day)


def test_a_renewed_license_counts_as_one() -> None:
    middle = date(2027, 4, 1)
    one = License(state=HERE, until=middle)
    assert told([License(state=HERE, since=middle + DAY), one]) == (Standing.MET, None, None)
    # Between the two, no Tuesday may lie bare.
    late = License(state=HERE, since=middle + 10 * DAY)
    assert told([one, late]) == (Standing.NOT_MET, Cause.LICENSE_ENDS, middle)


def test_nobody_is_ruled_out_where_it_is_not_known_where_the_client_lives() -> None:
    assert told([License(state="US-NJ")], None) == (Standing.UNKNOWN, None, None)


def test_of_a_clinician_of_whom_nothing_is_recorded_everything_but_that_is_unknown() -> None:
    found = findings(DANA, plan(Need(age_group=AgeGroup.TEEN, state=HERE)))
    assert [(each.limit, each.standing) for each in found] == [
        (Limit.LICENSE, Standing.UNKNOWN),
        (Limit.AGE_GROUP, Standing.UNKNOWN),
        (Limit.ACCEPTING, Standing.MET),
        (Limit.CAPACITY, Standing.UNKNOWN),
    ]


def test_every_reason_is_told_and_not_only_the_first() -> None:
    strict = replace(
        DANA,
        licenses=(License(state="US-NJ"),),
        age_groups=("adult",),
        accepting_clients=False,
        capacity=3,
    )
    out = unmet(findings(strict, plan(Need(age_group=AgeGroup.TEEN, state=HERE), courses_held=3)))
    assert [each.cause for each in out] == [
        Cause.NOT_LICENSED,
        Cause.OTHER_AGE_GROUP,
        Cause.NOT_ACCEPTING,
        Cause.FULL,
    ]


@pytest.mark.parametrize("word", ["teen", "teens", "Teens"])
def test_an_age_group_is_met_in_its_usual_spellings(word: str) -> None:
    seen = replace(DANA, age_groups=(word,))
    assert unmet(findings(seen, plan(Need(age_group=AgeGroup.TEEN)))) == ()
    assert unmet(findings(seen, plan(Need(age_group=AgeGroup.ADULT)))) != ()


def test_who_turns_eighteen_after_the_first_session_stays_a_teen() -> None:
    teens = replace(DANA, age_groups=("teen",))
    after_the_first = date(2009, 2, 17)
    assert unmet(findings(teens, plan(Need(born=after_the_first)))) == ()
    assert unmet(findings(teens, plan(Need(born=after_the_first - DAY)))) != ()


def test_a_place_is_left_until_the_capacity_is_reached() -> None:
    three = replace(DANA, capacity=3)
    adult = Need(age_group=AgeGroup.ADULT)
    assert unmet(findings(three, plan(adult, courses_held=2))) == ()
    assert [each.cause for each in unmet(findings(three, plan(adult, courses_held=3)))] == [
        Cause.FULL
    ]


def test_a_follow_up_takes_no_place() -> None:
    full = replace(DANA, capacity=0, accepting_clients=False)
    adult = Need(age_group=AgeGroup.ADULT)
    assert unmet(findings(full, plan(adult, kind=Kind.FOLLOW_UP))) == ()


def test_only_a_named_override_passes_over_a_limit() -> None:
    closed = replace(DANA, accepting_clients=False)
    wanted = plan(Need(age_group=AgeGroup.ADULT))
    with pytest.raises(NotSuitable) as refused:
        require_suitable(closed, wanted, None)
    assert refused.value.members["reasons"] == [
        {"limit": "accepting", "standing": "not_met", "cause": "not_accepting"}
    ]
    passed_over = require_suitable(closed, wanted, GRACE)
    assert [each.cause for each in passed_over] == [Cause.NOT_ACCEPTING]
    assert require_suitable(DANA, wanted, None) == ()
