"""How people want to be written to is recorded in one place, told, and given back to them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.cast import KIM, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

NOTHING_SAID: Final[Body] = {
    "opted_out": [],
    "reminder_minutes": None,
    "quiet_hours": None,
    "invitations": False,
}
WISHES: Final[Body] = {
    "opted_out": ["follow_up", "offer"],
    "reminder_minutes": [2880, 60],
    "quiet_hours": {"begin": "21:00", "end": "08:00"},
    "invitations": True,
}
DIGEST: Final[Body] = {
    "opted_out": [],
    "digest_at": "07:30",
    "news": True,
    "reminder_minutes": [1440],
    "locale": "es",
}
PARENT: Final = {"name": "Ana Park", "email": "ana@clients.example", "notices": "copies"}


async def told_last(practice: Practice, type: str = "client.saved.v1") -> Any:
    return [each for each in await practice.events() if each["type"] == type][-1]["data"]


async def changed(practice: Practice, path: str, body: Body) -> Body:
    answer = await practice.patch(path, body)
    assert answer.status == 200, await answer.text()
    found: Body = await answer.json()
    return found


async def test_nobody_wants_anything_until_they_say_so(practice: Practice) -> None:
    found = await practice.made("/v1/clients", KIM | {"guardians": [PARENT]})
    assert (found["mail"], found["address_vouched"]) == (NOTHING_SAID, True)
    [parent] = found["guardians"]
    assert (parent["mail"], parent["address_vouched"]) == (NOTHING_SAID, True)
    assert (parent["timezone"], parent["locale"]) == (None, None)
    told = await told_last(practice)
    assert (told["mail"], told["address_vouched"]) == (NOTHING_SAID, True)


async def test_a_clients_wishes_are_answered_and_told(practice: Practice) -> None:
    found = await practice.made("/v1/clients", KIM | {"mail": WISHES, "address_vouched": False})
    assert (found["mail"], found["address_vouched"]) == (WISHES, False)
    assert await (await practice.get(f"/v1/clients/{found['id']}")).json() == found
    told = await told_last(practice)
    assert (told["mail"], told["address_vouched"]) == (WISHES, False)


async def test_what_is_left_out_of_the_wishes_stays(practice: Practice) -> None:
    kim = await practice.person(KIM, mail=WISHES)
    found = await changed(practice, f"/v1/clients/{kim}", {"mail": {"reminder_minutes": [30]}})
    assert found["mail"] == WISHES | {"reminder_minutes": [30]}
    found = await changed(practice, f"/v1/clients/{kim}", {"mail": {"quiet_hours": None}})
    assert found["mail"] == WISHES | {"reminder_minutes": [30], "quiet_hours": None}
    assert (await told_last(practice))["mail"] == found["mail"]


async def test_reminders_are_told_longest_before_first(practice: Practice) -> None:
    kim = await practice.person(KIM, mail={"reminder_minutes": [60, 2880, 120]})
    assert (await told_last(practice))["mail"]["reminder_minutes"] == [2880, 120, 60]
    found = await changed(practice, f"/v1/clients/{kim}", {"mail": {"reminder_minutes": []}})
    assert found["mail"]["reminder_minutes"] == []


async def test_a_new_address_stays_vouched_unless_it_is_said_otherwise(practice: Practice) -> None:
    kim = await practice.person()
    path = f"/v1/clients/{kim}"
    found = await changed(practice, path, {"email": "kim.lee@clients.example"})
    assert found["address_vouched"] is True
    found = await changed(practice, path, {"email": "kim@x.example", "address_vouched": False})
    assert found["address_vouched"] is False
    assert (await told_last(practice))["address_vouched"] is False


async def test_a_guardian_has_wishes_a_clock_and_a_language_of_their_own(
    practice: Practice,
) -> None:
    own = {"timezone": "Europe/Madrid", "locale": "es", "address_vouched": False, "mail": WISHES}
    found = await practice.made("/v1/clients", KIM | {"guardians": [PARENT | own]})
    [parent] = found["guardians"]
    assert parent == PARENT | own | {"id": parent["id"]}
    [told] = (await told_last(practice))["guardians"]
    assert {name: told[name] for name in own} == own


async def test_a_guardian_who_is_named_keeps_what_is_left_out(practice: Practice) -> None:
    own = {"timezone": "Europe/Madrid", "locale": "es", "address_vouched": False, "mail": WISHES}
    kim = await practice.made("/v1/clients", KIM | {"guardians": [PARENT | own]})
    [before], path = kim["guardians"], f"/v1/clients/{kim['id']}"
    named = PARENT | {"id": before["id"]}
    [after] = (await changed(practice, path, {"guardians": [named]}))["guardians"]
    assert after == before
    said = {"timezone": None, "mail": {"invitations": False}}
    [after] = (await changed(practice, path, {"guardians": [named | said]}))["guardians"]
    assert after == before | {"timezone": None, "mail": WISHES | {"invitations": False}}


async def test_a_clinicians_mail_is_answered_and_told(practice: Practice) -> None:
    dana = await practice.clinician(mail=DIGEST)
    assert (await told_last(practice, "clinician.saved.v1"))["mail"] == DIGEST
    path = f"/v1/clinicians/{dana}"
    found = await changed(practice, path, {"mail": {"news": False, "opted_out": ["digest"]}})
    assert found["mail"] == DIGEST | {"news": False, "opted_out": ["digest"]}
    assert await (await practice.get(path)).json() == found
    assert (await told_last(practice, "clinician.saved.v1"))["mail"] == found["mail"]


async def test_what_the_practice_settles_about_mail_is_told_when_it_changes(
    practice: Practice,
) -> None:
    mail = {
        "reminder_minutes": [1440, 60],
        "quiet_hours": {"begin": "21:00", "end": "08:00"},
        "staff_address": "desk@practice.example",
        "follow_up_weeks": 4,
    }
    answer = await practice.put("/v1/practice", {"mail": mail})
    assert (await answer.json())["mail"] == mail
    assert await told_last(practice, "practice.saved.v1") == mail | {"revision": 1}
    unchanged: list[Body] = [{"mail": mail}, {"buffer_minutes": 5}, {"mail": {}}]
    for same in unchanged:
        assert (await practice.put("/v1/practice", same)).status == 200
    assert await practice.told() == ["practice.saved.v1"]
    await practice.put("/v1/practice", {"mail": {"staff_address": None}})
    told = await told_last(practice, "practice.saved.v1")
    assert told == mail | {"staff_address": None, "revision": 2}


async def test_an_export_holds_the_wishes(practice: Practice) -> None:
    parent = PARENT | {"mail": WISHES, "address_vouched": False}
    kim = await practice.person(KIM, mail=WISHES, guardians=[parent])
    dana = await practice.clinician(mail=DIGEST)
    found = await (await practice.get(f"/v1/clients/{kim}/export")).json()
    assert (found["person"]["mail"], found["person"]["address_vouched"]) == (WISHES, True)
    assert [each["mail"] for each in found["guardians"]] == [WISHES]
    assert [each["address_vouched"] for each in found["guardians"]] == [False]
    found = await (await practice.get(f"/v1/clinicians/{dana}/export")).json()
    assert found["person"]["mail"] == DIGEST


async def test_a_first_contact_by_a_public_form_makes_a_client_who_is_only_checked(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    body = KIM | {"age_group": "adult", "address_vouched": False, "guardians": [PARENT]}
    request = await practice.made("/v1/requests", body)
    hour = {"clinician_id": dana, "starts_at": "2027-02-16T15:00:00-05:00"}
    await practice.made(f"/v1/requests/{request['id']}/consultation", hour)
    told = await told_last(practice)
    assert told["address_vouched"] is False
    assert [each["address_vouched"] for each in told["guardians"]] == [False]


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("mail", "pointer"),
    [
        ({"opted_out": ["task"]}, "#/mail/opted_out/0"),
        ({"opted_out": ["offer", "offer"]}, "#/mail/opted_out"),
        ({"reminder_minutes": [0]}, "#/mail/reminder_minutes/0"),
        ({"reminder_minutes": [60, 40321]}, "#/mail/reminder_minutes/1"),
        ({"reminder_minutes": [60, 60]}, "#/mail/reminder_minutes"),
        ({"reminder_minutes": list(range(1, 12))}, "#/mail/reminder_minutes"),
        ({"quiet_hours": {"begin": "21:00"}}, "#/mail/quiet_hours/end"),
        ({"quiet_hours": {"begin": "21:00", "end": "24:00"}}, "#/mail/quiet_hours/end"),
        ({"quiet_hours": {"begin": "21:00", "end": "21:00"}}, "#/mail/quiet_hours/end"),
        ({"invitations": "yes"}, "#/mail/invitations"),
        ({"colour": "blue"}, "#/mail/colour"),
        (None, "#/mail"),
    ],
)
async def test_a_wish_that_is_wrong_is_named(
    practice: Practice, mail: object, pointer: str
) -> None:
    answers = [
        await practice.post("/v1/clients", KIM | {"mail": mail}),
        await practice.patch(f"/v1/clients/{NOBODY}", {"mail": mail}),
    ]
    for answer in answers:
        problem = await problem_of(answer, 422)
        assert problem["errors"][0]["pointer"] == pointer
    guardian = await practice.post("/v1/clients", KIM | {"guardians": [PARENT | {"mail": mail}]})
    problem = await problem_of(guardian, 422)
    assert problem["errors"][0]["pointer"] == pointer.replace("#", "#/guardians/0")


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("path", "mail", "pointer"),
    [
        ("clinicians/" + NOBODY, {"digest_at": "7:30"}, "#/mail/digest_at"),
        ("clinicians/" + NOBODY, {"locale": "klingon!"}, "#/mail/locale"),
        ("clinicians/" + NOBODY, {"quiet_hours": None}, "#/mail/quiet_hours"),
        ("practice", {"staff_address": "desk"}, "#/mail/staff_address"),
        ("practice", {"follow_up_weeks": 53}, "#/mail/follow_up_weeks"),
        ("practice", {"reminder_minutes": [True]}, "#/mail/reminder_minutes/0"),
    ],
)
async def test_mail_that_cannot_be_settled_is_named(
    practice: Practice, path: str, mail: Body, pointer: str
) -> None:
    ask = practice.put if path == "practice" else practice.patch
    problem = await problem_of(await ask(f"/v1/{path}", {"mail": mail}), 422)
    assert problem["errors"][0]["pointer"] == pointer
