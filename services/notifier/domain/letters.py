"""What a mail says, before it is put into anyone's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notifier.domain.states import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """One time that a mail names, the zone that governs it, and its links, if any.

    `link` joins; `change` confirms, cancels or finds another time; `with_whom` is a clinician's
    name.
    """

    starts_at: datetime
    timezone: str
    link: str | None = None
    change: str | None = None
    with_whom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A time that was left, and the one that took its place."""

    before: Date
    now: Date


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail for one reader, in the reader's zone and language.

    `link` is the one thing to press, where it belongs to no date; `confirmed` is what a clinician
    hears someone will come to; `count` is of mails that could not be delivered; `unsubscribe`
    ends mail of this kind. `signed` is the practice's name; a letter without it carries no name
    at all.
    """

    kind: Kind
    dates: tuple[Date, ...] = ()
    moves: tuple[Move, ...] = ()
    cancelled: tuple[Date, ...] = ()
    confirmed: tuple[Date, ...] = ()
    until: Date | None = None
    weekly: bool = False
    link: str | None = None
    count: int = 0
    unsubscribe: str | None = None
    signed: str | None = None
    timezone: str
    locale: str

    def __post_init__(self) -> None:
        if self.signed is None and self._names_someone():
            raise ValueError("a letter that is not signed names nobody")
        if (self.link is None) is (self.kind is Kind.ADDRESS):
            raise ValueError("a letter that asks about an address has one link, and no other has")
        if not self._fits() or (self.until is None) is (self.kind is Kind.OFFER):
            raise ValueError(f"a letter of the kind {self.kind} does not name these dates")

    def _fits(self) -> bool:
        named = (len(self.dates), len(self.moves), len(self.cancelled), len(self.confirmed))
        match self.kind:
            case Kind.CONFIRMATION | Kind.DIGEST:
                return named[0] >= 1 and named[1:] == (0, 0, 0)
            case Kind.CHANGED:
                return sum(named) > 1 and not self.confirmed
            case Kind.NEWS:
                return sum(named) >= 1
        return named in _NAMED.get(self.kind, _NOTHING)

    def _names_someone(self) -> bool:
        moved = (date for move in self.moves for date in (move.before, move.now))
        return any(
            date.with_whom for date in (*self.dates, *self.cancelled, *self.confirmed, *moved)
        )


_ONE: Final = frozenset({(1, 0, 0, 0)})
_NOTHING: Final = frozenset({(0, 0, 0, 0)})
_NAMED: Final = {  # how many dates, moves, cancelled and confirmed ones there are, of exactly one
    Kind.REMINDER: _ONE,
    Kind.OFFER: _ONE,
    Kind.MOVED: frozenset({(0, 1, 0, 0)}),
    Kind.CANCELLED: frozenset({(0, 0, 1, 0)}),
    Kind.UNSEEN: frozenset({(1, 0, 0, 0), (0, 0, 1, 0)}),
}
