"""The one provider that the settings name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from services.scheduler.rooms.accounts import (
    DailyAccount,
    JaasAccount,
    JitsiServer,
    StaticRooms,
    Video,
    ZoomAccount,
)
from services.scheduler.rooms.port import Rooms
from services.scheduler.rooms.static import StaticLinks
from shared.clock import Clock

TIMEOUT: Final = aiohttp.ClientTimeout(total=5, connect=3)


@asynccontextmanager
async def rooms_of(video: Video, clock: Clock) -> AsyncIterator[Rooms]:
    """Yield the provider; what it stands on is imported only where it is used."""
    match video:
        case StaticRooms():
            yield StaticLinks()
        case JitsiServer():
            from services.scheduler.rooms.jitsi import Jitsi

            yield Jitsi(video)
        case JaasAccount():
            from services.scheduler.rooms.jaas import Jaas

            yield Jaas(video)
        case DailyAccount() | ZoomAccount():
            async with aiohttp.ClientSession(
                timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            ) as http:
                yield _over_http(video, http, clock)


def _over_http(
    video: DailyAccount | ZoomAccount, http: aiohttp.ClientSession, clock: Clock
) -> Rooms:
    from services.scheduler.rooms.asking import Asking

    if isinstance(video, DailyAccount):
        from services.scheduler.rooms.daily import Daily

        return Daily(video, Asking(http, clock), clock)
    from services.scheduler.rooms.zoom import Zoom

    return Zoom(video, Asking(http, clock), clock)
