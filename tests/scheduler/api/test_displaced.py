"""Time off over booked sessions: all that it hits is listed, and moved in one call."""

from __future__ import annotations

from datetime import datetime

from tests.cast import ANA, KIM, LEE, Body
from tests.scheduler.api.test_overrides import BY, entries
from tests.scheduler.practice import Practice, problem_of

A_WEEK_OFF: Body = {"first_date": "2027-03-01", "last_date": "2027-03-05"}
TUESDAY_OFF: Body = {"first_date": "2027-03-02", "last_date": "2027-03-02"}


async def a_full_tuesday(practice: Practice) -> tuple[str, Body, Body, Body]:
    """Dana has Kim at three and Ana at four every Tuesday, and Lee once at noon."""
    dana = await practice.clinician()
    kim = await practice.course(dana, await practice.person(KIM), sessions=4)
    ana = await practice.course(dana, await practice.person(ANA), sessions=4, time="16:00")
    lee = await practice.consultation(dana, await practice.person(LEE), "2027-03-02T12:00:00-05:00")
    return dana, kim, ana, lee


async def entered(practice: Practice, dana: str, body: Body) -> Body:
    return await practice.made(f"/v1/clinicians/{dana}/time-off", body)


def starts(sessions: list[Body]) -> list[str]:
    return [str(each["starts_at"])[:16] for each in sessions]


async def test_time_off_lists_what_it_hits_with_a_free_hour_for_each(practice: Practice) -> None:
    dana, kim, ana, lee = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    affected = [each["session"]["id"] for each in off["affected"]]
    assert affected == [lee["id"], kim["sessions"][2]["id"], ana["sessions"][2]["id"]]
    proposed = starts([each["proposal"] for each in off["affected"]])
    assert proposed == ["2027-03-03T12:00", "2027-03-03T15:00", "2027-03-03T16:00"]
    listed = await practice.get(f"/v1/time-off/{off['id']}/affected")
    assert (await listed.json())["affected"] == off["affected"]


async def test_nothing_moves_by_time_off_alone_nor_by_its_preview(practice: Practice) -> None:
    dana, kim, *_ = await a_full_tuesday(practice)
    told = await practice.told()
    seen = await entered(practice, dana, TUESDAY_OFF | {"preview": True})
    assert len(seen["affected"]) == 3
    assert "id" not in seen
    none = await (await practice.get(f"/v1/clinicians/{dana}/time-off")).json()
    assert none["time_off"] == []
    await entered(practice, dana, TUESDAY_OFF)
    assert await practice.told() == told
    read = await (await practice.get(f"/v1/courses/{kim['id']}")).json()
    assert read["sessions"] == kim["sessions"]


async def test_a_whole_week_off_puts_sessions_at_the_end_of_their_courses(
    practice: Practice,
) -> None:
    dana, *_ = await a_full_tuesday(practice)
    off = await entered(practice, dana, A_WEEK_OFF)
    proposed = starts([each["proposal"] for each in off["affected"]])
    assert proposed == ["2027-03-09T12:00", "2027-03-16T15:00", "2027-03-16T16:00"]


async def test_all_is_applied_at_once_and_each_client_is_told_once(practice: Practice) -> None:
    dana, kim, ana, _ = await a_full_tuesday(practice)
    off = await entered(practice, dana, A_WEEK_OFF)
    told = len(await practice.told())
    done = await practice.made(f"/v1/time-off/{off['id']}/apply", {})
    assert starts(done["sessions"]) == [
        "2027-03-09T12:00",
        "2027-03-16T15:00",
        "2027-03-16T16:00",
    ]
    news = (await practice.events())[told:]
    assert sorted(event["type"] for event in news) == [
        "course.changed.v1",
        "course.changed.v1",
        "session.moved.v1",
    ]
    assert all(len(e["data"]["sessions"]) == 1 for e in news if "sessions" in e["data"])
    for course in (kim, ana):
        read = await (await practice.get(f"/v1/courses/{course['id']}")).json()
        assert [each["ordinal"] for each in read["sessions"]] == [1, 2, 3, 4]
        assert read["sessions"][3]["id"] == course["sessions"][2]["id"]
    left = await (await practice.get(f"/v1/time-off/{off['id']}/affected")).json()
    assert left == {"affected": []}


