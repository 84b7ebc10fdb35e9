"""Serve a feed's bytes: a function of the state alone, made when it changes and not when asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.addresses import Address, Posted, opens
from services.calendar_feed.domain.errors import FeedGone, UnknownFeed
from services.calendar_feed.domain.feeds import DEFAULT_NAME, Feed, token_hash
from services.calendar_feed.ics.notice import notice
from services.calendar_feed.store import bodies, feeds
from services.calendar_feed.store.bodies import Body, State
from services.calendar_feed.store.feeds import Found, Source
from services.calendar_feed.use_cases import own_calendars
from services.calendar_feed.use_cases.rendering import Origin, body_of, render, state_of
from shared.clock import Clock
from shared.links import Link

KEPT_BYTES: Final = 64 * 1024 * 1024
FRESH: Final = timedelta(seconds=0.5)  # how long another replica's change may go unseen here
_NONE: Final = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What is answered: `feed_id` and `version` are None for a notice that stands for a feed."""

    body: Body
    feed_id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found, when, and what is set once this process commits anything after."""

    served: Served
    at: datetime
    news: asyncio.Event


class Feeds:
    """The feeds that this process has served, the least used forgotten first.

    What was looked up less than half a second ago, with no commit here since, is answered
    without asking the database; else one read says whether it is still so.
    """

    def __init__(self, origin: Origin, clock: Clock) -> None:
        self._origin, self._clock = origin, clock
        self._looked: OrderedDict[str, _Looked] = OrderedDict()
        self._looking: dict[str, asyncio.Task[Served]] = {}
        self._kept: OrderedDict[UUID, tuple[State, Body]] = OrderedDict()
        self._unsaved: dict[UUID, tuple[State, Body]] = {}
        self._bytes = 0
        self._turn = asyncio.Lock()

    async def serve(self, token: str) -> Served:
        """Return what stands at the address of `token`; nothing is written.

        Raises `UnknownFeed` for what never was an address, `FeedGone` for what is none any more.
        """
        served = self.at_hand(token)
        if served is not None:
            return served
        looking = self._looking.get(token)
        if looking is None:
            looking = asyncio.create_task(self._look_and_remember(token))
            self._looking[token] = looking
            looking.add_done_callback(lambda _: self._looking.pop(token))
        return await asyncio.shield(looking)  # one that hangs up takes it from nobody else

    def at_hand(self, token: str) -> Served | None:
        """Return what stands there as far as it was looked up so short a while ago."""
        looked = self._looked.get(token)
        return looked.served if looked is not None and self._is_fresh(looked) else None

    async def _look_and_remember(self, token: str) -> Served:
        self._forget_what_is_old()
        at, news = self._clock.now(), self._origin.database.commits.next()
        served = await self._look(token)
        self._looked[token] = _Looked(served, at, news)
        self._looked.move_to_end(token)
        return served

    def keep(self, state: State, body: Body) -> Body:
        """Remember what was rendered from `state`, in place of what the feed had, and return it."""
        body = body.packed
        _, old = self._kept.pop(state.feed_id, (None, None))
        self._bytes += body.size - (old.size if old else 0)
        self._kept[state.feed_id] = state, body
        while self._bytes > KEPT_BYTES:
            _, (_, forgotten) = self._kept.popitem(last=False)
            self._bytes -= forgotten.size
        return body

    def take_unsaved(self) -> list[tuple[State, Body]]:
        """Return what was rendered for whoever asked, to be kept beside the answers, and once."""
        taken, self._unsaved = self._unsaved, {}
        return list(taken.values())

    def _is_fresh(self, looked: _Looked) -> bool:
        return not looked.news.is_set() and _NONE <= self._clock.now() - looked.at < FRESH

    def _forget_what_is_old(self) -> None:
        while self._looked and not self._is_fresh(next(iter(self._looked.values()))):
            self._looked.popitem(last=False)

    async def find(self, token: str) -> tuple[Found, Feed | Posted]:
        """Return what stands at the address of `token`, as `serve` does, but not its bytes."""
        digest = token_hash(token)
        found = await self._origin.database.read(lambda conn: feeds.find_address(conn, digest))
        if found is None:
            raise UnknownFeed
        return found, self._opened(found)

    async def at_present_address(self, source: Source) -> Served:
        """Return what the feed's present address serves, without knowing it; raise `FeedGone`."""
        address = Address(feed=source.feed, made_at=source.feed.created_at)
        found = Found(address=address, source=source)
        return await self.served(found, self._opened(found))

    def _opened(self, found: Found) -> Feed | Posted:
        opened = opens(found.address, self._clock.now())
        if opened is None:
            raise FeedGone
        return opened

    async def served(self, found: Found, opened: Feed | Posted) -> Served:
        """Return the bytes of what was found."""
        if isinstance(opened, Posted):
            feed = found.address.feed
            return Served(body=_notice(feed.name, feed.id, opened))
        source = found.source
        body = await self.current(source)
        return Served(body=body, feed_id=source.feed.id, version=source.clinician.version)

    async def _look(self, token: str) -> Served:
        link = own_calendars.link_in(token, self._origin.secret)
        if link is not None:
            return await self._look_at_own(link)
        return await self.served(*await self.find(token))

    async def _look_at_own(self, link: Link) -> Served:
        """Who reads a client's own calendar is noted nowhere."""
        now = self._clock.now()
        own = await self._origin.database.read(lambda conn: own_calendars.find_own(conn, link, now))
        if isinstance(own, Posted):
            return Served(body=_notice(DEFAULT_NAME, link.person_id, own))
        state = own_calendars.state_of(self._origin, own)

        async def write() -> Body:
            body = await own_calendars.render(self._origin, own)
            self._unsaved[state.feed_id] = state, body
            return body

        return Served(body=await self._made(state, write))

    async def current(self, source: Source) -> Body:
        """Return the bytes of a live feed."""
        return await self._made(
            state_of(self._origin, source), lambda: render(self._origin, source)
        )

    async def _made(self, state: State, write: Callable[[], Awaitable[Body]]) -> Body:
        """Return the bytes of `state`: remembered, kept in the database, or written now."""
        if (kept := self._recall(state)) is not None:
            return kept
        async with self._turn:  # a crowd that asks for the same feed renders it once
            if (kept := self._recall(state)) is not None:
                return kept
            stored = await self._origin.database.read(lambda conn: bodies.find_body(conn, state))
            return self.keep(state, stored or await write())

    def _recall(self, state: State) -> Body | None:
        kept = self._kept.get(state.feed_id)
        if kept is None or kept[0] != state:
            return None
        self._kept.move_to_end(state.feed_id)
        return kept[1]


def _notice(name: str, id: UUID, posted: Posted) -> Body:
    return body_of(notice(name, id, posted), posted.since)
