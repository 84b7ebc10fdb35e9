"""The audit log: who did what to whose data, each entry sealed with the one before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

BEFORE_THE_FIRST: Final = "0" * 64  # what stands in for the hash of an entry before the first
LONGEST_ACTOR: Final = 80
LONGEST_ACTION: Final = 200
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict
)
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what, to whom, and when; `details` are plain JSON values without names.

    `subject` is what it was done to and `others` whoever else it touched; `subjects` has all.
    """

    actor: str
    action: str
    at: datetime
    subject: UUID | None = None
    others: tuple[UUID, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an entry's time is aware")
        if not 1 <= len(self.actor) <= LONGEST_ACTOR:
            raise ValueError("an entry names who acted")
        if not 1 <= len(self.action) <= LONGEST_ACTION:
            raise ValueError("an entry names what was done")
        canonical(self.details)

    @property
    def subjects(self) -> tuple[UUID, ...]:
        first = () if self.subject is None else (self.subject,)
        return tuple(dict.fromkeys((*first, *self.others)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain: how many entries there are, and the hash of the last."""

    position: int
    hash: str

    def __post_init__(self) -> None:
        if self.position < 0 or not _HASH.fullmatch(self.hash):
            raise ValueError("a head has a count and a SHA-256")


START: Final = Head(position=0, hash=BEFORE_THE_FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry in its place, with the hash that binds it to all before it."""

    position: int
    entry: Entry
    hash: str

    @property
    def head(self) -> Head:
        return Head(position=self.position, hash=self.hash)


def seal(entry: Entry, after: Head) -> Sealed:
    """Return `entry` as the next of the chain that ends at `after`."""
    position = after.position + 1
    hash = hashlib.sha256(bytes.fromhex(after.hash) + _bytes(entry, position)).hexdigest()
    return Sealed(position=position, entry=entry, hash=hash)


def is_next(sealed: Sealed, after: Head) -> bool:
    """Whether nothing was changed, dropped or put in between `after` and `sealed`."""
    return seal(sealed.entry, after) == sealed


def canonical(details: Mapping[str, object]) -> str:
    """Return plain JSON values in the one spelling that is hashed; raise ValueError for others."""
    try:
        return _ENCODER.encode(details) if details else "{}"
    except TypeError as error:
        raise ValueError("details are plain JSON values") from error


def _bytes(entry: Entry, position: int) -> bytes:
    fields = {
        "position": position,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subjects": [str(id) for id in entry.subjects],
        "details": entry.details,
    }
    return canonical(fields).encode()
