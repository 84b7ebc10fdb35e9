"""One mail to each person about each course for all that happens within the grace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Retry
from services.notifier.use_cases.sweeping import sweep_once
from shared.events.data import CourseBooked, MailWishes
from tests.conftest import NOW
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
    move,
    now_as,
    session,
)
from tests.notifier.stage import Stage

A_WHILE = timedelta(minutes=10)


@pytest.fixture
async def fact(stage: Stage) -> CourseBooked:
    """Kim's course of four weeks, which was confirmed."""
    fact = course(weeks=4)
    await stage.tell(client(), fact)
    await stage.sent_after_grace()
    return fact


async def test_dates_that_are_moved_one_after_another_are_told_in_one_mail(
    stage: Stage, fact: CourseBooked
) -> None:
    for each in fact.sessions[:3]:
        await stage.tell(move(each, DAY))
        await stage.pass_time(20 * MINUTE / 60)
    (mail,) = await stage.pass_time(A_WHILE)
    assert mail.subject == "Your appointments have changed"
    assert mail.text.count("Friday") == 3
    moved = [("skipped", "superseded"), ("skipped", "superseded"), ("sent", None)]
    assert await stage.states("moved") == moved


async def test_a_date_is_told_once_whatever_kinds_of_changes_come_together(
    stage: Stage, fact: CourseBooked
) -> None:
    first, *others = fact.sessions
    await stage.tell(move(first, DAY))
    await stage.pass_time(MINUTE)
    await stage.tell(changed(fact, [move(each, DAY).session for each in others]))
    (mail,) = await stage.pass_time(A_WHILE)
    assert mail.text.count("December 4") == 1
    assert mail.text.count("Friday") == 4


async def test_a_move_and_a_cancel_are_one_mail_and_a_burst_that_is_undone_is_none(
    stage: Stage, fact: CourseBooked
) -> None:
    first, second, third, _ = fact.sessions
    away, off = move(first, DAY), cancel(second)
    await stage.tell(away, off)
    await stage.tell(move(away.session, -DAY), booked(now_as(off.session, status="scheduled")))
    assert await stage.pass_time(A_WHILE) == []
    await stage.tell(move(third, DAY), cancel(fact.sessions[3]))
    (mail,) = await stage.pass_time(A_WHILE)
    assert mail.subject == "Your appointments have changed"


async def test_one_change_of_a_course_by_itself_reads_as_what_it_is(
    stage: Stage, fact: CourseBooked
) -> None:
    await stage.tell(cancel(fact.sessions[1]))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Cancelled: your appointment on Thursday, December 10, 3:00 PM EST"


async def test_two_courses_are_two_mails(stage: Stage, fact: CourseBooked) -> None:
    other = course(THURSDAY + 2 * HOUR, weeks=2)
    await stage.tell(other)
    await stage.sent_after_grace()
    await stage.tell(move(fact.sessions[0], DAY), move(other.sessions[0], DAY))
    assert len(await stage.sent_after_grace()) == 2


async def test_what_is_near_is_told_at_once_with_all_that_waits(stage: Stage) -> None:
    fact = course(NOW + 2 * HOUR, weeks=2)
    near, later = fact.sessions
    await stage.tell(client(), fact)
    await stage.sent_after_grace()
    stage.clock.moment = NOW + HOUR + 10 * MINUTE
    await stage.sent_now()
    await stage.tell(move(later, DAY), cancel(near))
    (mail,) = await stage.sent_now()
    assert mail.subject == "Your appointments have changed"
    assert await stage.pass_time(A_WHILE) == []


@pytest.mark.parametrize("unwanted", ["moved", "cancelled"])
async def test_a_kind_that_someone_does_not_want_takes_no_other_with_it(
    stage: Stage, fact: CourseBooked, unwanted: str
) -> None:
    await stage.tell(client(revision=2, mail=MailWishes(opted_out=(unwanted,))))
    await stage.tell(move(fact.sessions[0], DAY), cancel(fact.sessions[1]))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointments have changed"
    await stage.tell(move(fact.sessions[2], DAY))
    assert len(await stage.sent_after_grace()) == (unwanted != "moved")


async def test_a_change_while_the_confirmation_is_on_its_way_is_told_after_it(
    stage: Stage,
) -> None:
    fact = course(NOW + 50 * MINUTE, weeks=2)
    await stage.tell(client())

    async def moved_meanwhile(_: Mail) -> None:
        stage.channel.before = None
        await stage.tell(move(fact.sessions[0], 2 * HOUR))
        await sweep_once(stage.sweep)

    stage.channel.before = moved_meanwhile
    await stage.tell(fact)
    (confirmation,) = await stage.sent_now()
    assert confirmation.subject == "Your appointments are booked"
    (news,) = await stage.pass_time(A_WHILE)
    assert news.subject.startswith("New time")


async def test_while_the_confirmation_is_tried_again_a_change_says_it_all(stage: Stage) -> None:
    fact = course(weeks=3)
    await stage.tell(client(), fact)
    stage.channel.answers = [Retry("busy", HOUR)]
    await stage.sent_after_grace()
    stage.channel.sent.clear()
    await stage.tell(cancel(fact.sessions[0]))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointments are booked"
    assert mail.text.count("EST") == 2
    assert await stage.pass_time(HOUR) == []


async def test_an_added_date_is_confirmed_with_the_move_of_another(
    stage: Stage, fact: CourseBooked
) -> None:
    added = session(THURSDAY + 5 * WEEK, course_id=fact.course_id)
    await stage.tell(changed(fact, [added]), move(fact.sessions[0], DAY))
    (mail,) = await stage.sent_after_grace()
    assert "\nNew times\n" in mail.text
    assert "\nBooked\n" in mail.text
