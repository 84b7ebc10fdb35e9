"""A clinician's morning digest: one for each day that holds something."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed
from services.notifier.use_cases.planning_days import plan_digests
from services.notifier.use_cases.resending import resend
from shared.events.data import MailFailed
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, client, clinician, session
from tests.notifier.stage import Killed, Stage

HALF_PAST_SEVEN = THURSDAY - 7 * HOUR - 30 * MINUTE


def digests(mails: list[Mail]) -> list[Mail]:
    return [mail for mail in mails if mail.to == "dana@clinicians.example"]


async def the_night_before(stage: Stage) -> None:
    """Let it be midnight before Dana's Thursday, whose digest is planned."""
    await stage.tell(client(), clinician(digest_at="07:30"), booked(session()))
    await stage.sent_after_grace()
    await at(stage, -15 * HOUR)


async def at(stage: Stage, before: timedelta) -> list[Mail]:
    """Let it be so long before or after Thursday's session; return the digests that are sent."""
    stage.clock.moment = THURSDAY + before
    await plan_digests(stage.database, stage.clock.now())
    return digests(await stage.sent_now())


async def test_the_morning_digest_lists_the_day_and_an_empty_day_has_none(stage: Stage) -> None:
    await stage.tell(client(), clinician(digest_at="07:30"), booked(session()))
    await stage.tell(booked(session(THURSDAY + 2 * HOUR)))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 2 * DAY
    for _ in range(3):
        assert await plan_digests(stage.database, stage.clock.now()) in (0, 1, 2)
        stage.clock.advance(DAY)
        await stage.sweep_all()
    digests = [mail for mail in stage.channel.sent if mail.to == "dana@clinicians.example"]
    assert [mail.text.count("Join here") for mail in digests] == [2]
    assert ("skipped", "nothing_to_say") in await stage.states("digest")


async def test_a_digest_at_another_time_takes_the_place_of_the_one_that_was_planned(
    stage: Stage,
) -> None:
    await stage.tell(client(), clinician(digest_at="07:30"), booked(session()))
    stage.clock.moment = THURSDAY - 12 * HOUR
    await plan_digests(stage.database, stage.clock.now())
    await stage.tell(clinician(revision=2, digest_at="09:00"))
    await plan_digests(stage.database, stage.clock.now())
    stage.clock.moment = THURSDAY - HOUR
    await stage.sweep_all()
    digests = [mail for mail in stage.channel.sent if mail.to == "dana@clinicians.example"]
    assert len(digests) == 1


async def test_a_digest_that_was_given_up_can_be_sent_again(stage: Stage) -> None:
    await the_night_before(stage)
    stage.channel.answers = [Failed("sendgrid_413")]
    await at(stage, HALF_PAST_SEVEN - THURSDAY)
    (failed,) = [each for each in await stage.plan("digest") if each.state == "failed"]
    stage.clock.advance(HOUR)
    now = stage.clock.now()
    await stage.database.write(lambda conn: resend(conn, now, failed.id))
    assert len(digests(await stage.sent_now())) == 1


async def test_a_clinician_who_travels_gets_the_digest_of_the_day_there(stage: Stage) -> None:
    await the_night_before(stage)
    there = clinician(revision=2, digest_at="07:30")
    await stage.tell(there.model_copy(update={"timezone": "America/Chicago"}))
    assert await at(stage, HALF_PAST_SEVEN - THURSDAY) == []
    assert len(await at(stage, HALF_PAST_SEVEN + HOUR - THURSDAY)) == 1


async def test_a_day_has_one_digest_whatever_is_changed_after_it(stage: Stage) -> None:
    await the_night_before(stage)
    assert len(await at(stage, HALF_PAST_SEVEN - THURSDAY)) == 1
    await stage.tell(clinician(revision=2, digest_at="09:00"))
    assert await at(stage, HALF_PAST_SEVEN + 2 * HOUR - THURSDAY) == []


async def test_a_digest_that_is_put_off_waits_for_its_new_hour(stage: Stage) -> None:
    await the_night_before(stage)
    await stage.tell(clinician(revision=2, digest_at="09:00"))
    stage.clock.moment = HALF_PAST_SEVEN
    assert digests(await stage.sent_now()) == []  # before the plan is looked at again
    assert len(await at(stage, HALF_PAST_SEVEN + 90 * MINUTE - THURSDAY)) == 1


async def test_a_digest_that_is_stopped_and_wanted_again_comes_at_its_hour(stage: Stage) -> None:
    await the_night_before(stage)
    await stage.tell(clinician(revision=2))
    assert await at(stage, HALF_PAST_SEVEN - THURSDAY) == []
    await stage.tell(clinician(revision=3, digest_at="09:00"))
    assert await at(stage, HALF_PAST_SEVEN + HOUR - THURSDAY) == []
    assert len(await at(stage, HALF_PAST_SEVEN + 90 * MINUTE - THURSDAY)) == 1


@pytest.mark.parametrize("lost", [AnswerLost("no_answer"), Killed()])
async def test_a_digest_whose_answer_was_lost_is_given_up_marked_and_told(
    stage: Stage, lost: AnswerLost | Killed
) -> None:
    await the_night_before(stage)
    stage.channel.answers = [lost]
    with contextlib.suppress(Killed):
        await at(stage, HALF_PAST_SEVEN - THURSDAY)
    assert digests(await stage.pass_time(5 * MINUTE)) == []
    (digest,) = [each for each in await stage.plan("digest") if each.state == "failed"]
    assert (digest.reason, digest.answer_lost, digest.attempts) == ("answer_lost", True, 1)
    told = await stage.events(MailFailed)
    assert [each["reminder_id"] for each in told] == [str(digest.id)]