async def test_staff_may_choose_other_hours_and_cancel(practice: Practice) -> None:
    dana, kim, ana, lee = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    moves = [
        {"session_id": lee["id"], "starts_at": None},
        {"session_id": ana["sessions"][2]["id"], "starts_at": "2027-03-03T15:00:00-05:00"},
    ]
    done = await practice.made(f"/v1/time-off/{off['id']}/apply", {"moves": moves})
    at = {each["id"]: (each["status"], each["starts_at"][:16]) for each in done["sessions"]}
    assert at == {
        lee["id"]: ("cancelled", "2027-03-02T12:00"),
        ana["sessions"][2]["id"]: ("scheduled", "2027-03-03T15:00"),
        kim["sessions"][2]["id"]: ("scheduled", "2027-03-01T15:00"),  # Monday is as near
    }


async def test_a_set_with_one_wrong_hour_changes_nothing(practice: Practice) -> None:
    dana, kim, ana, lee = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    path, told = f"/v1/time-off/{off['id']}/apply", await practice.told()
    same = "2027-03-03T15:00:00-05:00"
    moves = [
        {"session_id": kim["sessions"][2]["id"], "starts_at": same},
        {"session_id": ana["sessions"][2]["id"], "starts_at": same},
        {"session_id": lee["id"], "starts_at": "2027-03-02T10:00:00-05:00"},
    ]
    problem = await problem_of(await practice.post(path, {"moves": moves}), 409)
    reasons = [(each["starts_at"][:16], each["reason"]) for each in problem["conflicts"]]
    assert reasons == [
        ("2027-03-03T15:00", "clinician_busy"),
        ("2027-03-02T10:00", "time_off"),
    ]
    other = {"session_id": kim["sessions"][0]["id"], "starts_at": None}
    wrong = await problem_of(await practice.post(path, {"moves": [other]}), 422)
    assert wrong["errors"][0]["pointer"] == "#/moves/0/session_id"
    past = {"session_id": lee["id"], "starts_at": "2020-01-01T12:00:00Z"}
    wrong = await problem_of(await practice.post(path, {"moves": [past]}), 422)
    assert wrong["errors"][0]["pointer"] == "#/moves/0/starts_at"
    assert await practice.told() == told


async def test_sessions_may_take_each_others_hours(practice: Practice) -> None:
    dana, kim, ana, _ = await a_full_tuesday(practice)
    half = {"starts_at": "2027-03-02T15:30:00-05:00", "ends_at": "2027-03-02T18:00:00-05:00"}
    off = await entered(practice, dana, half)
    moves = [
        {"session_id": kim["sessions"][2]["id"], "starts_at": "2027-03-02T13:00:00-05:00"},
        {"session_id": ana["sessions"][2]["id"], "starts_at": "2027-03-02T14:30:00-05:00"},
    ]
    done = await practice.made(f"/v1/time-off/{off['id']}/apply", {"moves": moves})
    assert starts(done["sessions"]) == ["2027-03-02T13:00", "2027-03-02T14:30"]


async def test_a_proposal_respects_the_clients_own_diary(practice: Practice) -> None:
    dana, kim, *_ = await a_full_tuesday(practice)
    ortiz = await practice.clinician(name="Marta Ortiz")
    await practice.consultation(ortiz, kim["client_ids"][0], "2027-03-03T15:00:00-05:00")
    off = await entered(practice, dana, TUESDAY_OFF)
    at = {each["session"]["id"]: each["proposal"]["starts_at"] for each in off["affected"]}
    assert at[kim["sessions"][2]["id"]] == "2027-03-01T15:00:00-05:00"  # Monday


