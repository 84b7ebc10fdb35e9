"""Forms of our own pages: what they say, and whether it was one of ours that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from aiohttp import web

_LONGEST: Final = 16_384
_MOST_FIELDS: Final = 20
_YEARS: Final = range(2000, 2201)
_OURS: Final = frozenset({"same-origin", "none"})


def came_from_elsewhere(request: web.Request) -> bool:
    """Whether a browser says that another site's page sent this.

    Our pages send no referrer, so browsers give `Origin: null` with their forms; then
    `Sec-Fetch-Site` decides. What is no browser says neither: it has the link itself.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OURS
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.host


async def form_of(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form, each once; what is no form has none."""
    raw = (await request.read())[:_LONGEST].decode("utf-8", "replace")
    pairs = raw.split("&", _MOST_FIELDS)[:_MOST_FIELDS]
    return dict(parse_qsl("&".join(pairs), keep_blank_values=True))


def moment_in(text: str) -> datetime | None:
    """Return the time that a button of ours stands for, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    known = found.tzinfo is not None and found.year in _YEARS
    return found.astimezone(UTC) if known else None


def day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def written_in(text: str) -> str:
    """Return what a person wrote without what cannot be seen, line breaks aside."""
    return "".join(char for char in text if char.isprintable() or char == "\n").strip()
