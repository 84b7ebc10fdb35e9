"""vdirsyncer, which knows nothing of ours, keeps a copy of a feed that is always as it is."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from tests.calendar_feed.api.running import Client, tell_directly
from tests.calendar_feed.dav.asking import token_of
from tests.calendar_feed.dav.test_syncing import booked, name
from tests.calendar_feed.diary import WEEKS, cancelled, events_of, moved, tuesday
from tests.calendar_feed.readers.khal import ENVIRONMENT
from tests.calendar_feed.store.test_changes import handed_over

PROGRAM: Final = shutil.which("vdirsyncer") or shutil.which(
    "vdirsyncer", path=str(ENVIRONMENT / "bin")
)
CONFIG: Final = """
[general]
status_path = "{folder}/status"
[pair copy]
a = "here"
b = "there"
collections = {collections}
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/copy"
fileext = ".ics"
[storage there]
type = "caldav"
read_only = true
url = "{url}"
{more}
"""


class Copy:
    """A folder that vdirsyncer keeps like the feed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def make(self, url: str, *, password: str = "") -> None:
        (self.folder / "copy").mkdir()
        key = f'username = "anyone"\npassword = "{password}"' if password else ""
        collections = '["from b"]' if password else "null"
        config = CONFIG.format(folder=self.folder, url=url, more=key, collections=collections)
        (self.folder / "config").write_text(config)
        await self.run("discover")

    async def run(self, *words: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM or "", "-c", str(self.folder / "config"), *words),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(b"y\n" * 9), 60)
        assert process.returncode == 0, said.decode()

    def files(self) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in (self.folder / "copy").rglob("*.ics")}


@pytest.mark.skipif(PROGRAM is None, reason="vdirsyncer is not on this machine")
@pytest.mark.parametrize("by_password", [False, True], ids=["address", "password"])
async def test_vdirsyncer_copies_what_is_there_and_then_what_changes(
    client: Client, feed: dict[str, Any], path: str, tmp_path: Path, by_password: bool
) -> None:
    copy = Copy(tmp_path)
    if by_password:
        await copy.make(str(client.make_url("/dav/")), password=token_of(feed))
    else:
        await copy.make(str(client.make_url(path)))
    await copy.run("sync")
    first = copy.files()
    assert set(first) == {name(number) for number in range(WEEKS)}
    await tell_directly(client, moved(1), cancelled(2), handed_over(3), booked(WEEKS))
    await copy.run("sync")
    second = copy.files()
    assert first.keys() - second.keys() == {name(3)}
    changed = {each for each in second if first.get(each) != second[each]}
    assert changed == {name(1), name(2), name(WEEKS)}
    (event,) = events_of(second[name(1)]).values()
    assert event["DTSTART"].dt > tuesday(1)
