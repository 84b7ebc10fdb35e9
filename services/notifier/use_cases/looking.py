"""Look at what is planned, and at what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.errors import UnknownReminder, UnknownSession
from services.notifier.store import addresses, listing, practice, sessions
from services.notifier.store.addresses import StoppedPage
from services.notifier.store.listing import Page, Story, Wanted
from services.notifier.use_cases.stopping_addresses import known_address
from shared.store.database import Database
from shared.store.places import Place

PATIENCE_SECONDS: Final = 2.0


async def planned(database: Database, wanted: Wanted) -> Page:
    """Return a page of what is wanted.

    The id of a session that an event may still bring is waited for, two seconds; then
    `UnknownSession`.
    """

    async def look(conn: AsyncConnection) -> Page | None:
        id = wanted.session_id
        if id is not None and await sessions.find_session(conn, id) is None:
            return None
        return await listing.page(conn, wanted)

    found = await database.wait_for(look, seconds=PATIENCE_SECONDS)
    if found is None:
        raise UnknownSession
    return found


async def stopped(database: Database, place: Place | None, limit: int) -> StoppedPage:
    """Return to whom nothing is sent, since mail to their present address came back for good."""

    async def look(conn: AsyncConnection) -> StoppedPage:
        staff_address = (await practice.read_practice(conn)).staff_address
        return await addresses.page_of_stopped(conn, place, limit, staff_address=staff_address)

    return await database.read(look)


async def story_of(database: Database, id: UUID) -> Story:
    """Return what became of one mail, or raise `UnknownReminder`."""
    found = await database.read(lambda conn: _story(conn, id))
    if found is None:
        raise UnknownReminder
    return found


async def _story(conn: AsyncConnection, id: UUID) -> Story | None:
    story = await listing.story(conn, id)
    if story is None:
        return None
    person_id = story.shown.person_id
    email = await known_address(conn, person_id)
    stop = None if email is None else await addresses.find_stop(conn, person_id, email)
    return replace(story, stop=stop)
