"""Serve a feed's bytes: a function of the state alone, rendered once for each state."""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.detail import Diary, Showing, show
from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.errors import UnknownFeed
from services.calendar_feed.domain.feeds import Feed, token_hash
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.vcalendar import Rendered, vcalendar
from services.calendar_feed.store import entries, feeds
from services.calendar_feed.use_cases.counting import Counts
from shared.logs import log
from shared.store.database import Database

KEPT_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a feed's bytes depend on: two equal states have equal bytes."""

    feed_id: UUID
    version: int
    link_generation: int
    first_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One form of the bytes, and the strong validator of exactly these (RFC 9110 8.8.3)."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A feed, plain and compressed; `changed_at` is aware and never later for equal states."""

    plain: Variant
    gzipped: Variant
    changed_at: datetime

    @property
    def size(self) -> int:
        return len(self.plain.body) + len(self.gzipped.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where feeds come from, and how entries are shown but for each feed's own detail."""

    database: Database
    counts: Counts
    public_url: str
    secret: str

    def showing(self, feed: Feed) -> Showing:
        return Showing(detail=feed.detail, public_url=self.public_url, secret=self.secret)


class Feeds:
    """The rendered feeds of this process, the least used forgotten first.

    An unchanged poll costs one read; a changed one is rendered beside the event loop, one
    feed at a time, so that a crowd asking for the same feed renders it once.
    """

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._kept: OrderedDict[UUID, tuple[State, Served]] = OrderedDict()
        self._bytes = 0
        self._turn = asyncio.Lock()

    async def serve(self, token: str) -> Served:
        """Return the feed of `token` as it now is, or raise `UnknownFeed`; nothing is written."""
        digest = token_hash(token)
        found = await self._origin.database.read(lambda conn: feeds.find_served(conn, digest))
        if found is None:
            raise UnknownFeed
        state = _state(*found)
        if (kept := self._recall(state)) is not None:
            return kept
        async with self._turn:
            if (kept := self._recall(state)) is not None:
                return kept
            served = await _render(self._origin, *found)
            self._keep(state, served)
            return served

    def _recall(self, state: State) -> Served | None:
        kept = self._kept.get(state.feed_id)
        if kept is None or kept[0] != state:
            return None
        self._kept.move_to_end(state.feed_id)
        return kept[1]

    def _keep(self, state: State, served: Served) -> None:
        _, old = self._kept.pop(state.feed_id, (None, None))
        self._bytes += served.size - (old.size if old else 0)
        self._kept[state.feed_id] = state, served
        while self._bytes > KEPT_BYTES:
            _, (_, forgotten) = self._kept.popitem(last=False)
            self._bytes -= forgotten.size


async def _render(origin: Origin, feed: Feed, clinician: Clinician, window: Window) -> Served:
    async def look(conn: AsyncConnection) -> entries.Found:
        return await entries.entries_in(conn, clinician.id, window)

    loop = asyncio.get_running_loop()
    begun = loop.time()
    found = await origin.database.read(look)
    nearest = window.nearest_first(found.entries)
    rendered = await asyncio.to_thread(_write, nearest, clinician, feed.name, origin.showing(feed))
    origin.counts.rendered(loop.time() - begun)
    unwritable = [*found.unreadable, *rendered.rendered.unwritable]
    no_room = len(found.entries) - len(nearest) + rendered.rendered.no_room
    _tell_of_left_out(origin.counts, feed, unwritable, no_room)
    return Served(
        plain=rendered.plain,
        gzipped=rendered.gzipped,
        changed_at=max(clinician.changed_at, feed.created_at, window.today),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    rendered: Rendered
    plain: Variant
    gzipped: Variant


def _write(nearest: list[Entry], clinician: Clinician, name: str, showing: Showing) -> _Written:
    diary = Diary(
        clinician_id=clinician.id,
        link_generation=clinician.link_generation,
        links_at=clinician.links_at,
    )
    rendered = vcalendar(name, nearest, functools.partial(show, diary=diary, showing=showing))
    return _Written(
        rendered=rendered,
        plain=_variant(rendered.body),
        gzipped=_variant(gzip.compress(rendered.body, compresslevel=6, mtime=0)),
    )


def _variant(body: bytes) -> Variant:
    return Variant(body=body, etag=f'"{hashlib.sha256(body).hexdigest()}"')


def _state(feed: Feed, clinician: Clinician, window: Window) -> State:
    return State(
        feed_id=feed.id,
        version=clinician.version,
        link_generation=clinician.link_generation,
        first_day=window.first_day,
    )


def _tell_of_left_out(counts: Counts, feed: Feed, unwritable: list[str], no_room: int) -> None:
    for session_id in unwritable:
        log.warning("entry.left_out", feed_id=str(feed.id), session_id=session_id)
    if no_room:
        log.warning("feed.full", feed_id=str(feed.id), left_out=no_room)
    counts.left_out("unwritable", len(unwritable))
    counts.left_out("no_room", no_room)
