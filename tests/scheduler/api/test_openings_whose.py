"""Whose openings are shown: who suits, who takes clients, and to whom."""

from __future__ import annotations

from typing import Any, Final

from tests.cast import KIM, ORTIZ, Body
from tests.scheduler.practice import NOBODY, Practice, problem_of

AT_THREE: Final = {
    "from": "2027-02-16",
    "until": "2027-02-16",
    "earliest": "15:00",
    "latest": "15:00",
}


async def openings(practice: Practice, **asked: str) -> list[Any]:
    answer = await practice.get("/v1/openings", **asked)
    assert answer.status == 200, await answer.text()
    found: list[Any] = (await answer.json())["openings"]
    return found


async def test_only_who_suits_is_looked_at(practice: Practice) -> None:
    facts: Body = {
        "age_groups": ["teens"],
        "concerns": ["role_transition"],
        "languages": ["es-US"],
        "licenses": [{"state": "US-NY", "until": "2027-05-01"}],
    }
    dana = await practice.clinician(**facts)
    ortiz = await practice.clinician(**ORTIZ)

    async def who(**asked: str) -> set[str]:
        return {each["clinician_id"] for each in await openings(practice, **AT_THREE, **asked)}

    assert await who() == {dana, ortiz}
    assert await who(age_group="teen", concern="role_transition", language="es") == {dana, ortiz}
    assert await who(age_group="adult") == {ortiz}, "what nobody recorded rules nobody out"
    assert await who(concern="grief") == {ortiz}
    assert await who(language="fr") == {ortiz}
    assert await who(state="US-NY", sessions="4") == {dana, ortiz}
    assert await who(state="US-NY") == {ortiz}, "the license ends before the sixteenth date"
    assert await who(state="US-CA", sessions="4") == {ortiz}


async def test_who_takes_no_more_clients_is_shown_only_by_name(practice: Practice) -> None:
    dana = await practice.clinician(accepting_clients=False)
    ortiz = await practice.clinician(**ORTIZ, capacity=1)
    assert {each["clinician_id"] for each in await openings(practice, **AT_THREE)} == {ortiz}
    await practice.course(ortiz, await practice.person(KIM), time="09:00")
    assert await openings(practice, **AT_THREE) == []
    for each in (dana, ortiz):
        assert len(await openings(practice, **AT_THREE, clinician_id=each)) == 1


async def test_a_clinicians_key_sees_its_own_openings(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    key = await practice.key("clinician", dana)
    answer = await practice.get("/v1/openings", key=key, **AT_THREE)
    assert [each["clinician_id"] for each in (await answer.json())["openings"]] == [dana]
    await problem_of(await practice.get("/v1/openings", key=key, clinician_id=ortiz), 404)


async def test_nobody_has_no_openings(practice: Practice) -> None:
    await problem_of(await practice.get("/v1/openings", clinician_id=NOBODY), 404)
    await problem_of(await practice.get("/v1/openings", client_id=NOBODY), 404)
    assert await openings(practice) == []
