"""Who asks for a feed, and for what, as far as a request says."""

from __future__ import annotations

from aiohttp import hdrs, web

from services.calendar_feed.use_cases.fetching import Asked


def asked_by(request: web.Request, token: str) -> Asked:
    """Return what `request` brings to the address of `token`; a HEAD reads nothing."""
    return Asked(
        token=token,
        whence=request.remote or "",
        user_agent=request.headers.get("User-Agent", ""),
        reads=request.method != hdrs.METH_HEAD,
    )
