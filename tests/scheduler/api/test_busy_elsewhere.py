"""Hours that are taken in a clinician's own calendar are not given to anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from services.scheduler import jobs
from services.scheduler.consumer import apply_calendars
from shared.events.data import BusyBlock, BusyChanged
from shared.events.envelope import tell
from shared.web.keys import DATABASE
from tests.scheduler.api.test_availability import refused
from tests.scheduler.api.test_overrides import BY
from tests.scheduler.practice import TUESDAYS, Practice, problem_of

HOUR: Final = timedelta(hours=1)
CALENDAR: Final = UUID("ca1e0000-0000-4000-8000-000000000001")
OTHER: Final = UUID("ca1e0000-0000-4000-8000-000000000002")
SECOND: Final = datetime(2027, 2, 23, 20, 30, tzinfo=UTC)  # half past three in New York
THIRD: Final = datetime(2027, 3, 2, 19, 0, tzinfo=UTC)  # from two to four


async def busy(
    practice: Practice,
    clinician: str,
    *starts: datetime,
    revision: int = 1,
    hours: int = 2,
    calendar: UUID = CALENDAR,
    read_at: datetime | None = None,
    removed: bool = False,
) -> None:
    """Tell that so many hours from each of these are taken, and no others."""
    news = BusyChanged(
        calendar_id=calendar,
        clinician_id=UUID(clinician),
        revision=revision,
        blocks=tuple(BusyBlock(starts_at=each, ends_at=each + hours * HOUR) for each in starts),
        read_at=read_at or practice.clock.now(),
        removed=removed,
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


async def tasks(practice: Practice) -> list[tuple[str, str]]:
    """Let the clock look for stale calendars, and return what staff are asked to see to."""
    await jobs.ask_about_stale_once(practice.client.app)
    found = (await (await practice.get("/v1/tasks")).json())["tasks"]
    return [(each["kind"], each["subject_id"]) for each in found]


async def opening(practice: Practice, clinician: str) -> dict[str, object]:
    """Return how old the first opening is in what it says of calendars outside."""
    answer = await practice.get("/v1/openings", clinician_id=clinician, sessions="1", limit="1")
    (found,) = (await answer.json())["openings"]
    return {name: value for name, value in found.items() if name.startswith("busy_")}


async def test_openings_and_conflicts_tell_how_old_the_news_is(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    assert await opening(practice, dana) == {}
    read_at = practice.clock.now()
    await busy(practice, dana, SECOND)
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "sessions": 4}
    for hours, stale in ((24, False), (1, True)):
        practice.clock.advance(hours * HOUR)
        told = {"busy_as_of": read_at.isoformat(), "busy_stale": stale}
        assert await opening(practice, dana) == told
        problem = await problem_of(await practice.post("/v1/courses", body), 409)
        (conflict,) = problem["conflicts"]
        assert conflict["reason"] == "busy_elsewhere"
        assert {name: conflict[name] for name in told} == told


async def test_of_two_calendars_the_older_news_is_told(practice: Practice) -> None:
    dana = await practice.clinician()
    await busy(practice, dana, SECOND)
    first = practice.clock.now()
    practice.clock.advance(HOUR)
    await busy(practice, dana, THIRD, calendar=OTHER)
    assert await opening(practice, dana) == {"busy_as_of": first.isoformat(), "busy_stale": False}


async def test_a_conflict_of_another_kind_tells_nothing_of_calendars(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.course(dana, kim)
    await busy(practice, dana, datetime(2028, 1, 1, tzinfo=UTC))
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "sessions": 1}
    problem = await problem_of(await practice.post("/v1/courses", body), 409)
    assert "busy_as_of" not in problem["conflicts"][0]


async def test_staff_are_asked_once_about_a_calendar_that_was_not_read_for_a_day(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    await busy(practice, dana, SECOND)
    practice.clock.advance(24 * HOUR)
    assert await tasks(practice) == []
    practice.clock.advance(HOUR)
    assert await tasks(practice) == [("calendar_stale", dana)]
    (task,) = (await (await practice.get("/v1/tasks")).json())["tasks"]
    await practice.post(f"/v1/tasks/{task['id']}/done", {})
    assert await tasks(practice) == []
    await busy(practice, dana, SECOND, revision=2, read_at=practice.clock.now() - 25 * HOUR)
    assert await tasks(practice) == []  # the calendar feed says only what is known
    await busy(practice, dana, SECOND, revision=3)
    assert await tasks(practice) == []
    practice.clock.advance(25 * HOUR)
    assert await tasks(practice) == [("calendar_stale", dana)]


async def test_nobody_is_asked_about_a_calendar_that_is_read_no_more(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await busy(practice, dana, SECOND)
    await busy(practice, dana, revision=2, removed=True)
    practice.clock.advance(25 * HOUR)
    assert await tasks(practice) == []
    assert await opening(practice, dana) == {}
    await practice.course(dana, kim)
