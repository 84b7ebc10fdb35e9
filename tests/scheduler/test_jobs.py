"""What the scheduler does by the clock."""

from __future__ import annotations

from datetime import timedelta

from services.scheduler.jobs import forget_old_answers_once
from tests.cast import DANA
from tests.scheduler.practice import Practice


async def test_answers_are_forgotten_after_a_day(practice: Practice) -> None:
    first = await (await practice.post("/v1/clinicians", DANA, once="k")).json()
    app = practice.client.app
    practice.clock.advance(timedelta(hours=23))
    assert await forget_old_answers_once(app) == 0
    again = await (await practice.post("/v1/clinicians", DANA, once="k")).json()
    assert again["id"] == first["id"]
    practice.clock.advance(timedelta(hours=1))
    assert await forget_old_answers_once(app) == 1
    new = await (await practice.post("/v1/clinicians", DANA, once="k")).json()
    assert new["id"] != first["id"]
