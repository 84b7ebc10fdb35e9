"""A session's video room: one for each session, with a name that says nothing."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Final
from uuid import UUID

from yarl import URL

from services.scheduler.domain.joining import closes_at, opens_at
from services.scheduler.domain.sessions import Session

NAME_BYTES: Final = 16
_GUEST_CHARACTERS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when a room may be entered; aware, in UTC."""

    opens_at: datetime
    closes_at: datetime

    def __post_init__(self) -> None:
        if self.opens_at >= self.closes_at:
            raise ValueError("a room opens before it closes")

    @classmethod
    def of(cls, session: Session) -> Window:
        return cls(opens_at=opens_at(session), closes_at=closes_at(session))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One session's room at one provider; `reference` is how the provider knows it.

    `url` is where it is, without anyone's way in.
    """

    provider: str
    name: str = field(repr=False)
    window: Window
    url: str = field(default="", repr=False)
    reference: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Whoever comes in, by an id that means nothing outside of this one room."""

    id: str
    is_host: bool


class Standing(Enum):
    """What is to be done about a room that is remembered."""

    GOOD = auto()  # come in
    SHIFTED = auto()  # the session moved a little: the same room, at the new time
    STALE = auto()  # its window has passed, or another provider made it: a new one


def new_name() -> str:
    """Return 128 random bits in lower case, since Prosody compares names in lower case."""
    return secrets.token_hex(NAME_BYTES)


def guest_in(name: str, person_id: UUID, *, is_host: bool) -> Guest:
    """Return the person as the room called `name` knows them: the same at each press."""
    sealed = hmac.digest(name.encode(), person_id.bytes, "sha256").hex()
    return Guest(id=sealed[:_GUEST_CHARACTERS], is_host=is_host)


def standing(room: Room, *, provider: str, window: Window, now: datetime) -> Standing:
    """Return what has become of `room` by `now`, for a session that is held in `window`."""
    if room.provider != provider or room.window.closes_at < now:
        return Standing.STALE
    return Standing.GOOD if room.window == window else Standing.SHIFTED


def may_lead_to(address: str, hosts: Collection[str]) -> bool:
    """Whether people may be sent to `address`: https, and a host that is on the list.

    `*.zoom.us` stands for every name below zoom.us, and not for zoom.us itself.
    """
    if not address.isascii() or not address.isprintable() or set(address) & set(" \\"):
        return False  # browsers read these in ways of their own
    try:
        url = URL(address)
    except ValueError:
        return False
    if url.scheme != "https" or not url.host or url.user is not None or url.password is not None:
        return False
    return any(_is(url.host.lower().rstrip("."), host) for host in hosts)


def host_of(address: str | None) -> frozenset[str]:
    """Return the host that staff entered with a room, as a list of one, or of none."""
    host = URL(address).host if address else None
    return frozenset({host.lower().rstrip(".")} if host else ())


def _is(host: str, listed: str) -> bool:
    if listed.startswith("*."):
        return host.endswith(listed[1:])
    return host == listed
