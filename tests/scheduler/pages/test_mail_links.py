"""One kind of mail ends by one press, and an address is vouched for by whoever reads it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from aiohttp.client import ClientResponse

from services.scheduler.domain.mail_wishes import MailKind
from services.scheduler.pages.mail_words import ENGLISH, SPANISH
from shared.links import Link, Purpose, about_address, about_kind, sign
from tests.cast import KIM, Body
from tests.scheduler.pages.visitor import END
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

PATHS = {Purpose.MAIL: "unsubscribe", Purpose.ADDRESS: "addresses"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PARENT = {"name": "Ana Park", "email": "ana@clients.example", "notices": "copies"}
UNSAID = ("Kim", "Ana", "Dana", "@", "therap", "course", "session", "clinic")


def stopping(person_id: str, kind: str = "reminder") -> Link:
    return Link(
        purpose=Purpose.MAIL,
        session_id=about_kind(kind),
        person_id=UUID(person_id),
        generation=0,
        expires_at=END,
    )


def confirming(person_id: str, address: str = KIM["email"]) -> Link:
    about = about_address(address)
    return replace(stopping(person_id), purpose=Purpose.ADDRESS, session_id=about)


def path_of(link: Link, secret: str = SECRET) -> str:
    return f"/{PATHS[link.purpose]}/{sign(link, secret)}"


async def look(practice: Practice, link: Link) -> tuple[int, str]:
    answer = await practice.client.get(path_of(link))
    return answer.status, await answer.text()


async def press(
    practice: Practice, link: Link, form: Body | None = None, **headers: str
) -> ClientResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await practice.client.post(path_of(link), data=form or {}, headers=named)


async def client_of(practice: Practice, id: str) -> Any:
    return await (await practice.get(f"/v1/clients/{id}")).json()


async def last_told(practice: Practice) -> Any:
    return (await practice.events())[-1]["data"]


async def entries(practice: Practice, *actions: str) -> list[Any]:
    listed = await (await practice.get("/v1/audit")).json()
    return [each for each in listed["entries"] if each["action"] in actions]


async def guarded(practice: Practice, **facts: object) -> tuple[str, str]:
    kim = await practice.person(KIM, guardians=[PARENT | facts])
    return kim, (await client_of(practice, kim))["guardians"][0]["id"]


async def test_the_page_says_what_it_stops_and_nothing_of_the_person(practice: Practice) -> None:
    status, page = await look(practice, stopping(await practice.person()))
    assert status == 200
    assert "Reminders of appointments" in page
    assert "Do you want to stop these messages?" in page
    assert '<button type="submit" name="answer" value="stop">Stop these messages</button>' in page
    for unsaid in UNSAID:
        assert unsaid not in page


async def test_looking_changes_nothing(practice: Practice) -> None:
    kim = await practice.person(KIM, address_vouched=False)
    for path in (path_of(stopping(kim)), path_of(confirming(kim))):
        for _ in range(2):
            assert (await practice.client.get(path)).status == 200
            assert (await practice.client.head(path)).status == 200
    found = await client_of(practice, kim)
    assert (found["revision"], found["mail"]["opted_out"]) == (1, [])
    assert found["address_vouched"] is False
    assert await practice.told() == ["client.saved.v1"]


async def test_one_click_of_a_mail_provider_stops_a_kind_and_is_told(practice: Practice) -> None:
    kim = await practice.person()
    answer = await press(practice, stopping(kim), ONE_CLICK)
    assert (answer.status, answer.history) == (200, ())
    assert "You will not get these messages any more." in await answer.text()
    assert (await client_of(practice, kim))["mail"]["opted_out"] == ["reminder"]
    told = await last_told(practice)
    assert (told["client_id"], told["revision"]) == (kim, 2)
    assert told["mail"]["opted_out"] == ["reminder"]


async def test_a_form_in_several_parts_is_one_click_too(practice: Practice) -> None:
    kim = await practice.person()
    raw = (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--'
    )
    answer = await practice.client.post(
        path_of(stopping(kim)),
        data=raw,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status == 200
    assert (await client_of(practice, kim))["mail"]["opted_out"] == ["reminder"]


async def test_a_second_click_changes_nothing_more(practice: Practice) -> None:
    kim = await practice.person()
    for _ in range(3):
        assert (await press(practice, stopping(kim), ONE_CLICK)).status == 200
    assert (await client_of(practice, kim))["revision"] == 2
    assert await practice.told() == ["client.saved.v1"] * 2
    assert len(await entries(practice, "mail.stop")) == 1


async def test_it_can_be_taken_back_on_the_page_that_follows(practice: Practice) -> None:
    kim = await practice.person()
    await press(practice, stopping(kim), ONE_CLICK)
    await press(practice, stopping(kim, "offer"), ONE_CLICK)
    _, page = await look(practice, stopping(kim))
    assert 'value="undo"' in page
    answer = await press(practice, stopping(kim), {"answer": "undo"})
    assert "You will get these messages again." in await answer.text()
    assert (await last_told(practice))["mail"]["opted_out"] == ["offer"]
    assert "Do you want to stop" in (await look(practice, stopping(kim)))[1]


async def test_what_was_done_by_link_is_in_the_audit_log(practice: Practice) -> None:
    kim, parent = await guarded(practice)
    dana = await practice.clinician()
    await press(practice, stopping(kim), ONE_CLICK)
    await press(practice, stopping(kim), {"answer": "undo"})
    await press(practice, stopping(parent), ONE_CLICK)
    await press(practice, stopping(dana, "digest"), ONE_CLICK)
    found = await entries(practice, "mail.stop", "mail.resume")
    assert {(each["actor"], each["action"], each["details"]["kind"]) for each in found} == {
        (f"client:{kim}", "mail.stop", "reminder"),
        (f"client:{kim}", "mail.resume", "reminder"),
        (f"guardian:{parent}", "mail.stop", "reminder"),
        (f"clinician:{dana}", "mail.stop", "digest"),
    }


async def test_a_guardian_stops_their_own_mail_and_not_the_clients(practice: Practice) -> None:
    kim, parent = await guarded(practice, locale="es")
    answer = await press(practice, stopping(parent), ONE_CLICK)
    assert "Ya no recibirá estos mensajes." in await answer.text()
    found = await client_of(practice, kim)
    assert (found["revision"], found["mail"]["opted_out"]) == (2, [])
    assert found["guardians"][0]["mail"]["opted_out"] == ["reminder"]
    told = await last_told(practice)
    assert [each["mail"]["opted_out"] for each in told["guardians"]] == [["reminder"]]


async def test_a_clinician_stops_the_digest_in_their_language(practice: Practice) -> None:
    dana = await practice.clinician(mail={"locale": "es", "digest_at": "07:30"})
    assert "Su día, cada mañana" in (await look(practice, stopping(dana, "digest")))[1]
    assert (await press(practice, stopping(dana, "digest"), ONE_CLICK)).status == 200
    told = await last_told(practice)
    assert (told["clinician_id"], told["revision"]) == (dana, 2)
    assert (told["mail"]["opted_out"], told["mail"]["digest_at"]) == (["digest"], "07:30")


@pytest.mark.parametrize("kind", list(MailKind))
async def test_every_kind_can_be_stopped(practice: Practice, kind: MailKind) -> None:
    kim = await practice.person(KIM, locale="es")
    assert SPANISH.kinds[kind] in (await look(practice, stopping(kim, kind)))[1]
    await press(practice, stopping(kim, kind), ONE_CLICK)
    assert (await client_of(practice, kim))["mail"]["opted_out"] == [kind]


def test_both_languages_name_every_kind() -> None:
    for words in (ENGLISH, SPANISH):
        assert set(words.kinds) == set(MailKind)
        assert len(set(words.kinds.values())) == len(MailKind)


async def test_a_check_of_the_address_vouches_for_it_once(practice: Practice) -> None:
    kim = await practice.person(KIM, address_vouched=False)
    status, page = await look(practice, confirming(kim))
    assert status == 200
    assert "Yes, this is my address" in page
    for unsaid in UNSAID:
        assert unsaid not in page
    for _ in range(2):
        answer = await press(practice, confirming(kim))
        assert answer.status == 200
        assert "Thank you." in await answer.text()
    assert (await last_told(practice))["address_vouched"] is True
    assert (await client_of(practice, kim))["revision"] == 2
    found = await entries(practice, "address.confirm")
    assert [each["actor"] for each in found] == [f"client:{kim}"]
    assert "Thank you." in (await look(practice, confirming(kim)))[1]


async def test_a_guardian_vouches_for_their_own_address(practice: Practice) -> None:
    kim, parent = await guarded(practice, address_vouched=False)
    assert (await press(practice, confirming(parent, PARENT["email"]))).status == 200
    found = await client_of(practice, kim)
    assert found["guardians"][0]["address_vouched"] is True


async def test_a_link_about_an_address_of_before_vouches_for_nothing(practice: Practice) -> None:
    kim = await practice.person(KIM, address_vouched=False)
    await practice.patch(f"/v1/clients/{kim}", {"email": "other@clients.example"})
    answer = await press(practice, confirming(kim))
    assert answer.status == 410
    assert "not the address that we write to any more" in await answer.text()
    assert (await look(practice, confirming(kim)))[0] == 410
    assert (await client_of(practice, kim))["address_vouched"] is False
    assert (await press(practice, confirming(kim, "other@clients.example"))).status == 200
    assert (await client_of(practice, kim))["address_vouched"] is True


async def test_every_bad_link_meets_the_same_page(practice: Practice) -> None:
    kim = await practice.person()
    good = stopping(kim)
    bad = [
        replace(good, session_id=about_kind("task")),
        replace(good, session_id=UUID(int=1)),
        replace(good, person_id=UUID(int=1)),
        replace(good, generation=1),
        replace(good, expires_at=practice.clock.now()),
        replace(confirming(kim), generation=1),
        replace(confirming(kim), person_id=UUID(int=1)),
    ]
    paths = [path_of(each) for each in bad]
    paths += [path_of(good, "another secret of 32 characters!"), "/addresses/x"]
    paths += [path_of(good).replace("unsubscribe", "addresses")]
    paths += [path_of(confirming(kim)).replace("addresses", "unsubscribe")]
    pages = [await practice.client.get(path) for path in paths]
    pages += [await practice.client.post(path, data=ONE_CLICK) for path in paths]
    assert {page.status for page in pages} == {404}
    assert len({await page.text() for page in pages}) == 1
    assert await practice.told() == ["client.saved.v1"]


async def test_revoked_links_stop_and_confirm_nothing(practice: Practice) -> None:
    kim = await practice.person(KIM, address_vouched=False)
    await practice.post(f"/v1/clients/{kim}/revoke-links", {})
    for link in (stopping(kim), confirming(kim)):
        assert (await press(practice, link)).status == 404
        assert (await press(practice, replace(link, generation=1))).status == 200


async def test_a_button_of_another_site_vouches_for_nothing(practice: Practice) -> None:
    kim = await practice.person(KIM, address_vouched=False)
    answer = await press(practice, confirming(kim), Sec_Fetch_Site="cross-site")
    assert answer.status == 403
    assert (await client_of(practice, kim))["address_vouched"] is False


async def test_who_presses_too_often_is_to_come_back_later(practice: Practice) -> None:
    kim = await practice.person()
    forms: list[Mapping[str, str]] = [ONE_CLICK, {"answer": "undo"}]
    for count in range(30):
        assert (await press(practice, stopping(kim), dict(forms[count % 2]))).status == 200
    answer = await press(practice, stopping(kim), ONE_CLICK)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "3600")
    assert (await client_of(practice, kim))["mail"]["opted_out"] == []
    assert (await press(practice, stopping(kim, "offer"), ONE_CLICK)).status == 200
    practice.clock.advance(timedelta(hours=1))
    assert (await press(practice, stopping(kim), ONE_CLICK)).status == 200