async def test_a_clinicians_key_applies_their_own_and_no_others(practice: Practice) -> None:
    dana, *_ = await a_full_tuesday(practice)
    ortiz = await practice.clinician(name="Marta Ortiz")
    off = await entered(practice, dana, TUESDAY_OFF)
    path = f"/v1/time-off/{off['id']}"
    other = await practice.key("clinician", ortiz)
    await problem_of(await practice.get(f"{path}/affected", key=other), 404)
    await problem_of(await practice.post(f"{path}/apply", {}, key=other), 404)
    own = await practice.key("clinician", dana)
    answer = await practice.post(f"{path}/apply", {}, key=own)
    assert answer.status == 200
    days = {datetime.fromisoformat(s["starts_at"]).day for s in (await answer.json())["sessions"]}
    assert days == {3}


async def test_staff_put_a_session_over_taken_hours_by_name(practice: Practice) -> None:
    dana, kim, ana, lee = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    path = f"/v1/time-off/{off['id']}/apply"
    moves = [
        {"session_id": kim["sessions"][2]["id"], "starts_at": "2027-03-09T16:00:00-05:00"},
        {"session_id": lee["id"], "starts_at": "2027-03-07T12:00:00-05:00"},
    ]
    await problem_of(await practice.post(path, {"moves": moves}), 409)
    assert await entries(practice, "override") == []
    done = await practice.made(path, {"moves": moves, "override": BY})
    assert [(each["starts_at"][:16], each["reason"]) for each in done["overridden"]] == [
        ("2027-03-09T16:00", "clinician_busy"),
        ("2027-03-07T12:00", "outside_working_hours"),
    ]
    over = {each["id"]: each.get("overbooked", False) for each in done["sessions"]}
    assert over == {
        kim["sessions"][2]["id"]: True,
        lee["id"]: False,
        ana["sessions"][2]["id"]: False,  # it goes where it is proposed
    }
    (entry,) = await entries(practice, "override")
    assert entry["details"] == BY | {"overridden": done["overridden"]}
    assert kim["sessions"][2]["id"] in entry["subjects"]


async def test_two_sessions_are_put_on_one_hour_by_name(practice: Practice) -> None:
    dana, kim, ana, _ = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    same = "2027-03-03T15:00:00-05:00"
    moves = [{"session_id": each["sessions"][2]["id"], "starts_at": same} for each in (kim, ana)]
    body = {"moves": moves, "override": BY}
    done = await practice.made(f"/v1/time-off/{off['id']}/apply", body)
    assert starts(done["sessions"]).count("2027-03-03T15:00") == 2
    assert [each["reason"] for each in done["overridden"]] == ["clinician_busy"]


async def test_an_override_gives_no_hour_to_a_session_that_has_none(practice: Practice) -> None:
    tuesdays = [{"weekday": "tuesday", "start": "15:00", "end": "16:00"}]
    dana, kim = await practice.clinician(working_hours=tuesdays), await practice.person(KIM)
    session = await practice.consultation(dana, kim, "2027-03-02T15:00:00-05:00")
    off = await entered(practice, dana, {"first_date": "2027-03-02", "last_date": "2028-06-30"})
    path = f"/v1/time-off/{off['id']}/apply"
    problem = await problem_of(await practice.post(path, {"override": BY}), 409)
    assert [each["reason"] for each in problem["conflicts"]] == ["time_off"]
    stays = {"session_id": session["id"], "starts_at": session["starts_at"]}
    problem = await problem_of(await practice.post(path, {"moves": [stays], "override": BY}), 422)
    assert problem["errors"][0]["pointer"] == "#/moves/0/starts_at"
    assert await entries(practice, "override") == []


async def test_a_clinicians_key_passes_over_nothing_of_their_own_time_off(
    practice: Practice,
) -> None:
    dana, *_ = await a_full_tuesday(practice)
    off = await entered(practice, dana, TUESDAY_OFF)
    own = await practice.key("clinician", dana)
    path, told = f"/v1/time-off/{off['id']}/apply", await practice.told()
    await problem_of(await practice.post(path, {"override": BY}, key=own), 403)
    assert len(await entries(practice, "override refused")) == 1
    assert await practice.told() == told
