"""An address that is refused or that mail comes back from: no more goes there, and staff know."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.notifier.domain.fates import Fate, Stopping, Told
from services.notifier.domain.outcomes import Failed
from services.notifier.use_cases.provider_events import learn_fates
from shared.events.data import AddressBounced, PracticeSaved
from tests.cast import KIM_ID
from tests.notifier.diary import HOUR, MINUTE, THURSDAY, booked, client, session
from tests.notifier.stage import Stage

REFUSED = Failed("recipient_refused_550", of_address=True)


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    await stage.tell(PracticeSaved(revision=1, staff_address="desk@practice.example"))
    await stage.tell(client())


async def bounce(stage: Stage, delivery_id: UUID, *, stops: Stopping = "bounced") -> None:
    told = Told(
        id=f"event of {delivery_id}",
        delivery_id=delivery_id,
        email="Kim@clients.example",
        fate=Fate.BOUNCED,
        at=stage.clock.now(),
        stops=stops,
    )
    await learn_fates(stage.database, [told], stage.clock.now())


async def test_an_address_that_is_refused_gets_no_more_until_it_changes(stage: Stage) -> None:
    stage.channel.answers = [REFUSED]
    await stage.tell(booked(session()))
    (mail,) = await stage.sent_after_grace()
    await stage.tell(booked(session(THURSDAY + HOUR)))
    (to_staff,) = await stage.pass_time(10 * MINUTE)
    assert to_staff.to == "desk@practice.example"
    assert await stage.states("confirmation") == [
        ("failed", "recipient_refused_550"),
        ("skipped", "address_stopped"),
    ]
    assert await stage.events(AddressBounced) == [
        {"person_id": str(KIM_ID), "reminder_id": str(mail.delivery_id), "fate": "refused"}
    ]
    await stage.tell(client(email="kim.park@clients.example", revision=2))
    await stage.tell(booked(session(THURSDAY + 2 * HOUR)))
    mails = await stage.sent_after_grace()  # and what it had kept back
    assert [mail.to for mail in mails] == ["kim.park@clients.example"] * 3


async def test_a_mail_that_is_refused_for_itself_stops_no_address(stage: Stage) -> None:
    stage.channel.answers = [Failed("sendgrid_413")]
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    assert await stage.events(AddressBounced) == []
    await stage.tell(booked(session(THURSDAY + HOUR)))
    assert len(await stage.sent_after_grace()) == 1


async def test_a_mail_that_came_back_is_counted_for_staff(stage: Stage) -> None:
    await stage.tell(booked(session()))
    (mail,) = await stage.sent_after_grace()
    await bounce(stage, mail.delivery_id)
    (to_staff,) = await stage.pass_time(10 * MINUTE)
    assert to_staff.to == "desk@practice.example"
    assert "could not be delivered" in to_staff.text


async def test_a_bounce_of_an_address_that_was_changed_since_troubles_nobody(
    stage: Stage,
) -> None:
    await stage.tell(booked(session()))
    (mail,) = await stage.sent_after_grace()
    await stage.tell(client(email="kim.park@clients.example", revision=2))
    await bounce(stage, mail.delivery_id)
    assert await stage.pass_time(10 * MINUTE) == []
    assert await stage.events(AddressBounced) == []
    await stage.tell(client(revision=3))  # back to the address that does not work
    await stage.tell(booked(session(THURSDAY + HOUR)))
    assert await stage.sent_after_grace() == []


async def test_when_mail_to_staff_comes_back_no_mail_tells_them_and_the_task_does(
    stage: Stage,
) -> None:
    stage.channel.answers = [Failed("bad_address"), REFUSED]
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    (to_staff,) = await stage.pass_time(10 * MINUTE)
    assert to_staff.to == "desk@practice.example"
    assert [each["person_id"] for each in await stage.events(AddressBounced)] == [str(UUID(int=1))]
    assert await stage.pass_time(HOUR) == []


async def test_two_replicas_told_at_once_tell_it_once(stage: Stage) -> None:
    await stage.tell(booked(session()))
    (mail,) = await stage.sent_after_grace()
    await bounce(stage, mail.delivery_id)
    await bounce(stage.replica(), mail.delivery_id, stops="spam")
    assert len(await stage.events(AddressBounced)) == 1
