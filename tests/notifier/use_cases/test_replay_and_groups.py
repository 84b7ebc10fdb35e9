"""Replays send nothing again; members of a group never hear of one another."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from services.notifier.use_cases.reminding import Rules
from tests.cast import ANA_ID, KIM_ID, LEE_ID
from tests.notifier.diary import (
    DAY,
    HOUR,
    THURSDAY,
    booked,
    cancel,
    client,
    course,
    move,
    session,
)
from tests.notifier.stage import Stage

ODD_NAMES = [
    "Kim\r\nBcc: everyone@x.example\r\n\r\nHello",
    "K" * 10_000,
    "كيم بارك \u202e\u2067right to left",
    "",
    "\x00\x1b[31m<script>alert(1)</script>",
]


async def live_through(stage: Stage) -> None:
    """A course and a consultation; one moved, one cancelled; the first reminders sent."""
    fact, alone = course(weeks=3), session(THURSDAY - 2 * DAY)
    await stage.tell(client(), fact, booked(alone))
    await stage.sent_after_grace()
    await stage.tell(move(fact.sessions[1], DAY))
    await stage.sent_after_grace()
    await stage.tell(cancel(fact.sessions[2]))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - HOUR
    await stage.sweep_all()


@pytest.mark.parametrize("forgotten", [False, True], ids=["projections kept", "projections lost"])
async def test_a_replay_of_every_event_sends_nothing_again(stage: Stage, forgotten: bool) -> None:
    await live_through(stage)
    sent, plan = len(stage.channel.sent), await stage.plan()
    assert sent == 5
    if forgotten:
        await stage.forget_what_was_told()
    await stage.apply(stage.told)
    assert await stage.plan() == plan
    stage.clock.advance(10 * timedelta(minutes=1))
    await stage.sweep_all()
    assert len(stage.channel.sent) == sent


async def test_in_the_middle_of_a_replay_what_is_planned_waits(stage: Stage) -> None:
    standing = session()
    await stage.tell(client(), booked(standing), move(standing, DAY))
    await stage.sent_after_grace()
    await stage.forget_what_was_told()
    stage.clock.moment = THURSDAY
    await stage.apply(stage.told[:2])
    assert await stage.sent_now() == []
    await stage.apply(stage.told)
    (mail,) = await stage.pass_time(timedelta(seconds=5))
    assert "Friday, December 4" in mail.text


async def test_another_offset_is_planned_by_a_replay_only_ahead(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    await stage.forget_what_was_told()
    await stage.apply(
        stage.told, Rules(offsets=(timedelta(hours=24), timedelta(hours=2)), grace=timedelta())
    )
    assert len(await stage.plan("reminder")) == 3


async def test_each_member_of_a_group_gets_a_mail_of_their_own(stage: Stage) -> None:
    members = (KIM_ID, ANA_ID, LEE_ID)
    await stage.tell(
        client(KIM_ID, name="Kim Park"),
        client(ANA_ID, name="Ana Silva", locale="es-MX"),
        client(LEE_ID, name="Lee Chen"),
        course(weeks=2, clients=members),
    )
    mails = await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY
    mails += await stage.sent_now()
    assert len(mails) == 6
    links: set[str] = set()
    for mail in mails:
        everything = f"{mail.subject}\n{mail.text}\n{mail.html}"
        for hidden in ("Kim", "Ana ", "Silva", "Lee", "Chen", "Park", "Dana", "@clients"):
            assert hidden not in everything
        links |= {word for word in mail.text.split() if word.startswith("https://")}
    # Two dates for each of three people, each with two links of their own: to join, to change;
    # and each mail with one that ends mails like it.
    assert len({link for link in links if "/unsubscribe/" not in link}) == 12
    assert len(links) == 18


@pytest.mark.parametrize("name", ODD_NAMES, ids=["crlf", "long", "rtl", "empty", "control"])
async def test_no_name_can_break_or_enter_a_mail(stage: Stage, name: str) -> None:
    await stage.tell(client(name=name), booked(session()))
    (mail,) = await stage.sent_after_grace()
    assert mail.subject == "Your appointment on Thursday, December 3, 3:00 PM EST"
    assert not name.strip("\x00\x1b") or name not in mail.text + mail.html


async def test_a_name_and_an_address_are_in_no_log_and_no_metric(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as lines:
        await stage.tell(client(name="Zephyrine Canary"))
        await live_through(stage)
    written = str(lines) + stage.metrics() + "".join(capsys.readouterr())
    assert "reminder.sent" in written
    for canary in ("Zephyrine", "Canary", "@", "/join/", "Kim"):
        assert canary not in written
    for mail in stage.channel.sent:
        assert "Zephyrine" not in mail.text + mail.html + mail.subject
