"""Staff hear of every mail that does not arrive, in few mails."""

from __future__ import annotations

import pytest

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Failed
from services.notifier.domain.people import THE_STAFF
from services.notifier.use_cases.sweeping import sweep_once
from shared.eventlog.log import read_after
from shared.events.data import MailFailed, PracticeSaved
from tests.cast import ANA_ID, KIM_ID
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, client, session
from tests.notifier.stage import Stage

DESK = "desk@practice.example"


@pytest.fixture
async def desk(stage: Stage) -> None:
    """Kim is a client, staff have an address, and it is a minute past a full hour."""
    await stage.tell(client(), PracticeSaved(revision=1, staff_address=DESK))
    stage.clock.moment = (THURSDAY - 9 * DAY).replace(minute=1)


async def fail(stage: Stage, nth: int = 0) -> None:
    """Let a mail to Kim be refused now."""
    stage.channel.answers = [Failed("sendgrid_413")]
    await stage.tell(booked(session(THURSDAY + nth * HOUR)))
    assert len(await stage.sent_after_grace()) == 1


async def test_staff_with_an_address_hear_of_mail_that_was_given_up_once_an_hour(
    stage: Stage,
) -> None:
    await stage.tell(PracticeSaved(revision=1, staff_address="desk@practice.example"))
    await stage.tell(client(email="not an address"))
    await stage.tell(*(booked(session(THURSDAY + n * HOUR)) for n in range(3)))
    await stage.sent_after_grace()
    (mail,) = await stage.pass_time(10 * MINUTE)
    assert mail.to == "desk@practice.example"
    assert "3 mails could not be delivered" in mail.text
    assert mail.unsubscribe is None


async def test_without_an_address_of_the_staff_none_is_written_to(stage: Stage) -> None:
    await stage.tell(client(email="not an address"), booked(session()))
    await stage.sent_after_grace()
    assert await stage.pass_time(10 * MINUTE) == []
    assert await stage.states("task") == [("skipped", "withdrawn")]


@pytest.mark.usefixtures("desk")
async def test_what_fails_after_the_mail_of_this_hour_is_in_that_of_the_next(
    stage: Stage,
) -> None:
    await fail(stage)
    (first,) = await stage.pass_time(6 * MINUTE)
    await fail(stage, 1)
    await fail(stage, 2)
    assert await stage.pass_time(30 * MINUTE) == []
    (second,) = await stage.pass_time(HOUR)
    assert (first.to, second.to) == (DESK, DESK)
    assert "One mail could not be delivered" in first.text
    assert "2 mails could not be delivered" in second.text
    assert await stage.pass_time(5 * HOUR) == []


@pytest.mark.usefixtures("desk")
async def test_what_fails_while_the_mail_to_staff_is_on_its_way_is_in_the_next(
    stage: Stage,
) -> None:
    await fail(stage)

    async def meanwhile(mail: Mail) -> None:
        if mail.to == DESK:
            stage.channel.before = None
            stage.channel.answers = [Failed("sendgrid_413")]
            await stage.tell(booked(session(stage.clock.now() + 10 * MINUTE)))
            stage.clock.advance(MINUTE / 60)
            await sweep_once(stage.replica().sweep)

    stage.channel.before = meanwhile
    await stage.pass_time(6 * MINUTE)
    assert (await stage.states("confirmation")).count(("failed", "sendgrid_413")) == 2
    (second,) = await stage.pass_time(HOUR)
    assert second.to == DESK
    assert "One mail could not be delivered" in second.text


@pytest.mark.usefixtures("desk")
async def test_a_mail_to_staff_that_fails_is_made_up_for_by_the_next(stage: Stage) -> None:
    await fail(stage)
    stage.channel.answers = [Failed("sendgrid_413")]
    await stage.pass_time(6 * MINUTE)
    await fail(stage, 1)
    (mail,) = await stage.pass_time(HOUR)
    assert "2 mails could not be delivered" in mail.text


async def test_the_log_tells_of_each_mail_that_was_given_up_by_ids_and_a_word(
    stage: Stage,
) -> None:
    await stage.tell(client(), client(ANA_ID, email="not an address"))
    await fail(stage)
    await stage.tell(booked(session(THURSDAY + HOUR, clients=(ANA_ID,))))
    await stage.sent_after_grace()
    to_kim, to_ana = await stage.plan("confirmation")
    assert await stage.events(MailFailed) == [
        {"person_id": str(KIM_ID), "reminder_id": str(to_kim.id), "fault": "sendgrid_413"},
        {"person_id": str(ANA_ID), "reminder_id": str(to_ana.id), "fault": "bad_address"},
    ]


@pytest.mark.usefixtures("desk")
async def test_the_log_tells_too_when_it_is_the_mail_to_staff_that_fails(stage: Stage) -> None:
    await fail(stage)
    stage.channel.answers = [Failed("sendgrid_413")]
    await stage.pass_time(6 * MINUTE)
    told = [each["person_id"] for each in await stage.events(MailFailed)]
    assert told == [str(KIM_ID), str(THE_STAFF)]


async def test_of_an_address_that_is_refused_the_log_tells_before_its_mail(stage: Stage) -> None:
    await stage.tell(client())
    stage.channel.answers = [Failed("recipient_refused_550", of_address=True)]
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    told = await stage.database.read(lambda conn: read_after(conn, 0, 10))
    assert [each["type"] for each in told] == ["address.bounced.v1", "mail.failed.v1"]
