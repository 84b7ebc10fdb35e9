"""A clinician hears by mail of what their calendar may show too late."""

from __future__ import annotations

import pytest

from shared.events.data import Session
from tests.cast import ORTIZ_ID
from tests.notifier.diary import (
    HOUR,
    MINUTE,
    THURSDAY,
    booked,
    cancel,
    client,
    clinician,
    move,
    session,
)
from tests.notifier.stage import Stage

SOON = THURSDAY - 2 * HOUR


@pytest.fixture
async def held(stage: Stage) -> Session:
    """Kim's session with Dana, of which all have heard; it is two hours before it."""
    one = session()
    await stage.tell(client(), clinician(), booked(one))
    await stage.sent_after_grace()
    stage.clock.moment = SOON
    await stage.sent_now()
    return one


async def danas(stage: Stage) -> list[str]:
    """Return the texts of what Dana was sent now."""
    sent = await stage.pass_time(5 * MINUTE)
    return [mail.text for mail in sent if mail.to == "dana@clinicians.example"]


async def test_a_move_that_is_unseen_is_mailed_with_the_time_that_holds(
    stage: Stage, held: Session
) -> None:
    await stage.tell(move(held, HOUR))
    await stage.tell_unseen(held, revision=2)
    (text,) = await danas(stage)
    assert "your calendar may not show it in time" in text
    assert "It takes place at this time" in text
    assert "Kim" not in text


async def test_a_cancel_that_is_unseen_is_mailed(stage: Stage, held: Session) -> None:
    await stage.tell(cancel(held))
    await stage.tell_unseen(held, revision=2)
    (text,) = await danas(stage)
    assert "It is cancelled" in text


async def test_what_another_clinician_took_over_does_not_take_place_for_this_one(
    stage: Stage, held: Session
) -> None:
    taken = held.model_copy(update={"revision": 2, "clinician_id": ORTIZ_ID})
    await stage.tell(booked(taken))
    await stage.tell_unseen(held, revision=2)
    (text,) = await danas(stage)
    assert "It is cancelled" in text


async def test_it_waits_for_the_schedulers_own_word(stage: Stage, held: Session) -> None:
    await stage.tell_unseen(held, revision=2)
    assert await danas(stage) == []
    await stage.tell(cancel(held))
    assert len(await danas(stage)) == 1


async def test_it_is_not_sent_to_who_wants_none_nor_when_the_hour_is_over(
    stage: Stage, held: Session
) -> None:
    await stage.tell(clinician(revision=2, opted_out=("unseen",)), cancel(held))
    await stage.tell_unseen(held, revision=2)
    assert await danas(stage) == []
    await stage.tell(clinician(revision=3))
    stage.clock.moment = THURSDAY + 2 * HOUR
    await stage.tell_unseen(held, revision=2)
    assert await danas(stage) == []
    assert {reason for _, reason in await stage.states("unseen")} == {"opted_out", "too_late"}


async def test_what_is_told_twice_is_mailed_once(stage: Stage, held: Session) -> None:
    await stage.tell(cancel(held))
    event = await stage.tell_unseen(held, revision=2)
    await stage.hear_from_calendars(event)
    assert len(await danas(stage)) == 1
