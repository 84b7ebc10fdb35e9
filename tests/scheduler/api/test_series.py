"""A series moves, pauses, grows, changes hands and ends: whole, and told of in one event."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cast import ANA, Body
from tests.scheduler.practice import Practice, problem_of

FOUR: Body = {"sessions": 4}


async def booked(practice: Practice, **other: object) -> Body:
    """Book Kim with Dana on four Tuesdays at three, or other than that."""
    dana, kim = await practice.clinician(), await practice.person()
    return await practice.course(dana, kim, **(FOUR | other))


async def read(practice: Practice, course: Body) -> Body:
    found: Body = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    return found


def starts(sessions: list[Body]) -> list[str]:
    return [str(each["starts_at"])[5:16] for each in sessions]


TUESDAYS = ["02-16T15:00", "02-23T15:00", "03-02T15:00", "03-09T15:00"]


async def test_the_following_move_to_another_day_and_hour_in_one_event(practice: Practice) -> None:
    course = await booked(practice)
    second = course["sessions"][1]["id"]
    body = {"starts_at": "2027-02-24T16:00:00-05:00", "scope": "this_and_following"}
    told = len(await practice.told())
    moved = await practice.made(f"/v1/sessions/{second}/move", body)
    assert (moved["id"], moved["revision"]) == (second, 2)
    assert starts(moved["sessions"]) == ["02-24T16:00", "03-03T16:00", "03-10T16:00"]
    after = await read(practice, course)
    assert starts(after["sessions"]) == [TUESDAYS[0], *starts(moved["sessions"])]
    assert (after["weekday"], after["time"]) == ("wednesday", "16:00")
    (event,) = (await practice.events())[told:]
    assert (event["type"], event["subject"]) == ("course.changed.v1", course["id"])
    assert [s["revision"] for s in event["data"]["sessions"]] == [2, 2, 2]


async def test_sessions_may_take_each_others_old_hours(practice: Practice) -> None:
    course = await booked(practice)
    first = course["sessions"][0]["id"]
    week_later = {"starts_at": "2027-02-23T15:00:00-05:00", "scope": "all_remaining"}
    moved = await practice.made(f"/v1/sessions/{first}/move", week_later)
    assert starts(moved["sessions"]) == [*TUESDAYS[1:], "03-16T15:00"]


async def test_every_date_in_the_way_is_told_and_nothing_moves(practice: Practice) -> None:
    course = await booked(practice)
    ana = await practice.person(ANA)
    for day in ("2027-02-24", "2027-03-10"):
        await practice.consultation(course["clinician_id"], ana, f"{day}T15:00:00-05:00")
    path = f"/v1/sessions/{course['sessions'][0]['id']}/move"
    body = {"starts_at": "2027-02-17T15:00:00-05:00", "scope": "all_remaining"}
    told = await practice.told()
    seen = await practice.made(path, body | {"preview": True})
    assert starts(seen["sessions"])[0] == "02-17T15:00"
    problem = await problem_of(await practice.post(path, body), 409)
    assert [each["date"] for each in problem["conflicts"]] == ["2027-02-24", "2027-03-10"]
    assert seen["conflicts"] == problem["conflicts"]
    assert (await read(practice, course))["sessions"] == course["sessions"]
    assert await practice.told() == told


async def test_what_is_over_stays_where_it_was(practice: Practice) -> None:
    course = await booked(practice)
    one, two = (course["sessions"][n]["id"] for n in range(2))
    practice.clock.moment = datetime(2027, 2, 22, 12, tzinfo=UTC)
    await practice.made(f"/v1/sessions/{one}/conclude", {"outcome": "attended"})
    body = {"starts_at": "2027-02-23T10:00:00-05:00", "scope": "all_remaining"}
    moved = await practice.made(f"/v1/sessions/{two}/move", body)
    assert starts(moved["sessions"]) == ["02-23T10:00", "03-02T10:00", "03-09T10:00"]
    assert starts((await read(practice, course))["sessions"])[0] == TUESDAYS[0]


async def test_one_session_moved_past_another_is_numbered_anew(practice: Practice) -> None:
    course = await booked(practice)
    first = course["sessions"][0]["id"]
    later = {"starts_at": "2027-02-24T15:00:00-05:00"}
    moved = await practice.made(f"/v1/sessions/{first}/move", later)
    assert (moved["ordinal"], moved["revision"]) == (2, 2)
    after = (await read(practice, course))["sessions"]
    assert [(s["ordinal"], s["revision"]) for s in after] == [(1, 1), (2, 2), (3, 1), (4, 1)]
    assert (await practice.told())[-1] == "session.moved.v1"


async def test_the_rest_is_cancelled_in_one_event_and_its_hour_is_one_opening(
    practice: Practice,
) -> None:
    course = await booked(practice)
    third = course["sessions"][2]["id"]
    body = {"scope": "this_and_following", "reason": "a family matter"}
    seen = await practice.made(f"/v1/sessions/{third}/cancel", body | {"preview": True})
    assert [each["status"] for each in seen["sessions"]] == ["cancelled", "cancelled"]
    assert (await read(practice, course))["counts"]["remaining"] == 4
    gone = await practice.made(f"/v1/sessions/{third}/cancel", body)
    assert gone["freed"] == {
        "clinician_id": course["clinician_id"],
        "weekday": "tuesday",
        "time": "15:00",
        "timezone": "America/New_York",
        "first_date": "2027-03-02",
        "sessions": [{"starts_at": each["starts_at"]} for each in course["sessions"][2:]],
    }
    event = (await practice.events())[-1]
    assert (event["type"], len(event["data"]["sessions"])) == ("course.changed.v1", 2)
    assert "family" not in str(event)


async def test_cancelling_all_that_remains_ends_the_course(practice: Practice) -> None:
    course = await booked(practice)
    path = f"/v1/sessions/{course['sessions'][3]['id']}/cancel"
    await practice.made(path, {"scope": "all_remaining"})
    after = await read(practice, course)
    assert (after["status"], after["counts"]["cancelled"]) == ("ended", 4)
    event = (await practice.events())[-1]
    assert (event["type"], len(event["data"]["sessions"])) == ("course.ended.v1", 4)


async def test_a_pause_puts_off_what_comes_from_a_date_on(practice: Practice) -> None:
    course = await booked(practice)
    body = {"from": "2027-03-01", "weeks": 2}
    path = f"/v1/courses/{course['id']}/pause"
    seen = await practice.made(path, body | {"preview": True})
    assert (starts(seen["sessions"]), seen["conflicts"]) == (["03-16T15:00", "03-23T15:00"], [])
    paused = await practice.made(path, body)
    assert starts(paused["sessions"]) == [*TUESDAYS[:2], "03-16T15:00", "03-23T15:00"]
    assert paused["counts"]["remaining"] == 4
    event = (await practice.events())[-1]
    assert (event["type"], len(event["data"]["sessions"])) == ("course.changed.v1", 2)


async def test_a_pause_is_all_or_nothing(practice: Practice) -> None:
    course = await booked(practice)
    ana = await practice.person(ANA)
    await practice.consultation(course["clinician_id"], ana, "2027-03-23T15:00:00-04:00")
    path = f"/v1/courses/{course['id']}/pause"
    answer = await practice.post(path, {"from": "2027-03-01", "weeks": 2})
    problem = await problem_of(answer, 409)
    assert [each["date"] for each in problem["conflicts"]] == ["2027-03-23"]
    assert (await read(practice, course))["sessions"] == course["sessions"]
    nothing = await practice.post(path, {"from": "2027-09-01", "weeks": 2})
    assert (await problem_of(nothing, 409))["type"].endswith(":nothing-left")


async def test_a_course_grows_at_its_usual_hour(practice: Practice) -> None:
    course = await booked(practice)
    path = f"/v1/courses/{course['id']}/extend"
    seen = await practice.made(path, {"sessions": 2, "preview": True})
    assert starts(seen["sessions"]) == ["03-16T15:00", "03-23T15:00"]
    grown = await practice.made(path, {"sessions": 2})
    assert starts(grown["sessions"])[4:] == ["03-16T15:00", "03-23T15:00"]
    assert [each["ordinal"] for each in grown["sessions"]] == [1, 2, 3, 4, 5, 6]
    assert (grown["counts"]["planned"], grown["counts"]["remaining"]) == (6, 6)
    event = (await practice.events())[-1]
    added = [each["session_id"] for each in event["data"]["sessions"]]
    assert (event["type"], added) == (
        "course.changed.v1",
        [each["id"] for each in grown["sessions"][4:]],
    )


async def test_an_extension_may_put_off_what_clashes(practice: Practice) -> None:
    course = await booked(practice)
    ana = await practice.person(ANA)
    await practice.consultation(course["clinician_id"], ana, "2027-03-16T15:00:00-04:00")
    path = f"/v1/courses/{course['id']}/extend"
    problem = await problem_of(await practice.post(path, {"sessions": 2}), 409)
    assert [each["date"] for each in problem["conflicts"]] == ["2027-03-16"]
    grown = await practice.made(path, {"sessions": 2, "on_conflict": "postpone"})
    assert starts(grown["sessions"])[4:] == ["03-23T15:00", "03-30T15:00"]
    assert [each["date"] for each in grown["postponed"]] == ["2027-03-16"]


async def test_an_early_end_frees_the_hour_as_a_course(practice: Practice) -> None:
    course = await booked(practice)
    practice.clock.moment = datetime(2027, 2, 22, 12, tzinfo=UTC)
    path = f"/v1/courses/{course['id']}"
    seen = await practice.made(f"{path}/end", {"preview": True})
    assert (len(seen["sessions"]), starts(seen["freed"]["sessions"])) == (3, TUESDAYS[1:])
    assert (await read(practice, course))["counts"]["remaining"] == 4
    ended = await practice.made(f"{path}/end", {"reason": "moved away"})
    assert (ended["status"], ended["end_reason"]) == ("ended", "moved away")
    assert [each["status"] for each in ended["sessions"]] == ["scheduled", *["cancelled"] * 3]
    assert starts(ended["freed"]["sessions"]) == TUESDAYS[1:]
    event = (await practice.events())[-1]
    assert (event["type"], len(event["data"]["sessions"])) == ("course.ended.v1", 3)
    assert "moved" not in str(event["data"])
    await problem_of(await practice.post(f"{path}/end", {}), 409)
    over = await problem_of(await practice.post(f"{path}/extend", {"sessions": 1}), 409)
    assert over["type"].endswith(":course-over")
    ana = await practice.person(ANA)
    again = await practice.course(course["clinician_id"], ana, first_date="2027-02-23", sessions=3)
    assert starts(again["sessions"]) == TUESDAYS[1:]


async def test_the_last_session_concluded_ends_the_course_once(practice: Practice) -> None:
    course = await booked(practice, sessions=2)
    practice.clock.moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
    for session, outcome in zip(course["sessions"], ("attended", "no_show"), strict=True):
        path = f"/v1/sessions/{session['id']}/conclude"
        await practice.made(path, {"outcome": outcome})
    assert (await practice.told())[-3:] == [
        "session.concluded.v1",
        "session.concluded.v1",
        "course.ended.v1",
    ]
    after = await read(practice, course)
    assert after["status"] == "ended"
    assert after["counts"] == {
        "planned": 2,
        "attended": 1,
        "missed": 1,
        "cancelled": 0,
        "remaining": 0,
    }


async def test_a_missed_week_is_made_up_for_if_the_practice_wants_it(practice: Practice) -> None:
    answer = await practice.put("/v1/practice", {"missed_week_extends": True})
    assert answer.status == 200
    course = await booked(practice, sessions=2)
    ana = await practice.person(ANA)
    await practice.consultation(course["clinician_id"], ana, "2027-03-02T15:00:00-05:00")
    practice.clock.moment = datetime(2027, 2, 24, 12, tzinfo=UTC)
    for session, outcome in zip(course["sessions"], ("attended", "no_show"), strict=True):
        await practice.made(f"/v1/sessions/{session['id']}/conclude", {"outcome": outcome})
    after = await read(practice, course)
    assert after["status"] == "active"
    assert starts(after["sessions"])[2:] == ["03-09T15:00"]  # the second of March is taken
    assert (after["counts"]["planned"], after["counts"]["remaining"]) == (2, 1)
    assert (await practice.told())[-2:] == ["session.concluded.v1", "course.changed.v1"]


async def test_a_retried_change_of_a_series_happens_once(practice: Practice) -> None:
    course = await booked(practice)
    path = f"/v1/courses/{course['id']}/extend"
    one, two = [await practice.post(path, {"sessions": 1}, once="e-1") for _ in range(2)]
    assert await one.json() == await two.json()
    assert len((await read(practice, course))["sessions"]) == 5


async def test_staff_may_pass_over_a_clash_by_name(practice: Practice) -> None:
    course = await booked(practice)
    ana = await practice.person(ANA)
    await practice.consultation(course["clinician_id"], ana, "2027-03-16T15:00:00-04:00")
    said = {"by": "Noor", "reason": "both know of it"}
    path = f"/v1/courses/{course['id']}/extend"
    grown = await practice.made(path, {"sessions": 2, "override": said})
    assert [each.get("overbooked", False) for each in grown["sessions"][4:]] == [True, False]
    assert [each["date"] for each in grown["overridden"]] == ["2027-03-16"]


async def test_a_missed_week_that_no_week_can_make_up_for_is_a_task(practice: Practice) -> None:
    await practice.put("/v1/practice", {"missed_week_extends": True})
    course = await booked(practice, sessions=1)
    away = {"first_date": "2027-02-17", "last_date": "2029-03-31"}
    await practice.made(f"/v1/clinicians/{course['clinician_id']}/time-off", away)
    practice.clock.moment = datetime(2027, 2, 16, 21, tzinfo=UTC)
    path = f"/v1/sessions/{course['sessions'][0]['id']}/conclude"
    await practice.made(path, {"outcome": "no_show"})
    (task,) = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert task["kind"] == "make_up_has_no_room"
    assert (await practice.told())[-1] == "course.ended.v1"
