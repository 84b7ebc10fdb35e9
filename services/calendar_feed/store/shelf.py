"""Entries that were read before, kept as long as they are stored as they were.

A feed of 500 sessions in which one has changed reads 500 keys and one entry: to make an entry of a
row takes longer than all else of a feed (measured).
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

import sqlalchemy as sa

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.store.tables import entries

T = TypeVar("T")
MOST: Final = 8_192


_ALIKE: Final = (
    *("clinician_id", "client_id", "course_id", "timezone"),
    *("created", "last_modified", "links_expire_at"),
)


@functools.lru_cache(maxsize=1024, typed=True)
def _one(value: T) -> T:
    """Return the first that was seen of all that are equal to it."""
    return value


class Key(NamedTuple):
    """One state of an entry; the id is as the database has it, for to read one takes time too."""

    session_id: object
    revision: int
    kind: str
    clients: int
    timezone: str
    course_id: object


KEY: Final = (
    sa.type_coerce(entries.c.session_id, sa.String),
    entries.c.revision,
    entries.c.kind,
    entries.c.clients,
    entries.c.timezone,
    sa.type_coerce(entries.c.course_id, sa.String),
)


class Shelf:
    """Entries by their states, those least used forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Entry] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key) -> Entry | None:
        entry = self._kept.get(key)
        if entry is not None:
            self._kept.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep it; what many entries say alike is kept once: half of what they would take."""
        alike = {name: _one(getattr(entry, name)) for name in _ALIKE}
        self._kept[Key(key.session_id, *map(_one, key[1:]))] = replace(entry, **alike)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
