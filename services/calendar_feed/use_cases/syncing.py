"""A feed as a collection with one resource a session, and what changed in it since."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.addresses import NOTICE, Posted
from services.calendar_feed.domain.changes import Differences, Seen, differences
from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.errors import UnknownFeed
from services.calendar_feed.domain.feeds import Form
from services.calendar_feed.domain.sync_tokens import SyncToken
from services.calendar_feed.ics.resource import resource
from services.calendar_feed.ics.text import one_line
from services.calendar_feed.ics.vevent import kept_vevent
from services.calendar_feed.store import changes, entries
from services.calendar_feed.store.feeds import Found, Source
from services.calendar_feed.store.window import window_of
from services.calendar_feed.use_cases.rendering import Origin, Sheet, initials_for, state_of
from services.calendar_feed.use_cases.serving import Feeds, Served
from shared.logs import log
from shared.store.database import Connection

NOTICE_NAME: Final = "notice.ics"
SUFFIX: Final = ".ics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One resource of a collection: a VCALENDAR, and when what it tells of takes place."""

    name: str
    body: bytes
    changed_at: datetime
    begins: datetime
    ends: datetime

    @property
    def etag(self) -> str:
        """The strong validator of exactly these bytes (RFC 9110 section 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What stands at an address, as a collection: a live feed, or the notice in its place."""

    name: str
    token: SyncToken
    served: Served
    source: Source | None = None
    notice: Member | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed in a collection, and the names of what is not in it any more."""

    changed: tuple[Member, ...]
    gone: tuple[str, ...]


class Shelves:
    """Opens feeds as collections; nothing is written."""

    def __init__(self, origin: Origin, kept: Feeds) -> None:
        self._origin, self._kept = origin, kept

    async def open(self, token: str) -> Shelf:
        """Return the collection at the address of `token`.

        Raises `UnknownFeed`, also for what is only free or busy and has no resources, `FeedGone`.
        """
        found, opened = await self._kept.find(token)
        served = await self._kept.served(found, opened)
        if isinstance(opened, Posted):
            return _notice(found, opened, served)
        source = found.source
        if source.feed.form is Form.FREE_BUSY:
            raise UnknownFeed
        return Shelf(
            name=one_line(source.feed.name),
            token=self._token(source),
            served=served,
            source=source,
        )

    async def members(self, shelf: Shelf, names: Collection[str] | None = None) -> list[Member]:
        """Return what is in the collection, earliest first; of `names` only those that are."""
        if shelf.source is None:
            return [each for each in _noticed(shelf) if names is None or each.name in names]
        source = shelf.source

        async def look(conn: Connection) -> tuple[entries.Found, Sheet]:
            if names is None:
                found = await entries.entries_in(conn, source.clinician.id, source.window)
            else:
                found = await entries.find_entries(conn, _session_ids(names))
            return found, await self._sheet(conn, source, found.entries)

        found, sheet = await self._origin.database.read(look)
        shown = [each for each in found.entries if _is_shown(source, each)]
        return await asyncio.to_thread(_written, sheet, shown)

    async def news(self, shelf: Shelf, since: SyncToken) -> News | None:
        """Return what changed since that token, None if it is not for this collection as it is."""
        if not shelf.token.follows(since):
            return None
        if shelf.source is None:
            return News(changed=(), gone=())
        source = shelf.source

        async def look(conn: Connection) -> tuple[Differences, Sheet]:
            found = await _differences(conn, source, since)
            return found, await self._sheet(conn, source, found.changed)

        found, sheet = await self._origin.database.read(look)
        changed = await asyncio.to_thread(_written, sheet, found.changed)
        return News(changed=tuple(changed), gone=tuple(map(name_of, found.gone)))

    async def _sheet(self, conn: Connection, source: Source, shown: Iterable[Entry]) -> Sheet:
        initials = await initials_for(conn, source.feed, shown)
        return Sheet(source=source, showing=self._origin.showing(source.feed), initials=initials)

    def _token(self, source: Source) -> SyncToken:
        """Two feeds, other choices for one, and other code all have showings of their own."""
        state = state_of(self._origin, source)
        return SyncToken(
            showing=_digest(f"{state.feed_id} {state.rendering} {state.feed_version}".encode()),
            version=state.diary_version,
            first_day=state.first_day,
        )


def name_of(session_id: UUID) -> str:
    return f"{session_id}{SUFFIX}"


async def _differences(conn: Connection, source: Source, since: SyncToken) -> Differences:
    """Compare with the diary as it was seen; windows move forward only, so both are in one."""
    then = replace(source.window, today=window_of(since.first_day).today)
    whose = source.clinician.id
    touched = await changes.changes_since(conn, whose, since.version)
    both = replace(source.window, back=source.window.today - then.first_day)
    diary = (await entries.entries_in(conn, whose, both)).entries
    left = touched.keys() - {each.session_id for each in diary}
    known = (await entries.find_entries(conn, left)).entries
    chooses = source.feed.choices.chooses
    return differences(
        Seen(version=since.version, window=then),
        source.window,
        [each for each in diary if chooses(each)],
        touched,
        elsewhere={each.session_id for each in (*diary, *known) if not chooses(each)},
    )


def _is_shown(source: Source, entry: Entry) -> bool:
    own = entry.clinician_id == source.clinician.id
    return own and source.feed.choices.chooses(entry) and source.window.shows(entry)


def _written(sheet: Sheet, shown: Iterable[Entry]) -> list[Member]:
    """Return a member for each entry; one that cannot be written never costs the others theirs."""
    written = []
    for entry in shown:
        try:
            written.append(_member(sheet, entry))
        except Exception:  # noqa: BLE001 # whatever is wrong with one entry stays with that one
            feed_id = str(sheet.source.feed.id)
            log.warning("entry.left_out", feed_id=feed_id, session_id=str(entry.session_id))
    return written


def _member(sheet: Sheet, entry: Entry) -> Member:
    shown = sheet.shown(entry)
    return Member(
        name=name_of(entry.session_id),
        body=resource(kept_vevent(shown)),
        changed_at=shown.last_modified,
        begins=entry.dtstart,
        ends=entry.dtend,
    )


def _notice(found: Found, posted: Posted, served: Served) -> Shelf:
    body = served.body.plain.body
    since = posted.since.astimezone(UTC)
    begins = datetime.combine(since.date(), time(), UTC)
    member = Member(
        name=NOTICE_NAME, body=body, changed_at=since, begins=begins, ends=begins + NOTICE
    )
    token = SyncToken(showing=_digest(body), version=0, first_day=since.date())
    return Shelf(name=one_line(found.address.feed.name), token=token, served=served, notice=member)


def _noticed(shelf: Shelf) -> list[Member]:
    return [] if shelf.notice is None else [shelf.notice]


def _digest(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:16]


def _session_ids(names: Iterable[str]) -> set[UUID]:
    """Return the sessions that these are the very names of."""
    found = set()
    for name in names:
        try:
            session_id = UUID(name.removesuffix(SUFFIX))
        except ValueError:
            continue
        if name_of(session_id) == name:
            found.add(session_id)
    return found
