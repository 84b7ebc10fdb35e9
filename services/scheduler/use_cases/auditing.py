"""Keep the audit log, and prove that nobody has rewritten it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.audit import START, Entry, Head, Sealed, is_next, seal
from services.scheduler.domain.errors import LogRewritten
from services.scheduler.store import audit
from services.scheduler.store.audit import WantedEntries
from shared.store.database import Database

PAGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far the chain holds; `broken` is the position of the first entry that does not.

    `holds_saved` says whether the head that was saved elsewhere is part of the chain.
    """

    head: Head
    broken: int | None = None
    holds_saved: bool = True

    @property
    def sound(self) -> bool:
        return self.broken is None and self.holds_saved


async def record(conn: AsyncConnection, entry: Entry) -> None:
    """Add `entry` in the caller's transaction; call it last, after the events of the change.

    The end of the chain stays locked until the commit, so that all writers make one chain.
    """
    await audit.add(conn, seal(entry, await audit.lock_head(conn)))


async def entries_with(conn: AsyncConnection, wanted: WantedEntries) -> list[Sealed]:
    """Return what is wanted; raise `LogRewritten` if one of them cannot even be read."""
    try:
        return await audit.entries(conn, wanted)
    except ValueError as error:
        raise LogRewritten from error


async def verify(database: Database, saved: str | None = None) -> Verdict:
    """Check every entry against the one before it, and the last against the head.

    With the hash of an earlier head that was `saved` elsewhere, a tail that was cut off, or a
    chain that was written anew, is seen too.
    """
    last, seen = START, saved in (None, START.hash)
    while True:
        page = await _after(database, last)
        for sealed in page or ():
            if not is_next(sealed, last):
                page = None
                break
            last = sealed.head
            seen = seen or last.hash == saved
        if page is None:
            return Verdict(head=last, broken=last.position + 1, holds_saved=seen)
        if page:
            continue
        head = await database.read(audit.read_head)
        if head == last:
            return Verdict(head=last, holds_saved=seen)
        if not await _after(database, last):  # else someone has added to it meanwhile
            return Verdict(head=last, broken=last.position + 1, holds_saved=seen)


async def _after(database: Database, last: Head) -> list[Sealed] | None:
    """Return the next entries; None when the very next one cannot even be read."""
    for limit in (PAGE, 1):
        wanted = WantedEntries(after=last.position, limit=limit)
        with suppress(ValueError):
            return await database.read(lambda conn: audit.entries(conn, wanted))  # noqa: B023
    return None
