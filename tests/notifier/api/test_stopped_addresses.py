"""Staff see whom no mail reaches."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store import addresses
from shared.clock import HeldClock
from shared.events.data import PracticeSaved
from shared.web.keys import CLOCK, DATABASE
from tests.cast import ANA_ID, KIM_ID, LEE_ID
from tests.notifier.api.desk import get, post
from tests.notifier.api.running import ADMIN, SERVICE, Client, tell_directly
from tests.notifier.diary import EMAILS, MINUTE, client

STAFF = UUID(int=1)
DESK = "desk@practice.example"
MAIL = UUID(int=7)


async def stop(notifier: Client, person_id: UUID, email: str) -> None:
    now = notifier.app[CLOCK].now()

    async def work(conn: AsyncConnection) -> None:
        await addresses.stop(conn, person_id, email, reason="bounced", reminder_id=MAIL, now=now)

    await notifier.app[DATABASE].write(work)


async def test_whom_no_mail_reaches_is_listed_without_an_address(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(
        notifier,
        *(client(id) for id in (KIM_ID, ANA_ID, LEE_ID)),
        PracticeSaved(revision=1, staff_address=DESK),
    )
    since = clock.now()
    for id, email in ((LEE_ID, EMAILS[LEE_ID]), (KIM_ID, EMAILS[KIM_ID]), (STAFF, DESK)):
        await stop(notifier, id, email)
        clock.advance(MINUTE)
    await stop(notifier, ANA_ID, "ana.before@clients.example")  # Ana has another by now
    first = await get(notifier, "/v1/stopped-addresses?limit=2")
    rest = await get(notifier, f"/v1/stopped-addresses?limit=2&next={first['next']}")
    listed = first["stopped_addresses"] + rest["stopped_addresses"]
    assert [each["person_id"] for each in listed] == [str(LEE_ID), str(KIM_ID), str(STAFF)]
    assert (len(first["stopped_addresses"]), rest["next"]) == (2, None)
    assert (listed[0]["reason"], listed[0]["reminder_id"]) == ("bounced", str(MAIL))
    assert datetime.fromisoformat(listed[0]["since"]) == since
    assert "@" not in str(listed)
    for id in (KIM_ID, STAFF):
        status, _ = await post(notifier, f"/v1/people/{id}/address/start")
        assert status == HTTPStatus.NO_CONTENT
    (left,) = (await get(notifier, "/v1/stopped-addresses"))["stopped_addresses"]
    assert left["person_id"] == str(LEE_ID)


async def test_only_staff_see_it_and_a_wrong_place_is_named(notifier: Client) -> None:
    path = "/v1/stopped-addresses"
    assert (await notifier.get(path)).status == HTTPStatus.UNAUTHORIZED
    assert (await notifier.get(path, headers=SERVICE)).status == HTTPStatus.FORBIDDEN
    wrong = await notifier.get(f"{path}?next=here", headers=ADMIN)
    assert wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
