"""Who wants no more mail of a kind gets none, and an address is only asked until it answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from demo.processes import Services
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Json, Stranger, now, soon

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]
KIM = "kim@clients.example"
DAY = timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def test_who_stops_reminders_by_the_mailed_link_gets_no_other(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    staff = meet(start(databases))
    dana = await staff.clinician(working_hours=ALWAYS)
    kim = await staff.client(mail={"reminder_minutes": [2880, 1440]})
    asked_at = now().replace(microsecond=0)
    await staff.consultation(dana, kim, asked_at + DAY + timedelta(seconds=12))
    later = await staff.consultation(dana, kim, asked_at + 2 * DAY + timedelta(seconds=30))
    link = link_in((await mails_to(staff, KIM, 3))[0], "unsubscribe")
    async with staff.http.get(link) as page:
        assert page.status == 200
        assert "Reminders of appointments" in await page.text()
    async with staff.http.post(link, data=ONE_CLICK, allow_redirects=False) as answer:
        assert answer.status == 200
    assert now() < asked_at + timedelta(seconds=28), "the next reminder was not due yet"
    assert (await staff.get(f"/clients/{kim}"))["mail"]["opted_out"] == ["reminder"]
    skipped = await soon(lambda: ended_reminders(staff, later["id"]), seconds=60)
    assert [each["state"] for each in skipped] == ["skipped"]
    assert [each["reason"] for each in skipped] == ["opted_out"]
    assert len(await staff.mails_that_say(KIM)) == 3


async def test_an_address_of_a_public_form_is_asked_and_then_reminded(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    staff = meet(start(databases))
    dana = await staff.clinician(working_hours=ALWAYS)
    kim = await staff.client(address_vouched=False, mail={"reminder_minutes": [1440]})
    begins = now().replace(microsecond=0) + DAY + timedelta(seconds=15)
    session = await staff.consultation(dana, kim, begins)
    [check] = await mails_to(staff, KIM, 1)
    link = link_in(check, "addresses")
    await soon(lambda: notices_ended(staff, session))
    async with staff.http.get(link) as page:
        assert "Yes, this is my address" in await page.text()
    assert (await staff.get(f"/clients/{kim}"))["address_vouched"] is False
    assert len(await staff.mails_that_say(KIM)) == 1, "only the check, and looking is no answer"
    async with staff.http.post(link) as answer:
        assert answer.status == 200
    assert now() < begins - DAY, "the reminder was not due yet"
    reminder, _ = await mails_to(staff, KIM, 2)
    assert "/appointments/" in reminder
    await asyncio.sleep(1)
    assert len(await staff.mails_that_say(KIM)) == 2


async def mails_to(staff: Stranger, address: str, count: int) -> list[str]:
    async def all_of_them() -> list[str] | None:
        found = await staff.mails_that_say(address)
        return found if len(found) >= count else None

    found = await soon(all_of_them, seconds=60)
    assert found is not None
    assert len(found) == count
    return found


async def ended_reminders(staff: Stranger, session_id: str) -> list[Json]:
    listed = await staff.reminders(session_id)
    return [
        each
        for each in listed
        if each["kind"] == "reminder" and each["state"] not in ("planned", "sending")
    ]


async def notices_ended(staff: Stranger, session: Json) -> bool:
    """Whether the confirmation was skipped, since nobody vouches for the address."""
    listed = await staff.reminders(session["id"])
    return [e["reason"] for e in listed if e["kind"] == "confirmation"] == ["not_vouched"]


def link_in(mail: str, page: str) -> str:
    return str(re.findall(rf"http://[^\s\"<>]+/{page}/[\w-]+", mail)[0])
