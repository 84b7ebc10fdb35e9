"""An upgrade that brings new zone rules: three processes under the old ones, then under the new."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
import pytest
import tzdata

from shared.zones import TZ_VERSION
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Stranger, now, soon
from tests.zone_rules import VANCOUVER, VANCOUVER_2025B

pytestmark = pytest.mark.flow


async def test_three_in_vancouver_stays_three_for_the_diary_the_calendar_and_by_mail(
    start: Start, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    before = start(PYTHONPATH=str(packaged_2025b(tmp_path)), PRACTICE_TIMEZONE=VANCOUVER)
    staff = Stranger(services=before, http=http)
    dana = await staff.clinician(timezone=VANCOUVER, working_hours=ALWAYS)
    kim = await staff.client(timezone=VANCOUVER)
    by_2025b = datetime(now().year + 1, 1, 15, 23, tzinfo=UTC)
    session = await staff.consultation(dana, kim, by_2025b)
    assert session["starts_at"].endswith("T15:00:00-08:00")
    feed = await staff.feed(dana)
    await soon(lambda: shown(staff, feed, by_2025b))
    await soon(lambda: staff.mails_that_say("3:00", "PST"))
    before.stop()

    after = replace(before, settings={"PRACTICE_TIMEZONE": VANCOUVER}, processes={})
    after.start()
    try:
        after.wait_ready()
        await stays_at_three(Stranger(services=after, http=http), session["id"], feed)
    finally:
        after.stop()


async def stays_at_three(staff: Stranger, session: str, feed: str) -> None:
    ready = await staff.ask("GET", "scheduler", "/ready", status=200)
    assert ready["tzversion"] == TZ_VERSION
    moved = await staff.get(f"/sessions/{session}")
    assert moved["starts_at"].endswith("T15:00:00-07:00")
    await soon(lambda: shown(staff, feed, datetime.fromisoformat(moved["starts_at"])))
    (mail,) = await soon(lambda: staff.mails_that_say("has a new time"))
    assert "3:00 PM" in mail.partition("It is now on")[2].partition("Join here")[0]


async def shown(staff: Stranger, feed: str, starts_at: datetime) -> bool:
    calendar: Any = icalendar.Calendar.from_ical(await staff.calendar(feed))
    return [event["DTSTART"].dt for event in calendar.walk("VEVENT")] == [starts_at]


def packaged_2025b(folder: Path) -> Path:
    """Return a folder whose tzdata package has Vancouver as 2025b had it."""
    package = folder / "older" / "tzdata"
    shutil.copytree(Path(tzdata.__file__).parent, package)
    shutil.copy(VANCOUVER_2025B, package / "zoneinfo" / "America" / "Vancouver")
    first = package / "__init__.py"
    first.write_text(first.read_text().replace(TZ_VERSION, "2025b"))
    return package.parent
