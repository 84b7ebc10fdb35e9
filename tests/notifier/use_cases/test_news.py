"""A clinician who wants news hears what is not as they knew it, once, and of nobody by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifier.domain.mail import Mail
from shared.events.data import ClinicianSaved, Session
from tests.cast import ANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID
from tests.notifier.diary import (
    DAY,
    MINUTE,
    THURSDAY,
    booked,
    cancel,
    changed,
    client,
    clinician,
    course,
    ended,
    move,
    now_as,
    session,
)
from tests.notifier.stage import Stage

ON = "the appointment on Thursday, December 3, 3:00 PM EST"
A_WHILE = timedelta(minutes=10)


def ortiz() -> ClinicianSaved:
    """Ortiz, who wants news too."""
    at = "ortiz@clinicians.example"
    return clinician(news=True).model_copy(
        update={"clinician_id": ORTIZ_ID, "name": "Marta Ortiz", "email": at}
    )


@pytest.fixture(autouse=True)
async def everyone(stage: Stage) -> None:
    await stage.tell(client(), client(ANA_ID), clinician(news=True), ortiz())


@pytest.fixture
async def held(stage: Stage) -> Session:
    """Kim's session with Dana, which was confirmed to Kim."""
    one = session()
    await stage.tell(booked(one))
    await stage.sent_after_grace()
    return one


async def news(stage: Stage, whose: str = "dana") -> list[Mail]:
    sent = await stage.pass_time(A_WHILE)
    return [mail for mail in sent if mail.to == f"{whose}@clinicians.example"]


async def told(stage: Stage) -> list[str]:
    """Return the subjects of what Dana is sent once the grace is over."""
    return [mail.subject for mail in await news(stage)]


async def test_a_booking_is_no_news(stage: Stage) -> None:
    await stage.tell(booked(session()), course(weeks=2))
    assert await told(stage) == []


async def test_a_confirmation_and_later_a_cancellation_are_told(
    stage: Stage, held: Session
) -> None:
    confirmed = now_as(held, confirmed_by=(KIM_ID,))
    await stage.tell(booked(confirmed))
    (mail,) = await news(stage)
    assert mail.subject == f"Confirmed: {ON}"
    assert "http" not in mail.text.partition("Stop mails")[0]
    await stage.tell(cancel(confirmed))
    (mail,) = await news(stage)
    assert mail.subject == f"Cancelled: {ON}"
    assert "Kim" not in mail.text + mail.html


async def test_a_confirmation_and_a_cancellation_at_once_are_one_cancellation(
    stage: Stage, held: Session
) -> None:
    confirmed = now_as(held, confirmed_by=(KIM_ID,))
    await stage.tell(booked(confirmed))
    await stage.pass_time(MINUTE)
    await stage.tell(cancel(confirmed))
    assert await told(stage) == [f"Cancelled: {ON}"]


async def test_what_is_undone_is_no_news(stage: Stage, held: Session) -> None:
    confirmed = now_as(held, confirmed_by=(KIM_ID,))
    await stage.tell(booked(confirmed))
    assert await told(stage) == [f"Confirmed: {ON}"]
    off = cancel(confirmed).session
    await stage.tell(cancel(confirmed), booked(now_as(off, status="scheduled")))
    assert await told(stage) == []
    alone = session(THURSDAY + DAY)
    await stage.tell(booked(alone), booked(now_as(alone, confirmed_by=(KIM_ID,))))
    await stage.tell(booked(alone.model_copy(update={"revision": 3})))
    assert await told(stage) == []


async def test_of_a_group_one_mail_says_that_someone_comes(stage: Stage) -> None:
    together = session(clients=(KIM_ID, ANA_ID))
    await stage.tell(booked(together))
    await stage.sent_after_grace()
    first = now_as(together, confirmed_by=(KIM_ID,))
    both = now_as(first, confirmed_by=(KIM_ID, ANA_ID))
    await stage.tell(booked(first), booked(both))
    assert await told(stage) == [f"Confirmed: {ON}"]
    assert await told(stage) == []


