"""Hours that are taken in a clinician's own calendar are not given to anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from services.scheduler.consumer import apply_calendars
from shared.events.data import BusyBlock, BusyChanged
from shared.events.envelope import tell
from shared.web.keys import DATABASE
from tests.scheduler.api.test_availability import refused
from tests.scheduler.api.test_overrides import BY
from tests.scheduler.practice import TUESDAYS, Practice, problem_of

HOUR: Final = timedelta(hours=1)
CALENDAR: Final = UUID("ca1e0000-0000-4000-8000-000000000001")
SECOND: Final = datetime(2027, 2, 23, 20, 30, tzinfo=UTC)  # half past three in New York
THIRD: Final = datetime(2027, 3, 2, 19, 0, tzinfo=UTC)  # from two to four


async def busy(
    practice: Practice, clinician: str, *starts: datetime, revision: int = 1, hours: int = 2
) -> None:
    """Tell that so many hours from each of these are taken, and no others."""
    news = BusyChanged(
        calendar_id=CALENDAR,
        clinician_id=UUID(clinician),
        revision=revision,
        blocks=tuple(BusyBlock(starts_at=each, ends_at=each + hours * HOUR) for each in starts),
        read_at=practice.clock.now(),
    )
    event = tell(news, source="calendar_feed", at=practice.clock.now())
    await practice.client.app[DATABASE].write(partial(apply_calendars, event=event))


async def test_a_course_is_refused_with_every_date_that_is_taken(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, SECOND, THIRD)
    assert await refused(practice, dana, kim) == [
        "2027-02-23 busy_elsewhere",
        "2027-03-02 busy_elsewhere",
    ]
    assert (await (await practice.get("/v1/sessions")).json())["sessions"] == []


async def test_openings_name_the_weeks_that_are_taken(practice: Practice) -> None:
    dana = await practice.clinician()
    await busy(practice, dana, SECOND)
    answer = await practice.get(
        "/v1/openings",
        clinician_id=dana,
        sessions="4",
        **{"from": "2027-02-16", "until": "2027-02-16"},
        weekday="tuesday",
        earliest="15:00",
        latest="16:00",
        exceptions="1",
    )
    (opening,) = [each for each in (await answer.json())["openings"] if each["time"] == "15:00"]
    assert [(each["date"], each["reason"]) for each in opening["exceptions"]] == [
        ("2027-02-23", "busy_elsewhere")
    ]


async def test_an_hour_that_only_touches_what_is_taken_is_free(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, datetime(2027, 2, 16, 21, 0, tzinfo=UTC))  # from four on
    await practice.course(dana, kim, sessions=2)


async def test_one_session_and_a_move_are_refused_too(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, SECOND)
    people = {"clinician_id": dana, "client_ids": [kim]}
    body = people | {"kind": "consultation", "starts_at": "2027-02-23T16:00:00-05:00"}
    problem = await problem_of(await practice.post("/v1/sessions", body), 409)
    assert [each["reason"] for each in problem["conflicts"]] == ["busy_elsewhere"]
    booked = await practice.consultation(dana, kim, "2027-02-24T16:00:00-05:00")
    moved = {"starts_at": "2027-02-23T16:00:00-05:00", "scope": "this"}
    path = f"/v1/sessions/{booked['id']}/move"
    problem = await problem_of(await practice.post(path, moved), 409)
    assert [each["reason"] for each in problem["conflicts"]] == ["busy_elsewhere"]


async def test_staff_may_book_over_it_by_name(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, SECOND)
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "sessions": 4, "override": BY}
    course = await practice.made("/v1/courses", body)
    assert [each["reason"] for each in course["overridden"]] == ["busy_elsewhere"]


async def test_what_is_booked_already_stays(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim, sessions=4)
    await busy(practice, dana, SECOND, THIRD)
    found = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    assert [each["status"] for each in found["sessions"]] == ["scheduled"] * 4


async def test_the_last_news_of_a_calendar_holds_and_older_news_changes_nothing(
    practice: Practice,
) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, SECOND, revision=3)
    for old in (2, 3):
        await busy(practice, dana, THIRD, revision=old)
    assert await refused(practice, dana, kim) == ["2027-02-23 busy_elsewhere"]
    await busy(practice, dana, revision=4)
    await practice.course(dana, kim)


async def test_it_is_nobody_elses_calendar(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    ortiz = await practice.clinician(name="Luis Ortiz", email="ortiz@clinicians.example")
    await busy(practice, ortiz, SECOND, THIRD)
    await practice.course(dana, kim)
