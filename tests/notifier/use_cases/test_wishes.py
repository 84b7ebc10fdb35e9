"""Everyone is written to as they want it, from the next claim on."""

from __future__ import annotations

from datetime import timedelta

from services.notifier.use_cases.planning_days import plan_digests
from shared.events.data import MailWishes, PracticeSaved, QuietHours
from tests.notifier.diary import (
    DAY,
    HOUR,
    JO_ID,
    MINUTE,
    THURSDAY,
    booked,
    cancel,
    client,
    clinician,
    guardian,
    move,
    session,
)
from tests.notifier.stage import Stage

NIGHT = QuietHours(begin="21:00", end="16:00")


async def due_before(stage: Stage) -> list[timedelta]:
    """Return how long before the session each open reminder is due, first due first."""
    return [
        THURSDAY - each.due_at
        for each in await stage.plan("reminder")
        if each.state in ("planned", "unknown")
    ]


async def test_a_reminder_of_quiet_hours_comes_before_them(stage: Stage) -> None:
    await stage.tell(client(mail=MailWishes(quiet_hours=NIGHT)), booked(session()))
    # Thursday at three: an hour before is two, in quiet hours that began on Wednesday at nine.
    assert await due_before(stage) == [2 * DAY - 6 * HOUR + MINUTE, 18 * HOUR + MINUTE]


async def test_wishes_that_change_change_the_reminders_that_are_ahead(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    assert await due_before(stage) == [DAY, HOUR]
    await stage.tell(client(revision=2, mail=MailWishes(reminder_minutes=(30, 60))))
    assert await due_before(stage) == [HOUR, 30 * MINUTE]
    await stage.tell(client(revision=3))
    assert await due_before(stage) == [DAY, HOUR]


async def test_who_was_reminded_is_not_reminded_again_by_a_change_of_wishes(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    stage.clock.moment = THURSDAY - DAY
    assert len(await stage.sent_now()) == 2  # the confirmation, late, and the reminder
    await stage.tell(client(revision=2, mail=MailWishes(reminder_minutes=(1440, 10))))
    await stage.tell(client(revision=3))
    assert await due_before(stage) == [HOUR]


async def test_the_clinician_and_the_practice_settle_it_for_all(stage: Stage) -> None:
    await stage.tell(client(), clinician(), booked(session()))
    await stage.tell(PracticeSaved(revision=2, reminder_minutes=(2880,)))
    assert await due_before(stage) == [2 * DAY]
    await stage.tell(clinician(revision=2, reminder_minutes=(20,)))
    assert await due_before(stage) == [20 * MINUTE]
    await stage.tell(PracticeSaved(revision=1, reminder_minutes=(5,)))  # older: nothing changes
    assert await due_before(stage) == [20 * MINUTE]


async def test_an_opt_out_holds_before_the_next_claim(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2, mail=MailWishes(opted_out=("reminder",))))
    stage.clock.moment = THURSDAY - HOUR
    assert await stage.sent_now() == []
    assert set(await stage.states("reminder")) == {("skipped", "opted_out")}


async def test_a_guardian_hears_as_far_as_the_level_goes_and_comes_in_nowhere(
    stage: Stage,
) -> None:
    for number, (level, mails) in enumerate({"none": 0, "times": 2, "copies": 4}.items(), 1):
        await stage.tell(client(revision=number, guardians=(guardian(level),)))  # type: ignore[arg-type] # each is one
        held = session(THURSDAY + number * DAY)
        await stage.tell(booked(held))
        sent = await stage.sent_after_grace()
        stage.clock.moment = held.starts_at - HOUR
        sent += await stage.sent_now()
        await stage.tell(cancel(held))
        sent += await stage.sent_after_grace()
        copies = [mail for mail in sent if mail.to == "jo@clients.example"]
        assert len(copies) == mails - (level == "copies")  # the two reminders were due at once
        assert all("/join/" not in mail.text for mail in copies)
        assert all("/appointments/" not in mail.html for mail in copies)
        assert all("Kim" not in f"{mail.subject}{mail.text}{mail.html}" for mail in sent)


async def test_a_guardian_who_is_left_out_hears_no_more(stage: Stage) -> None:
    held = session()
    await stage.tell(client(guardians=(guardian("copies"),)), booked(held))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2))
    stage.clock.moment = THURSDAY - HOUR
    assert {mail.to for mail in await stage.sent_now()} == {"kim@clients.example"}
    assert JO_ID not in {
        each.person_id for each in await stage.plan("reminder") if each.state == "sent"
    }


async def test_a_guardian_is_told_of_a_move_from_what_they_had_heard(stage: Stage) -> None:
    held = session()
    await stage.tell(client(), booked(held))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2, guardians=(guardian("times"),)), move(held, HOUR))
    to_kim, to_jo = sorted(await stage.sent_after_grace(), key=lambda mail: mail.to, reverse=True)
    assert "New time" in to_kim.subject
    assert to_jo.subject.startswith("Your appointment on")  # to whom the old time says nothing


async def test_an_address_nobody_vouches_for_gets_one_question_and_nothing_else(
    stage: Stage,
) -> None:
    await stage.tell(client(address_vouched=False), booked(session()))
    (question,) = await stage.sent_after_grace()
    assert "/addresses/" in question.text
    assert ("skipped", "not_vouched") in await stage.states("confirmation")
    await stage.tell(client(revision=2, address_vouched=False))
    assert await stage.sent_after_grace() == []
    await stage.tell(client(revision=3, address_vouched=True))
    (confirmation,) = await stage.sent_now()
    assert confirmation.subject.startswith("Your appointment on")
    stage.clock.moment = THURSDAY - HOUR
    assert len(await stage.sent_now()) == 1


async def test_what_was_kept_back_from_an_address_goes_out_once_it_is_vouched_for(
    stage: Stage,
) -> None:
    over, ahead = session(THURSDAY - 5 * DAY), session()
    await stage.tell(client(address_vouched=False), booked(over), booked(ahead))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 2 * DAY
    assert await stage.sent_now() == []
    await stage.tell(client(revision=2, address_vouched=True))
    (mail,) = await stage.sent_now()
    assert mail.subject == "Your appointment on Thursday, December 3, 3:00 PM EST"
    assert ("skipped", "too_late") in await stage.states("confirmation")


async def test_every_mail_but_a_question_says_how_to_end_such_mails(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    (mail,) = await stage.sent_after_grace()
    assert mail.unsubscribe is not None
    assert mail.unsubscribe.startswith("https://hour.example/unsubscribe/")


async def test_a_clinician_who_asked_for_nothing_gets_nothing(stage: Stage) -> None:
    held = session()
    await stage.tell(client(), clinician(), booked(held), cancel(held))
    assert await stage.sent_after_grace() == []
    assert await plan_digests(stage.database, stage.clock.now()) == 0