async def test_another_time_that_a_client_picked_is_told_with_the_old_one(
    stage: Stage, held: Session
) -> None:
    await stage.tell(move(held, DAY))
    (mail,) = await news(stage)
    assert mail.subject == "New time: the appointment on Friday, December 4, 3:00 PM EST"
    assert "It was on: Thursday, December 3" in mail.text


async def test_several_changes_of_a_course_are_one_mail_with_every_date(stage: Stage) -> None:
    fact = course(weeks=4)
    await stage.tell(fact)
    await stage.sent_after_grace()
    first, second, third, fourth = fact.sessions
    await stage.tell(changed(fact, [move(first, DAY).session, now_as(second, status="cancelled")]))
    await stage.tell(booked(now_as(third, confirmed_by=(KIM_ID,))))
    (mail,) = await news(stage)
    assert mail.subject == "Appointments have changed"
    confirmed, moved, cancelled = (
        mail.text.index(said) for said in ("\nConfirmed\n", "\nNew times\n", "\nCancelled\n")
    )
    assert confirmed < mail.text.index("December 17") < moved < mail.text.index("December 4")
    assert mail.text.index("December 10") > cancelled
    await stage.tell(ended(fact, [now_as(fourth, status="cancelled")]))
    assert await told(stage) == ["Cancelled: the appointment on Thursday, December 24, 3:00 PM EST"]


async def test_who_is_given_a_course_and_who_loses_it_hear_so(stage: Stage) -> None:
    fact = course(weeks=2)
    await stage.tell(fact)
    await stage.sent_after_grace()
    given = [now_as(each, clinician_id=ORTIZ_ID) for each in fact.sessions]
    await stage.tell(changed(fact, given))
    sent = await stage.pass_time(A_WHILE)
    texts = {mail.to.partition("@")[0]: mail.text for mail in sent}
    assert texts["ortiz"].count("\nBooked\n") == texts["dana"].count("\nCancelled\n") == 1
    assert texts["ortiz"].count("EST") == texts["dana"].count("EST") == 2
    await stage.tell(changed(fact, [move(given[0], DAY).session]))
    (mail,) = await news(stage, "ortiz")
    assert mail.subject.startswith("New time")


async def test_a_course_that_is_given_and_taken_back_is_no_news(stage: Stage) -> None:
    fact = course(weeks=2)
    await stage.tell(fact)
    await stage.sent_after_grace()
    given = [now_as(each, clinician_id=ORTIZ_ID) for each in fact.sessions]
    back = [now_as(each, clinician_id=fact.clinician_id) for each in given]
    await stage.tell(changed(fact, given), changed(fact, back))
    assert [mail for mail in await stage.pass_time(A_WHILE) if "clinicians" in mail.to] == []


async def test_who_wanted_no_news_hears_from_then_on_only_of_what_is_new(
    stage: Stage,
) -> None:
    await stage.tell(clinician(revision=2))
    fact = course(weeks=2)
    away = move(fact.sessions[0], DAY)
    await stage.tell(fact, away)
    await stage.tell(clinician(revision=3, news=True))
    assert await told(stage) == []
    await stage.tell(cancel(fact.sessions[1]))
    (subject,) = await told(stage)
    assert subject.startswith("Cancelled")


async def test_a_replay_is_no_news(stage: Stage, held: Session) -> None:
    confirmed = now_as(held, confirmed_by=(KIM_ID,))
    await stage.tell(booked(confirmed), move(confirmed, DAY))
    assert len(await told(stage)) == 1
    plan = await stage.plan()
    await stage.forget_what_was_told()
    await stage.apply(stage.told)
    assert await stage.plan() == plan
    assert await told(stage) == []


async def test_standing_in_another_zone_it_is_read_on_their_own_clock(
    stage: Stage, held: Session
) -> None:
    away = clinician(revision=2, news=True).model_copy(update={"timezone": "America/Chicago"})
    await stage.tell(away, cancel(held))
    (mail,) = await news(stage)
    assert mail.subject.endswith("2:00 PM CST")
    assert "3:00 PM EST" in mail.text
    assert held.timezone == NEW_YORK
