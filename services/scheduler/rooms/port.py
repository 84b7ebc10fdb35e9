"""The port that every provider of rooms fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from services.scheduler.domain.rooms import Guest, Room

TRY_AGAIN: Final = 5
LONGEST_WAIT: Final = 300


class NotReady(Exception):
    """There is no room now, and `cause` is a stable word for why.

    `retry_after` is in seconds, None where only the practice can mend it; `gone`: the provider
    does not know the room any more.
    """

    def __init__(
        self, cause: str, retry_after: int | None = TRY_AGAIN, *, gone: bool = False
    ) -> None:
        super().__init__(cause)
        self.cause, self.retry_after, self.gone = cause, retry_after, gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A room as it is wanted; it may have been made before, then it is only brought up to date.

    `host` is the clinician's id in words; `own_url` is the room that staff entered.
    """

    room: Room
    host: str
    own_url: str | None = field(repr=False)


class Rooms(Protocol):
    """One provider. Both calls raise `NotReady` for whatever a server or a network can do.

    `kept`: a room is made once for a session and remembered. `hosts`: where it leads.
    """

    @property
    def name(self) -> str: ...

    @property
    def kept(self) -> bool: ...

    @property
    def hosts(self) -> frozenset[str]: ...

    async def make(self, wish: Wish) -> Room:
        """Return the room with its `url` and `reference`; asking twice gives the same room."""
        ...

    async def way_in(self, room: Room, guest: Guest) -> str:
        """Return the address that lets `guest`, and nobody else, into `room`."""
        ...
