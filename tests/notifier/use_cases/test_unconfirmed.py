"""Whoever may come hears of a cancellation, also if no confirmation ever reached them."""

from __future__ import annotations

from datetime import timedelta

from services.notifier.domain.outcomes import Failed, Retry
from shared.events.data import MailWishes, Session
from tests.cast import ANA_ID, KIM_ID
from tests.notifier.diary import (
    DAY,
    HOUR,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    changed,
    client,
    course,
    guardian,
    move,
    now_as,
    session,
)
from tests.notifier.stage import Stage

CANCELLED = "Cancelled: your appointment on Thursday, December 3, 3:00 PM EST"
NEW_TIME = "New time: your appointment on Friday, December 4, 3:00 PM EST"
NO_CONFIRMATION = MailWishes(opted_out=("confirmation",))


async def subjects(stage: Stage, whose: str = "kim") -> list[str]:
    """Return the subjects of what one person is sent once the grace is over."""
    sent = await stage.sent_after_grace()
    return [mail.subject for mail in sent if mail.to == f"{whose}@clients.example"]


async def book(stage: Stage) -> Session:
    held = session()
    await stage.tell(booked(held))
    await stage.sent_after_grace()
    return held


async def test_who_wants_no_confirmations_hears_of_a_cancellation(stage: Stage) -> None:
    await stage.tell(client(mail=NO_CONFIRMATION))
    held = await book(stage)
    await stage.tell(cancel(held))
    assert await subjects(stage) == [CANCELLED]


async def test_who_wants_no_confirmations_hears_of_a_move_as_a_move(stage: Stage) -> None:
    await stage.tell(client(mail=NO_CONFIRMATION))
    held = await book(stage)
    await stage.tell(move(held, DAY))
    assert await subjects(stage) == [NEW_TIME]


async def test_who_wants_no_confirmations_is_not_given_one_with_the_next_change(
    stage: Stage,
) -> None:
    fact = course(weeks=4)
    await stage.tell(client(mail=NO_CONFIRMATION), fact)
    await stage.sent_after_grace()
    await stage.tell(cancel(fact.sessions[0]))
    assert await subjects(stage) == [CANCELLED]


async def test_a_guardian_who_came_after_the_booking_hears_of_a_cancellation(stage: Stage) -> None:
    await stage.tell(client())
    held = await book(stage)
    await stage.tell(client(revision=2, guardians=(guardian("times"),)), cancel(held))
    assert await subjects(stage, "jo") == [CANCELLED]


async def test_a_guardian_who_heard_nothing_at_the_booking_hears_of_a_cancellation(
    stage: Stage,
) -> None:
    await stage.tell(client(guardians=(guardian("none"),)))
    held = await book(stage)
    await stage.tell(client(revision=2, guardians=(guardian("times"),)))
    other = session(THURSDAY + DAY)
    await stage.tell(booked(other), cancel(other), cancel(held))
    assert await subjects(stage, "jo") == [CANCELLED]


async def test_if_a_confirmation_failed_the_cancellation_is_told(stage: Stage) -> None:
    await stage.tell(client())
    stage.channel.answers = [Failed("no")]
    held = await book(stage)
    await stage.tell(cancel(held))
    assert await subjects(stage) == [CANCELLED]


async def test_a_new_address_hears_of_a_cancellation_that_the_old_one_could_not(
    stage: Stage,
) -> None:
    await stage.tell(client())
    first = session(THURSDAY - DAY)
    stage.channel.answers = [Failed("no", of_address=True)]
    await stage.tell(booked(first))
    await stage.sent_after_grace()
    held = await book(stage)  # not even tried
    await stage.tell(client(revision=2, email="kim.park@clients.example"), cancel(held))
    assert CANCELLED in await subjects(stage, "kim.park")


async def test_no_mail_can_be_written_to_an_address_and_a_better_one_hears_of_the_cancellation(
    stage: Stage,
) -> None:
    await stage.tell(client(email="nowhere"))
    held = await book(stage)
    await stage.tell(client(revision=2), cancel(held))
    assert await subjects(stage) == [CANCELLED]


async def test_who_leaves_a_group_hears_so_without_a_confirmation_too(stage: Stage) -> None:
    await stage.tell(client(KIM_ID), client(ANA_ID))
    fact = course(weeks=1, clients=(KIM_ID, ANA_ID))
    stage.channel.answers = [Failed("no"), Failed("no")]
    await stage.tell(fact)
    await stage.sent_after_grace()
    await stage.tell(changed(fact, [now_as(fact.sessions[0], client_ids=(KIM_ID,))]))
    assert await subjects(stage, "ana") == [CANCELLED]


async def test_who_was_reminded_hears_of_the_cancellation_of_that_time(stage: Stage) -> None:
    await stage.tell(client())
    held = await book(stage)
    away = move(held, DAY)
    stage.channel.answers = [Failed("no")]
    await stage.tell(away)
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY + HOUR
    (reminder,) = await stage.sent_now()
    assert "December 4" in reminder.text
    await stage.tell(cancel(away.session))
    (subject,) = await subjects(stage)
    assert subject == "Cancelled: your appointment on Friday, December 4, 3:00 PM EST"


async def test_a_reminder_that_a_cancellation_overtook_is_not_the_last_word(stage: Stage) -> None:
    await stage.tell(client(guardians=(guardian("times"),)))
    held = await book(stage)
    stage.clock.moment = THURSDAY - HOUR
    off = cancel(held)

    async def cancelled_meanwhile(_: object) -> None:
        stage.channel.before = None
        await stage.tell(off)

    stage.channel.before = cancelled_meanwhile
    await stage.sent_now()
    assert await subjects(stage) == [CANCELLED]
    await stage.tell(booked(now_as(off.session)))
    assert await subjects(stage) == []


async def test_what_nobody_heard_of_and_is_undone_is_still_told_to_nobody(stage: Stage) -> None:
    await stage.tell(client())
    fact = course(weeks=2)
    await stage.tell(fact)
    await stage.sent_after_grace()
    added = session(THURSDAY + 2 * WEEK, course_id=fact.course_id)
    await stage.tell(changed(fact, [added]))
    await stage.tell(changed(fact, [now_as(added, status="cancelled")]))
    assert await subjects(stage) == []


async def test_a_confirmation_that_is_still_tried_leaves_no_doubt(stage: Stage) -> None:
    await stage.tell(client(guardians=(guardian("times"),)))
    stage.channel.answers = [Retry("busy", timedelta(hours=1))] * 2
    held = await book(stage)
    await stage.tell(cancel(held))
    assert await subjects(stage) == []


async def test_a_mail_that_did_not_arrive_takes_no_doubt_that_was_there_before(
    stage: Stage,
) -> None:
    await stage.tell(client())
    held = await book(stage)
    away = move(held, DAY)
    await stage.tell(client(revision=2, guardians=(guardian("times"),)), away)
    stage.channel.answers = [Retry("busy", timedelta(hours=1))] * 2
    await stage.sent_after_grace()
    await stage.tell(cancel(away.session))
    (subject,) = await subjects(stage, "jo")
    assert subject == "Cancelled: your appointment on Friday, December 4, 3:00 PM EST"


async def test_a_replay_leaves_what_is_known_as_it_is(stage: Stage) -> None:
    await stage.tell(client(mail=NO_CONFIRMATION))
    held = await book(stage)
    await stage.forget_what_was_told()
    await stage.apply(stage.told)
    await stage.tell(cancel(held))
    assert await subjects(stage) == [CANCELLED]
