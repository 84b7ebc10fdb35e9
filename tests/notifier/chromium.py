"""A headless Chromium that shows one page at a time, asked over its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import aiohttp

HERE: Final = shutil.which("chromium")
STARTS_WITHIN: Final = 60
ANSWERS_WITHIN: Final = 30
HEIGHT: Final = 640
QUIET: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a page is shown on: so many CSS pixels wide, light or dark."""

    name: str
    width: int
    scheme: str


class Tab:
    """One page of a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, count(1)

    async def show(self, url: str, screen: Screen) -> None:
        """Return when the page is loaded, with everything in it."""
        await self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=screen.width,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": screen.scheme}
        await self._ask("Emulation.setEmulatedMedia", features=[scheme])
        await self._ask("Page.enable")
        went = await self._ask("Page.navigate", url=url)
        assert "errorText" not in went, went
        await self._hear("Page.loadEventFired")

    async def evaluate(self, script: str) -> Any:
        """Return what a script finds in the page, as JSON has it."""
        answer = await self._ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"]["value"]

    async def picture(self) -> bytes:
        """Return the whole page as a PNG."""
        taken = await self._ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(taken["data"])

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWERS_WITHIN):
            while True:
                told = json.loads(await self._socket.receive_str())
                if told.get("id") == number:
                    assert "error" not in told, told
                    result: dict[str, Any] = told["result"]
                    return result

    async def _hear(self, event: str) -> None:
        async with asyncio.timeout(ANSWERS_WITHIN):
            while json.loads(await self._socket.receive_str()).get("method") != event:
                pass


@asynccontextmanager
async def chromium() -> AsyncIterator[Tab]:
    """Start a Chromium that knows nothing yet, and end it with all that it started."""
    assert HERE is not None, "Chromium is not on this machine"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            HERE,
            *QUIET,
            f"--user-data-dir={folder}",
            "--remote-debugging-port=0",
            "about:blank",
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        try:
            async with aiohttp.ClientSession() as http:
                async with asyncio.timeout(STARTS_WITHIN):
                    address = await _address(http, folder)
                async with http.ws_connect(address, max_msg_size=0) as socket:
                    yield Tab(socket)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _address(http: aiohttp.ClientSession, folder: str) -> str:
    file = Path(folder) / "DevToolsActivePort"
    while not (file.exists() and (written := file.read_text().split())):  # noqa: ASYNC110 # a file tells nobody
        await asyncio.sleep(0.05)
    async with http.get(f"http://127.0.0.1:{written[0]}/json/list") as answer:
        pages: list[dict[str, str]] = await answer.json()
    return next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
