"""A real Thunderbird subscribes to Dana's feed and shows the story's sixteen sessions."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from typing import Any, Final

import pytest

from shared.events.data import WorkingHours
from tests.calendar_feed.api.running import Client, open_feed, path_of, tell_directly
from tests.calendar_feed.diary import HOUR, WEEKS, cancelled, dana_saved, moved, tuesday
from tests.calendar_feed.readers.thunderbird import subscribed

HERE: Final = shutil.which("thunderbird")
MONDAYS: Final = WorkingHours(weekday=0, start=540, end=1080)
CHOSEN: Final[list[dict[str, Any]]] = [
    {"form": "instances"},
    {"form": "series"},
    {"form": "instances", "office_hours": True},
    {"form": "series", "office_hours": True},
]


@pytest.mark.skipif(HERE is None, reason="Thunderbird is not on this machine")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_thunderbird_shows_all_sixteen_the_moved_one_and_the_cancelled_one(
    client: Client,
) -> None:
    dana = dana_saved(revision=2, working_hours=(MONDAYS,))
    await tell_directly(client, dana, moved(4), cancelled(9))
    feeds = [await open_feed(client, **chosen) for chosen in CHOSEN]
    urls = [str(client.make_url(path_of(feed))) for feed in feeds]
    found = await asyncio.to_thread(subscribed, urls)
    starts = {number: tuesday(number) for number in range(WEEKS)} | {4: tuesday(4) + HOUR}
    for url in urls:
        assert found[url] == Counter(
            (
                int(at.timestamp()),
                int((at + HOUR).timestamp()),
                "CANCELLED" if number == 9 else "CONFIRMED",
            )
            for number, at in starts.items()
        )
