"""Who asks for a feed, and for what, as far as a request says."""

from __future__ import annotations

from aiohttp import web

from services.calendar_feed.keys import SETTINGS
from services.calendar_feed.use_cases.fetching import Asked
from shared.web.whence import FORWARDED_FOR, whence


def asked_by(request: web.Request, token: str) -> Asked:
    """Return what `request` brings to the address of `token`."""
    return Asked(
        token=token,
        whence=whence(
            request.remote or "",
            tuple(request.headers.getall(FORWARDED_FOR, ())),
            request.app[SETTINGS].trusted_proxies,
        ),
        user_agent=request.headers.get("User-Agent", ""),
    )
