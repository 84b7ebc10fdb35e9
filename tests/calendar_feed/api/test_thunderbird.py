"""A real Thunderbird subscribes to Dana's feed and shows the story's sixteen sessions."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from typing import Final

import pytest

from tests.calendar_feed.api.running import Client, open_feed, path_of, tell_directly
from tests.calendar_feed.diary import HOUR, WEEKS, cancelled, moved, tuesday
from tests.calendar_feed.readers.thunderbird import subscribed

HERE: Final = shutil.which("thunderbird")


@pytest.mark.skipif(HERE is None, reason="Thunderbird is not on this machine")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_thunderbird_shows_all_sixteen_the_moved_one_and_the_cancelled_one(
    client: Client,
) -> None:
    await tell_directly(client, moved(4), cancelled(9))
    feeds = [await open_feed(client, form=form) for form in ("instances", "series")]
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
