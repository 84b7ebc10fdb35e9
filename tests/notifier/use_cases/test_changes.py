"""Several changes at once: one mail for each person, of just what that person has to know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.events.data import CourseBooked, OfferEnded, OfferMade
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK
from tests.notifier.diary import (
    DAY,
    HOUR,
    MINUTE,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    changed,
    client,
    course,
    ended,
    move,
    now_as,
    session,
)
from tests.notifier.stage import Stage


@pytest.fixture(autouse=True)
async def clients(stage: Stage) -> None:
    await stage.tell(client(KIM_ID), client(ANA_ID), client(LEE_ID))


async def told_course(stage: Stage, clients: Sequence[UUID] = (KIM_ID,)) -> CourseBooked:
    fact = course(weeks=4, clients=clients)
    await stage.tell(fact)
    await stage.sent_after_grace()
    return fact


async def test_a_series_that_moves_is_told_in_one_mail(stage: Stage) -> None:
    fact = await told_course(stage)
    await stage.tell(changed(fact, [move(each, DAY).session for each in fact.sessions[1:]]))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointments have changed"
    assert mail.text.count("It was on:") == mail.text.count("It is now on:") == 3
    assert mail.text.count("Friday") == 3
    reminders = sorted(await stage.states("reminder"), key=str)
    assert reminders == [("planned", None)] * 8 + [("skipped", "moved")] * 6


async def test_moved_cancelled_and_added_dates_stand_in_one_mail(stage: Stage) -> None:
    fact = await told_course(stage)
    first, second = fact.sessions[:2]
    added = session(THURSDAY + 5 * WEEK, course_id=fact.course_id)
    await stage.tell(
        changed(fact, [move(first, DAY).session, now_as(second, status="cancelled"), added])
    )
    (mail,) = await stage.sent_after_grace()
    moved, rest = mail.text.split("\nCancelled\n")
    cancelled, new = rest.split("\nBooked\n")
    assert "December 3" in moved
    assert "December 4" in moved
    assert "December 10" in cancelled
    assert "https" not in cancelled
    assert "January 7" in new
    assert await stage.sent_after_grace() == []


async def test_one_change_of_a_course_reads_as_one_change(stage: Stage) -> None:
    fact = await told_course(stage)
    await stage.tell(changed(fact, [move(fact.sessions[0], DAY).session]))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "New time: your appointment on Friday, December 4, 3:00 PM EST"


async def test_a_change_inside_the_grace_of_the_booking_makes_one_confirmation(
    stage: Stage,
) -> None:
    fact = course(weeks=3)
    await stage.tell(fact)
    await stage.pass_time(MINUTE)
    await stage.tell(changed(fact, [move(each, DAY).session for each in fact.sessions]))
    mails = await stage.pass_time(timedelta(minutes=10))
    (mail,) = mails
    assert mail.subject == "Your appointments are booked"
    assert mail.text.count("Friday") == 3


async def test_a_burst_of_changes_makes_one_mail_and_an_undo_none(stage: Stage) -> None:
    fact = await told_course(stage)
    away = [move(each, DAY).session for each in fact.sessions]
    further = [move(each, DAY).session for each in away]
    await stage.tell(changed(fact, away))
    await stage.pass_time(MINUTE)
    await stage.tell(changed(fact, further))
    (mail,) = await stage.pass_time(timedelta(minutes=10))
    assert mail.text.count("Saturday") == 4
    back = [move(each, DAY).session for each in further]
    await stage.tell(changed(fact, back))
    await stage.tell(changed(fact, [move(each, -DAY).session for each in back]))
    assert await stage.pass_time(timedelta(minutes=10)) == []


async def test_what_nobody_has_to_hear_plans_nothing(stage: Stage) -> None:
    fact = await told_course(stage)
    before = await stage.plan()
    await stage.tell(changed(fact, [now_as(fact.sessions[0], confirmed_by=(KIM_ID,))]))
    assert await stage.plan() == before


async def test_who_joins_hears_of_the_dates_and_nobody_else_hears_anything(stage: Stage) -> None:
    fact = await told_course(stage, (KIM_ID, ANA_ID))
    both = [now_as(each, client_ids=(KIM_ID, ANA_ID, LEE_ID)) for each in fact.sessions[1:]]
    await stage.tell(changed(fact, both))
    (mail,) = await stage.sent_after_grace()
    assert mail.to == "lee@clients.example"
    assert mail.subject == "Your appointments are booked"
    assert mail.text.count("/join/") == 3
    stage.clock.moment = THURSDAY + WEEK - HOUR
    assert {mail.to.partition("@")[0] for mail in await stage.sent_now()} == {"kim", "ana", "lee"}


async def test_who_leaves_hears_that_the_dates_are_cancelled_and_is_reminded_no_more(
    stage: Stage,
) -> None:
    fact = await told_course(stage, (KIM_ID, ANA_ID))
    await stage.tell(changed(fact, [now_as(each, client_ids=(KIM_ID,)) for each in fact.sessions]))
    (mail,) = await stage.sent_after_grace()
    assert mail.to == "ana@clients.example"
    assert mail.subject == "Your appointments have changed"
    assert "/join/" not in mail.text
    stage.clock.moment = THURSDAY - HOUR
    assert [mail.to for mail in await stage.sent_now()] == ["kim@clients.example"]


async def test_an_absence_and_its_end_within_the_grace_make_no_mail(stage: Stage) -> None:
    fact = await told_course(stage, (KIM_ID, ANA_ID))
    without = now_as(fact.sessions[0], client_ids=(KIM_ID,))
    await stage.tell(changed(fact, [without]))
    await stage.tell(changed(fact, [now_as(without, client_ids=(KIM_ID, ANA_ID))]))
    assert await stage.pass_time(timedelta(minutes=10)) == []
    stage.clock.moment = THURSDAY - HOUR
    assert {mail.to.partition("@")[0] for mail in await stage.sent_now()} == {"kim", "ana"}


async def test_a_cancel_that_is_undone_is_still_reminded_of(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    off = cancel(standing)
    await stage.tell(off)
    await stage.pass_time(MINUTE)
    await stage.tell(booked(now_as(off.session, status="scheduled")))
    assert await stage.pass_time(timedelta(minutes=10)) == []
    stage.clock.moment = THURSDAY - HOUR
    (mail,) = await stage.sent_now()
    assert mail.subject == "Your appointment on Thursday, December 3, 3:00 PM EST"


async def test_an_early_end_cancels_the_rest_in_one_mail(stage: Stage) -> None:
    fact = await told_course(stage)
    rest = tuple(now_as(each, status="cancelled") for each in fact.sessions[1:])
    await stage.tell(ended(fact, rest))
    (mail,) = await stage.sent_after_grace()
    assert mail.text.count("EST") == 3
    assert not re.search("/(join|appointments)/", mail.text)


async def test_a_replay_of_changes_sends_nothing_again(stage: Stage) -> None:
    fact = await told_course(stage, (KIM_ID, ANA_ID))
    moved = [move(each, DAY).session for each in fact.sessions]
    await stage.tell(changed(fact, moved))
    await stage.tell(changed(fact, [now_as(moved[0], client_ids=(KIM_ID,))]))
    await stage.sent_after_grace()
    plan, sent = await stage.plan(), len(stage.channel.sent)
    await stage.forget_what_was_told()
    await stage.apply(stage.told)
    assert await stage.plan() == plan
    await stage.pass_time(timedelta(minutes=10))
    assert len(stage.channel.sent) == sent


def offer(expires_at: datetime) -> OfferMade:
    return OfferMade(
        offer_id=uuid4(),
        client_id=KIM_ID,
        clinician_id=DANA_ID,
        starts_at=THURSDAY,
        ends_at=THURSDAY + HOUR,
        timezone=NEW_YORK,
        weekly=True,
        expires_at=expires_at,
    )


async def test_an_offer_is_mailed_at_once_with_its_link_and_its_end(stage: Stage) -> None:
    await stage.tell(offer(stage.clock.now() + DAY))
    (mail,) = await stage.sent_now()
    assert mail.subject == "A time has come free: Thursday, December 3, 3:00 PM EST"
    assert "every week" in mail.text
    assert "It is kept for you until Tuesday, November 24, 2026, 9:00 AM EST." in mail.text
    assert mail.text.count("https://hour.example/offers/") == 1
    assert "/join/" not in mail.text


async def test_an_offer_that_has_ended_is_not_mailed(stage: Stage) -> None:
    taken, late = offer(stage.clock.now() + DAY), offer(stage.clock.now() + MINUTE)
    await stage.tell(taken, late, OfferEnded(offer_id=taken.offer_id, client_id=KIM_ID))
    stage.clock.advance(MINUTE)
    assert await stage.sent_now() == []
    assert sorted(await stage.states("offer"), key=str) == [
        ("skipped", "too_late"),
        ("skipped", "undone"),
    ]
