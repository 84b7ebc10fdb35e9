"""The limit of the drain: the same bodies posted to the same SendGrid by aiohttp alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Final

import aiohttp

from tests.fakes.sendgrid_server import LOCAL_KEY
from tests.notifier.crowd import sendgrid

AT_ONCE: Final = 100
_HEADERS: Final = {"Authorization": f"Bearer {LOCAL_KEY}", "Content-Type": "application/json"}


async def bare_posts(bodies: Sequence[bytes]) -> float:
    """Return how many a second were posted, `AT_ONCE` side by side over kept connections."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with sendgrid() as port, aiohttp.ClientSession(connector=connector) as http:
        url = f"http://127.0.0.1:{port}/v3/mail/send"
        waiting = iter(bodies)
        begun = time.perf_counter()
        await asyncio.gather(*(_post(http, url, waiting) for _ in range(AT_ONCE)))
        return len(bodies) / (time.perf_counter() - begun)


async def _post(http: aiohttp.ClientSession, url: str, waiting: Iterator[bytes]) -> None:
    for body in waiting:
        async with http.post(url, data=body, headers=_HEADERS) as answer:
            if answer.status != 202:
                raise RuntimeError(f"SendGrid answered {answer.status}")
