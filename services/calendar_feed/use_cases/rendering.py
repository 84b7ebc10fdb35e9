"""From a feed's state to its bytes: the same in every process, and nothing of a request in them."""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.detail import (
    Diary,
    Showing,
    Shown,
    course_address,
    show,
    stamp,
)
from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.domain.office_hours import OfficeHours
from services.calendar_feed.domain.series import Changes, Series, series_of
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.course_calendar import Course, course_calendar
from services.calendar_feed.ics.free_busy import free_busy
from services.calendar_feed.ics.office_hours import Office, office_in
from services.calendar_feed.ics.packing import pack, unpack
from services.calendar_feed.ics.series import vtimezones
from services.calendar_feed.ics.vcalendar import Rendered, vcalendar
from services.calendar_feed.ics.vevent import vevent
from services.calendar_feed.store import clients, course_changes, entries, office_hours
from services.calendar_feed.store.bodies import Body, LeftOut, State, Variant
from services.calendar_feed.store.feeds import Source
from services.calendar_feed.store.shelf import Shelf
from services.calendar_feed.use_cases.counting import Counts
from shared.logs import log
from shared.store.database import Database
from shared.zones import TZ_VERSION

KEPT: Final = 8_192
OFFICE_HOURS: Final = "office_hours"  # among what was left out
RENDERING: Final = "5"  # raised whenever the same state gives other bytes than before


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where feeds come from; `agreed`: initials may be told to a calendar's host."""

    database: Database
    counts: Counts
    public_url: str
    secret: str = field(repr=False)
    agreed: bool = False
    shelf: Shelf = field(default_factory=Shelf, compare=False, repr=False)

    def showing(self, feed: Feed) -> Showing:
        """Return how a feed's entries are shown; without an agreement initials are codes again."""
        told = feed.detail is Detail.INITIALS and not self.agreed
        return Showing(
            detail=Detail.CODE if told else feed.detail,
            public_url=self.public_url,
            secret=self.secret,
            alarms=feed.choices.alarms,
            join_links=feed.choices.join_links,
            version=feed.version,
            changed_at=feed.changed_at,
        )

    @property
    def rendering(self) -> str:
        """What of the bytes is not in the database: this code, and what it was told to tell."""
        secret = hashlib.sha256(self.secret.encode()).hexdigest()
        said = f"{TZ_VERSION} {self.public_url} {self.agreed} {secret}"
        return f"{RENDERING}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def state_of(origin: Origin, source: Source) -> State:
    """Return what the bytes depend on; how far a feed looks back is of its own version."""
    return State(
        feed_id=source.feed.id,
        rendering=origin.rendering,
        feed_version=source.feed.version,
        diary_version=source.clinician.version,
        first_day=Window(today=source.window.today).first_day,
    )


async def render(origin: Origin, source: Source) -> Body:
    """Return the feed as it now is, written beside the event loop; what is left out is told."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    found, sheet = await origin.database.read(lambda conn: _look(conn, origin, source))
    rendered, body = await asyncio.to_thread(_written, sheet, found.entries)
    origin.counts.rendered(loop.time() - begun)
    unwritable = [*found.unreadable, *rendered.unwritable]
    _tell_of_left_out(source.feed, unwritable, rendered.no_room)
    left_out = LeftOut(unwritable=len(unwritable), no_room=rendered.no_room)
    return replace(body, left_out=left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one feed is written with; `changes` are those of its courses, by their ids."""

    source: Source
    showing: Showing
    initials: clients.Initials
    office: OfficeHours | None = None
    changes: Mapping[UUID, Changes] = field(default_factory=dict)

    @property
    def diary(self) -> Diary:
        return _diary_of(self.source.clinician)

    def shown(self, entry: Entry) -> Shown:
        return show(entry, self.diary, self.showing, initials=self._initials(entry))

    def lines(self, entry: Entry) -> bytes:
        return unpack(kept_lines(entry, self.diary, self.showing, self._initials(entry)))

    def _initials(self, entry: Entry) -> str | None:
        return None if entry.client_id is None else self.initials.get(entry.client_id)


@functools.lru_cache(maxsize=KEPT)
def kept_lines(entry: Entry, diary: Diary, showing: Showing, initials: str | None) -> bytes:
    """Return the lines of one entry, packed; they are made once for all that they depend on."""
    return pack(vevent(show(entry, diary, showing, initials=initials)))


@functools.lru_cache(maxsize=1024)  # asked for with every entry, and kept with its lines
def _diary_of(clinician: Clinician) -> Diary:
    return Diary(
        person_id=clinician.id,
        link_generation=clinician.link_generation,
        links_at=clinician.links_at,
    )


async def _look(
    conn: AsyncConnection, origin: Origin, source: Source
) -> tuple[entries.Found, Sheet]:
    feed, whose, office = source.feed, source.clinician.id, None
    changes: Mapping[UUID, Changes] = {}
    whole = feed.form is Form.SERIES
    found = await entries.entries_in(
        conn, whose, source.window, whole_courses=whole, shelf=origin.shelf
    )
    if whole:
        courses = {each.course_id for each in found.entries if each.course_id is not None}
        changes = await course_changes.changes_of(conn, whose, courses)
    if feed.choices.office_hours:
        try:
            office = await office_hours.find_office_hours(conn, whose)
        except ValueError:
            found = replace(found, unreadable=(*found.unreadable, OFFICE_HOURS))
    return found, Sheet(
        source=source,
        showing=origin.showing(feed),
        initials=await initials_for(conn, feed, found.entries),
        office=office,
        changes=changes,
    )


