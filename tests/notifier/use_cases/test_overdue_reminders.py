"""A reminder that is due and not sent yet outlives whatever is told meanwhile."""

from __future__ import annotations

from services.notifier.domain.outcomes import Retry
from services.notifier.use_cases import steering
from shared.events.data import MailWishes, PracticeSaved, QuietHours
from tests.cast import ANA_ID, KIM_ID
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, client, guardian, session
from tests.notifier.stage import Stage


async def pause(stage: Stage) -> None:
    now = stage.clock.now()
    await stage.database.write(lambda conn: steering.pause(conn, now, by="key", reason="moving"))


async def resume(stage: Stage) -> None:
    await stage.database.write(steering.resume)


async def test_what_fell_due_in_a_pause_is_sent_after_it_whatever_was_told_meanwhile(
    stage: Stage,
) -> None:
    held = session(clients=(KIM_ID, ANA_ID))
    await stage.tell(client(), client(ANA_ID), booked(held))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 2 * HOUR
    await stage.sweep_all()
    await pause(stage)
    stage.clock.moment = THURSDAY - HOUR + MINUTE
    confirmed = held.model_copy(update={"revision": 2, "confirmed_by": (KIM_ID,)})
    without_ana = confirmed.model_copy(update={"revision": 3, "client_ids": (KIM_ID,)})
    await stage.tell(client(revision=2, mail=MailWishes(opted_out=("offer",))))
    await stage.tell(client(revision=3, email="kim.park@clients.example"))
    await stage.tell(booked(confirmed), booked(without_ana), PracticeSaved(revision=1))
    await resume(stage)
    sent = {mail.to: mail.subject.partition(" ")[0] for mail in await stage.sent_now()}
    assert sent == {"kim.park@clients.example": "Your", "ana@clients.example": "Cancelled:"}
    of_ana = [each for each in await stage.plan("reminder") if each.person_id == ANA_ID]
    assert [(each.state, each.reason) for each in of_ana] == [
        ("sent", None),
        ("skipped", "not_wanted"),
    ]


async def test_after_an_outage_what_was_told_in_it_costs_no_reminder(stage: Stage) -> None:
    held = session()
    await stage.tell(client(), booked(held))
    stage.clock.moment = THURSDAY - DAY
    await stage.sweep_all()
    stage.clock.moment = THURSDAY - 30 * MINUTE
    await stage.tell(booked(held.model_copy(update={"revision": 2, "confirmed_by": (KIM_ID,)})))
    stage.clock.moment = THURSDAY - 20 * MINUTE
    assert len(await stage.sent_now()) == 1
    assert await stage.states("reminder") == [("sent", None), ("sent", None)]


async def test_who_wants_it_no_more_does_not_get_what_was_due(stage: Stage) -> None:
    await stage.tell(client(guardians=(guardian("copies"),)), booked(session()))
    await stage.sent_after_grace()
    await pause(stage)
    stage.clock.moment = THURSDAY - DAY + MINUTE
    await stage.tell(client(revision=2, mail=MailWishes(reminder_minutes=(60,))))
    await resume(stage)
    assert await stage.sent_now() == []
    states = await stage.states("reminder")
    assert states.count(("skipped", "not_wanted")) == 3
    assert states.count(("planned", None)) == 1


async def test_quiet_hours_that_are_set_in_the_night_cost_no_reminder_of_that_morning(
    stage: Stage,
) -> None:
    early, night = (480,), QuietHours(begin="21:00", end="08:00")
    await stage.tell(client(mail=MailWishes(reminder_minutes=early)), booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 9 * HOUR  # six in the morning; reminded at seven
    wishes = MailWishes(reminder_minutes=early, quiet_hours=night)
    await stage.tell(client(revision=2, mail=wishes))
    stage.clock.moment = THURSDAY - 8 * HOUR
    assert len(await stage.sent_now()) == 1


async def test_an_offset_that_is_over_when_it_is_asked_for_is_not_made_up_for(
    stage: Stage,
) -> None:
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 2 * HOUR
    await stage.sweep_all()
    await stage.tell(client(revision=2, mail=MailWishes(reminder_minutes=(300, 60))))
    assert await stage.sent_now() == []
    assert [each.state for each in await stage.plan("reminder")] == ["sent", "planned"]


async def test_what_had_to_wait_until_a_nearer_one_was_sent_is_not_sent_after_it(
    stage: Stage,
) -> None:
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY
    stage.channel.answers = [Retry("busy", 23 * HOUR + 15 * MINUTE)]
    await stage.sent_now()
    stage.clock.moment = THURSDAY - HOUR
    assert len(await stage.sent_now()) == 1
    stage.clock.moment = THURSDAY - 40 * MINUTE
    assert await stage.sent_now() == []
    assert ("skipped", "superseded") in await stage.states("reminder")
