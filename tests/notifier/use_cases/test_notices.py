"""Notices: one mail for a burst of changes, none for what was undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.notifier.domain.outcomes import AnswerLost, Retry
from tests.conftest import NOW
from tests.notifier.diary import (
    DAY,
    HOUR,
    MINUTE,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    client,
    course,
    move,
    session,
)
from tests.notifier.stage import RULES, Stage


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    await stage.tell(client())


async def test_a_course_is_confirmed_in_one_mail_with_every_date_and_its_link(
    stage: Stage,
) -> None:
    await stage.tell(course(THURSDAY, weeks=16))
    assert await stage.sent_now() == []
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointments are booked"
    assert mail.text.count("3:00 PM EST") == 15
    assert mail.text.count("4:00 PM EDT") == 1  # the same instant, after the clocks changed
    assert mail.text.count("https://hour.example/join/") == 16
    assert await stage.sent_after_grace() == []


async def test_one_consultation_is_confirmed_by_itself(stage: Stage) -> None:
    await stage.tell(booked(session()))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointment on Thursday, December 3, 3:00 PM EST"
    assert "booked" in mail.text


async def test_a_move_says_the_old_time_and_the_new(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    await stage.tell(move(standing, DAY))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "New time: your appointment on Friday, December 4, 3:00 PM EST"
    assert "It was on: Thursday, December 3, 2026, 3:00 PM EST" in mail.text


async def test_a_cancel_says_which_and_gives_no_link(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    await stage.tell(cancel(standing))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Cancelled: your appointment on Thursday, December 3, 3:00 PM EST"
    assert not re.search("/(join|appointments)/", mail.text)


async def test_a_burst_of_moves_makes_one_mail_from_the_first_time_to_the_last(
    stage: Stage,
) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    first = move(standing, DAY)
    await stage.tell(first)
    await stage.pass_time(MINUTE)
    await stage.tell(move(first.session, DAY))
    sent = [*await stage.pass_time(2 * MINUTE), *await stage.pass_time(MINUTE)]
    assert [mail.subject for mail in sent] == [
        "New time: your appointment on Saturday, December 5, 3:00 PM EST"
    ]
    assert "Thursday, December 3" in sent[0].text
    assert await stage.states("moved") == [("skipped", "superseded"), ("sent", None)]


async def test_a_move_that_is_undone_within_the_grace_makes_no_mail(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    away = move(standing, DAY)
    await stage.tell(away, move(away.session, -DAY))
    assert await stage.sent_after_grace() == []
    assert sorted(await stage.states("moved"), key=str) == [
        ("skipped", "superseded"),
        ("skipped", "undone"),
    ]


async def test_what_is_booked_and_cancelled_within_the_grace_makes_no_mail(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing), cancel(standing))
    assert await stage.sent_after_grace() == []
    assert await stage.states("confirmation") == [("skipped", "superseded")]
    assert await stage.states("cancelled") == [("skipped", "undone")]


async def test_what_is_booked_and_moved_within_the_grace_makes_one_confirmation(
    stage: Stage,
) -> None:
    standing = session()
    await stage.tell(booked(standing), move(standing, DAY))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointment on Friday, December 4, 3:00 PM EST"
    assert "December 3" not in mail.text


async def test_a_course_confirmation_lists_what_is_true_when_it_goes(stage: Stage) -> None:
    fact = course(weeks=3)
    first, second, _ = fact.sessions
    await stage.tell(fact, cancel(first), move(second, DAY))
    (mail,) = await stage.sent_after_grace()
    assert "December 3" not in mail.text
    assert "Friday, December 11" in mail.text
    assert "Thursday, December 17" in mail.text
    assert await stage.states("confirmation") == [("skipped", "superseded")]
    assert await stage.states("cancelled") == [("skipped", "superseded")]


async def test_a_course_cancelled_whole_within_the_grace_is_never_mentioned(
    stage: Stage,
) -> None:
    fact = course(weeks=2)
    await stage.tell(fact, *(cancel(each) for each in fact.sessions))
    assert await stage.sent_after_grace() == []
    assert await stage.states("confirmation") == [("skipped", "superseded")]
    assert ("skipped", "undone") in await stage.states("cancelled")


async def test_a_change_under_an_hour_before_is_told_at_once(stage: Stage) -> None:
    standing = session(NOW + 50 * MINUTE)
    await stage.tell(booked(standing))
    assert len(await stage.sent_now()) == 1
    await stage.tell(move(standing, 2 * DAY))
    assert len(await stage.sent_now()) == 1


async def test_a_cancel_after_its_hour_began_is_told_to_nobody(stage: Stage) -> None:
    standing = session(NOW + HOUR)
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    await stage.tell(cancel(standing))
    assert await stage.pass_time(HOUR) == []
    assert await stage.states("cancelled") == [("skipped", "too_late")]


async def test_if_a_confirmation_may_have_arrived_the_cancel_is_told(stage: Stage) -> None:
    standing = session()
    stage.channel.answers = [AnswerLost("no_answer")]
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    await stage.tell(cancel(standing))
    sent = await stage.pass_time(RULES.grace)
    assert [mail.subject.partition(":")[0] for mail in sent] == ["Cancelled"]


async def test_if_a_confirmation_certainly_did_not_arrive_the_cancel_is_not_told(
    stage: Stage,
) -> None:
    standing = session()
    stage.channel.answers = [Retry("busy", timedelta(hours=1))]
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    await stage.tell(cancel(standing))
    assert await stage.pass_time(RULES.grace) == []
    assert await stage.pass_time(HOUR) == []


async def test_a_second_course_a_week_later_is_confirmed_by_itself(stage: Stage) -> None:
    await stage.tell(course(weeks=2))
    await stage.sent_after_grace()
    await stage.tell(course(THURSDAY + WEEK + 2 * HOUR, weeks=2))
    (mail,) = await stage.sent_after_grace()
    assert mail.text.count("5:00 PM EST") == 2