async def initials_for(
    conn: AsyncConnection, feed: Feed, shown: Iterable[Entry]
) -> clients.Initials:
    """Return whatever initials a feed may tell of these entries."""
    if feed.detail is not Detail.INITIALS:
        return {}
    alone = {each.client_id for each in shown if each.client_id is not None}
    return await clients.initials_of(conn, alone)


def _written(sheet: Sheet, found: Sequence[Entry]) -> tuple[Rendered, Body]:
    source = sheet.source
    changed_at = max(
        source.clinician.changed_at,
        source.feed.changed_at or source.feed.created_at,
        source.window.midnight,
    )
    rendered = _in_form(sheet, found, changed_at)
    return rendered, body_of(rendered.body, changed_at)


def _in_form(sheet: Sheet, found: Sequence[Entry], changed_at: datetime) -> Rendered:
    office, lost = _office(sheet)
    rendered = _of_entries(sheet, found, changed_at, office)
    return replace(rendered, unwritable=(*lost, *rendered.unwritable))


def _of_entries(
    sheet: Sheet, found: Sequence[Entry], changed_at: datetime, office: Office | None
) -> Rendered:
    feed, window = sheet.source.feed, sheet.source.window
    if feed.form is Form.SERIES:
        return course_calendar(feed.name, _courses(sheet, found), office=office)
    chosen = [each for each in found if feed.choices.chooses(each)]
    nearest = window.nearest_first(chosen)
    if feed.form is Form.FREE_BUSY:
        body = free_busy(feed.name, feed.id, nearest, window, changed_at)
        rendered = Rendered(body=body, unwritable=(), no_room=0)
    else:
        first = vtimezones((), office.extent) + office.lines if office else b""
        rendered = vcalendar(feed.name, nearest, sheet.lines, first=first)
    farther = sum(window.shows(each) for each in chosen) - len(nearest)
    return replace(rendered, no_room=rendered.no_room + farther)


def _office(sheet: Sheet) -> tuple[Office | None, tuple[str, ...]]:
    """Return the office hours, if any; what cannot be written costs no session its place."""
    if sheet.office is None:
        return None, ()
    try:
        office = office_in(sheet.office, sheet.source.window)
        if office is not None:
            vtimezones((), office.extent)
    except Exception:  # noqa: BLE001 # such as a zone that this database has not
        return None, (OFFICE_HOURS,)
    return office, ()


def _courses(sheet: Sheet, found: Sequence[Entry]) -> list[Course]:
    """Return each course that has a session in the window, whole, the nearest first.

    It stands whole since a series that ended with the window would change with each day, and
    readers take a change only with a higher SEQUENCE.
    """
    chooses, window = sheet.source.feed.choices.chooses, sheet.source.window
    held: dict[UUID, list[Entry]] = {}
    for each in found:
        held.setdefault(each.course_id or each.session_id, []).append(each)
    near = window.nearest_first(filter(chooses, found), most=len(found))
    return [
        Course(
            sessions={
                str(each.session_id): partial(sheet.shown, each)
                for each in held[id]
                if chooses(each) and not window.forgets(each)
            },
            series=partial(_series, sheet, id, held[id]),
        )
        for id in dict.fromkeys(each.course_id or each.session_id for each in near)
    ]


def _series(sheet: Sheet, id: UUID, held: list[Entry]) -> Series:
    """Return one course; what of it is not chosen, or forgotten, is a matter of its stamp only."""
    window, chooses = sheet.source.window, sheet.source.feed.choices.chooses
    chosen = [each for each in held if chooses(each)]
    forgotten = [window.forgotten_at(each) for each in held if window.forgets(each)]
    by_itself = Changes(count=0, last_at=held[0].last_modified)
    changes = sheet.changes.get(id, by_itself).with_forgotten(forgotten)
    return series_of(
        [each for each in chosen if not window.forgets(each)],
        sheet.shown,
        stamp=stamp(changes.count, changes.last_at, sheet.diary, sheet.showing),
        url=course_address(id, chosen, sheet.diary, sheet.showing),
    )


def body_of(lines: bytes, changed_at: datetime) -> Body:
    """Return what is served of `lines`: the same compressed bytes for the same lines.

    Level 1: a third of the time of level 6, and 5 % more bytes (measured: links are random).
    """
    return Body(
        plain=_variant(lines),
        gzipped=_variant(gzip.compress(lines, compresslevel=1, mtime=0)),
        changed_at=changed_at,
    )


def _variant(body: bytes) -> Variant:
    return Variant(body=body, etag=f'"{hashlib.sha256(body).hexdigest()}"')


def _tell_of_left_out(feed: Feed, unwritable: list[str], no_room: int) -> None:
    for each in unwritable:
        if each == OFFICE_HOURS:
            log.warning("office_hours.left_out", feed_id=str(feed.id))
        else:
            log.warning("entry.left_out", feed_id=str(feed.id), session_id=each)
    if no_room:
        log.warning("feed.full", feed_id=str(feed.id), left_out=no_room)
