"""Calendars among three processes: who may not have seen a change hears of it by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from demo.processes import Services
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Json, Stranger, now, soon

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]
HOUR = timedelta(hours=1)
GOOGLE = {"User-Agent": "Google-Calendar-Importer"}


async def test_a_clinician_hears_of_a_move_that_their_calendar_may_show_too_late(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    staff = meet(start(databases))
    dana, kim = await staff.clinician(working_hours=ALWAYS), await staff.client()
    session = await staff.consultation(dana, kim, now() + 3 * HOUR)
    feed = await staff.ask(
        "POST", "calendar_feed", "/v1/feeds", status=201, body={"clinician_id": dana}
    )
    await soon(lambda: entries(staff, feed["url"]))
    await soon(lambda: readers(staff))
    later = (now() + 4 * HOUR).isoformat(timespec="seconds")
    path = f"/sessions/{session['id']}/move"
    await staff.post(path, {"starts_at": later, "scope": "this"}, status=200)
    (mail, *_) = await soon(lambda: staff.mails_that_say("your calendar may not show it in time"))
    assert "It takes place at this time" in mail
    assert "Kim" not in mail


async def entries(staff: Stranger, url: str) -> list[str]:
    """Return the starts that the feed shows to Google's reader."""
    async with staff.http.get(url, headers=GOOGLE) as answer:
        assert answer.status == 200
        calendar: Any = icalendar.Calendar.from_ical(await answer.read())
    return [str(event["DTSTART"].dt) for event in calendar.walk("VEVENT")]


async def readers(staff: Stranger) -> list[Json]:
    found = await staff.ask("GET", "calendar_feed", "/v1/feeds", status=200)
    read_by: list[Json] = found["feeds"][0]["readers"]
    return read_by
