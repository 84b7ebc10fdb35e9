"""Hours that are held go to nobody but the holder, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.jobs import forget_expired_holds_once
from tests.cast import ANA, DANA, KIM, ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of

THREE = "2027-02-16T15:00:00-05:00"
WEEK_AFTER = "2027-02-23T15:00:00-05:00"


async def people(practice: Practice) -> tuple[str, str, str]:
    return await practice.clinician(), await practice.person(KIM), await practice.person(ANA)


async def held(practice: Practice, dana: str, *starts: str, **other: object) -> Body:
    wanted = {"clinician_id": dana, "starts_at": list(starts or (THREE,))}
    return await practice.made("/v1/holds", wanted | other)


def meeting(dana: str, client: str, **other: object) -> Body:
    wanted = {"clinician_id": dana, "client_ids": [client], "starts_at": THREE}
    return wanted | {"kind": "consultation"} | other


async def reasons(practice: Practice, path: str, body: Body) -> list[tuple[str, str]]:
    problem = await problem_of(await practice.post(path, body), 409)
    found: list[Any] = problem["conflicts"]
    return [(each["date"], each["reason"]) for each in found]


async def test_a_hold_says_what_it_keeps_and_until_when(practice: Practice) -> None:
    dana, kim, _ = await people(practice)
    hold = await held(practice, dana, WEEK_AFTER, THREE, client_id=kim)
    del hold["id"]
    assert hold == {
        "clinician_id": dana,
        "client_id": kim,
        "starts_at": [THREE, WEEK_AFTER],
        "expires_at": "2026-11-23T09:10:00-05:00",
    }


async def test_a_held_hour_is_taken_for_every_kind_of_booking(practice: Practice) -> None:
    dana, kim, ana = await people(practice)
    other = await practice.consultation(dana, ana, "2027-02-17T15:00:00-05:00")
    await held(practice, dana, THREE, WEEK_AFTER)
    both = [("2027-02-16", "held"), ("2027-02-23", "held")]
    course = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
    assert await reasons(practice, "/v1/courses", course) == both
    assert await reasons(practice, "/v1/sessions", meeting(dana, kim)) == both[:1]
    move = f"/v1/sessions/{other['id']}/move"
    assert await reasons(practice, move, {"starts_at": THREE}) == both[:1]
    again = {"clinician_id": dana, "starts_at": [THREE]}
    assert await reasons(practice, "/v1/holds", again) == both[:1]


async def test_the_clients_own_hour_is_held_too(practice: Practice) -> None:
    dana, kim, _ = await people(practice)
    ortiz = await practice.clinician(**ORTIZ)
    await held(practice, dana, client_id=kim)
    body = meeting(ortiz, kim)
    assert await reasons(practice, "/v1/sessions", body) == [("2027-02-16", "held")]


@pytest.mark.parametrize("kind", ["course", "session", "move"])
async def test_the_holder_books_the_hour_and_the_hold_is_gone(
    practice: Practice, kind: str
) -> None:
    dana, kim, _ = await people(practice)
    hold_id = (await held(practice, dana, THREE, WEEK_AFTER))["id"]
    if kind == "course":
        await practice.course(dana, kim, hold_id=hold_id)
    elif kind == "session":
        await practice.made("/v1/sessions", meeting(dana, kim, hold_id=hold_id))
    else:
        session = await practice.consultation(dana, kim, "2027-02-17T15:00:00-05:00")
        path, body = f"/v1/sessions/{session['id']}/move", {"starts_at": THREE, "hold_id": hold_id}
        preview = await practice.made(path, body | {"preview": True})
        assert preview["conflicts"] == []
        assert (await practice.made(path, body))["starts_at"] == THREE
    assert (await delete(practice, hold_id)) == 404


async def delete(practice: Practice, id: str) -> int:
    headers = {"Authorization": "Bearer " + (await practice.key("staff"))}
    return (await practice.client.delete(f"/v1/holds/{id}", headers=headers)).status


async def test_a_hold_that_is_let_go_is_free_at_once(practice: Practice) -> None:
    dana, kim, _ = await people(practice)
    hold_id = (await held(practice, dana))["id"]
    assert await delete(practice, hold_id) == 204
    assert await delete(practice, hold_id) == 404
    await practice.made("/v1/sessions", meeting(dana, kim))


async def test_an_expired_hold_is_no_hold_before_the_tick_and_is_forgotten_by_it(
    practice: Practice,
) -> None:
    dana, kim, ana = await people(practice)
    hold_id = (await held(practice, dana))["id"]
    practice.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
    body = meeting(dana, kim)
    assert await reasons(practice, "/v1/sessions", body) == [("2027-02-16", "held")]
    assert await forget_expired_holds_once(practice.client.app) == 0
    practice.clock.advance(timedelta(seconds=1))
    await practice.made("/v1/sessions", body)
    late = await reasons(practice, "/v1/sessions", meeting(dana, ana, hold_id=hold_id))
    assert late == [("2027-02-16", "clinician_busy")]
    assert await forget_expired_holds_once(practice.client.app) == 1


async def test_of_twenty_holds_of_one_hour_one_wins(practice: Practice) -> None:
    dana, _, _ = await people(practice)
    for start in (THREE, WEEK_AFTER):
        body = {"clinician_id": dana, "starts_at": [start]}
        answers = await asyncio.gather(*(practice.post("/v1/holds", body) for _ in range(20)))
        assert Counter(answer.status for answer in answers) == {201: 1, 409: 19}


async def test_of_a_hold_and_a_booking_of_one_hour_one_wins(practice: Practice) -> None:
    dana, kim, _ = await people(practice)
    hold = {"clinician_id": dana, "starts_at": [THREE]}
    for _ in range(5):
        first, second = await asyncio.gather(
            practice.post("/v1/holds", hold), practice.post("/v1/sessions", meeting(dana, kim))
        )
        assert sorted([first.status, second.status]) == [201, 409]
        if first.status == 201:
            await delete(practice, (await first.json())["id"])
        else:
            session = (await second.json())["id"]
            await practice.made(f"/v1/sessions/{session}/cancel", {})


@AT_THE_DOOR
async def test_only_a_real_hour_of_real_people_is_held(practice: Practice) -> None:
    dana, _, _ = await people(practice)
    for wrong, pointer in (
        ({"clinician_id": NOBODY}, "#/clinician_id"),
        ({"starts_at": []}, "#/starts_at"),
        ({"starts_at": [THREE, THREE]}, "#/starts_at"),
        ({"starts_at": ["2026-11-23T08:00:00-05:00"]}, "#/starts_at"),
    ):
        body = {"clinician_id": dana, "starts_at": [THREE]} | wrong
        problem = await problem_of(await practice.post("/v1/holds", body), 422)
        assert [each["pointer"] for each in problem["errors"]] == [pointer]


@AT_THE_DOOR
async def test_a_clinicians_key_holds_nothing(practice: Practice) -> None:
    dana = (await practice.made("/v1/clinicians", DANA))["id"]
    key = await practice.key("clinician", dana)
    body = {"clinician_id": dana, "starts_at": [THREE]}
    assert (await practice.post("/v1/holds", body, key=key)).status == 403
