"""What an address, or a guardian's level, kept from someone is made up for while it is of use."""

from __future__ import annotations

from services.notifier.domain.fates import Fate, Told
from services.notifier.domain.outcomes import Failed
from services.notifier.use_cases import steering
from services.notifier.use_cases.provider_events import learn_fates
from shared.events.data import PracticeSaved
from tests.cast import KIM_ID
from tests.notifier.diary import (
    DAY,
    HOUR,
    MINUTE,
    THURSDAY,
    booked,
    cancel,
    client,
    course,
    guardian,
    move,
    session,
)
from tests.notifier.stage import Stage

REFUSED = Failed("recipient_refused_550", of_address=True)
CORRECTED = "kim.park@clients.example"


async def start_address(stage: Stage) -> None:
    now = stage.clock.now()
    await stage.database.write(lambda conn: steering.start_address(conn, now, KIM_ID))


async def bounce(stage: Stage, kind: str) -> None:
    """Let the one mail of this kind that was sent come back."""
    (sent,) = [each for each in await stage.plan(kind) if each.state == "sent"]
    now = stage.clock.now()
    told = Told(
        id=f"bounce of {sent.id}",
        delivery_id=sent.id,
        email="kim@clients.example",
        fate=Fate.BOUNCED,
        at=now,
        stops="bounced",
    )
    await learn_fates(stage.database, [told], now)


async def test_once_an_address_is_started_again_all_that_is_still_of_use_goes_out(
    stage: Stage,
) -> None:
    series, soon, later = course(weeks=3), session(THURSDAY - 8 * DAY), session(THURSDAY + HOUR)
    await stage.tell(client())
    stage.channel.answers = [REFUSED]
    await stage.tell(series)
    await stage.sent_after_grace()
    await stage.tell(booked(soon), booked(later))
    assert await stage.sent_after_grace() == []
    stage.clock.moment = THURSDAY - 2 * DAY  # what was soon is over
    await start_address(stage)
    mails = await stage.sent_now()
    assert [mail.to for mail in mails] == ["kim@clients.example"] * 2
    assert "December 3" in mails[0].text + mails[1].text
    assert await stage.states("reminder") == [
        *[("skipped", "too_late")] * 2,
        *[("planned", None)] * 8,
    ]
    assert await stage.pass_time(HOUR) == []


async def test_a_corrected_address_gets_what_was_refused_and_what_was_kept_back(
    stage: Stage,
) -> None:
    held = session()
    await stage.tell(client())
    stage.channel.answers = [REFUSED]
    await stage.tell(booked(held))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2, email=CORRECTED))
    (confirmation,) = await stage.sent_now()
    assert confirmation.to == CORRECTED
    await stage.tell(cancel(held))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject.startswith("Cancelled")


async def test_what_came_back_after_it_was_taken_is_said_again_as_it_now_is(
    stage: Stage,
) -> None:
    held = session()
    await stage.tell(client(), booked(held))
    await stage.sent_after_grace()
    await bounce(stage, "confirmation")
    await stage.tell(move(held, HOUR))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2, email=CORRECTED))
    (mail,) = await stage.sent_now()
    assert (mail.to, "4:00 PM" in mail.subject) == (CORRECTED, True)
    assert await stage.pass_time(HOUR) == []


async def test_a_correction_that_does_not_help_is_made_up_for_by_the_next(stage: Stage) -> None:
    stage.channel.answers = [REFUSED, REFUSED]
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    for revision, email in enumerate((CORRECTED, "k.park@clients.example"), 2):
        await stage.tell(client(revision=revision, email=email))
        await stage.sent_now()
    assert [mail.to for mail in stage.channel.sent[-2:]] == [CORRECTED, "k.park@clients.example"]
    states = await stage.states("confirmation")
    assert sorted(state for state, _ in states) == ["failed", "failed", "sent"]
    await stage.tell(client(revision=4, email="kim@clients.example"))
    assert await stage.sent_now() == []  # what has arrived is not said again


async def test_of_an_appointment_whose_mail_failed_a_new_address_hears_only_that_it_is_off(
    stage: Stage,
) -> None:
    held = session()
    stage.channel.answers = [REFUSED]
    await stage.tell(client(), booked(held))
    await stage.sent_after_grace()
    await stage.tell(cancel(held), client(revision=2, email=CORRECTED))
    assert [mail.subject[:9] for mail in await stage.sent_after_grace()] == ["Cancelled"]


async def test_reading_the_log_anew_repeats_nothing(stage: Stage) -> None:
    stage.channel.answers = [REFUSED]
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    await stage.tell(client(revision=2, email=CORRECTED))
    assert len(await stage.sent_now()) == 1
    await stage.forget_what_was_told()
    await stage.apply(stage.told)
    assert await stage.pass_time(HOUR) == []


async def test_staff_with_another_address_hear_of_what_failed_before(stage: Stage) -> None:
    await stage.tell(client(), PracticeSaved(revision=1, staff_address="desk@practice.example"))
    stage.channel.answers = [Failed("sendgrid_413"), REFUSED, Failed("sendgrid_413")]
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    await stage.pass_time(6 * MINUTE)
    await stage.tell(booked(session(THURSDAY + HOUR)))
    await stage.sent_after_grace()
    assert await stage.pass_time(HOUR) == []
    await stage.tell(PracticeSaved(revision=2, staff_address="office@practice.example"))
    (mail,) = await stage.sent_now()
    assert (mail.to, "2 mails could not" in mail.text) == ("office@practice.example", True)


async def test_a_guardian_is_asked_about_an_address_once_they_are_to_hear_something(
    stage: Stage,
) -> None:
    def told(revision: int, level: str, vouched: bool = False) -> object:
        return client(
            revision=revision,
            guardians=(guardian(level, address_vouched=vouched),),  # type: ignore[arg-type] # it is one
        )

    await stage.tell(told(1, "none"))  # type: ignore[arg-type] # as above
    assert await stage.sent_now() == []
    await stage.tell(told(2, "times"))  # type: ignore[arg-type] # as above
    (question,) = await stage.sent_now()
    assert question.to == "jo@clients.example"
    await stage.tell(told(3, "copies"))  # type: ignore[arg-type] # as above
    assert await stage.sent_now() == []


async def test_an_address_that_was_not_asked_in_time_is_asked_when_it_is_theirs_again(
    stage: Stage,
) -> None:
    other = "k@clients.example"
    await stage.tell(client(address_vouched=False))
    await stage.tell(client(revision=2, address_vouched=False, email=other))
    assert [mail.to for mail in await stage.sent_now()] == [other]
    await stage.tell(client(revision=3, address_vouched=False))
    assert [mail.to for mail in await stage.sent_now()] == ["kim@clients.example"]
