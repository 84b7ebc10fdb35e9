"""One letter of every kind, across the clock change of March 2027."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from services.notifier.domain.letters import Date, Letter, Move
from services.notifier.domain.states import Kind
from tests.cast import NEW_YORK

BEFORE_THE_CHANGE: Final = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
AFTER_THE_CHANGE: Final = datetime(2027, 3, 16, 19, 0, tzinfo=UTC)
LINK: Final = "https://hour.example/join/AbC-_9"
CHANGE: Final = "https://hour.example/appointments/AbC-_9"
CONFIRM: Final = "https://hour.example/addresses/AbC-_9"
STOP: Final = "https://hour.example/unsubscribe/AbC-_9"

LISTING: Final = frozenset({Kind.CONFIRMATION, Kind.DIGEST})
OF_NO_DATE: Final = frozenset({Kind.ENDED, Kind.FOLLOW_UP, Kind.ADDRESS, Kind.TASK})
NEEDED: Final = frozenset({Kind.ADDRESS, Kind.TASK})  # nobody is asked whether they want these


def date(starts_at: datetime, link: str | None = LINK) -> Date:
    change = CHANGE if link else None
    return Date(starts_at=starts_at, timezone=NEW_YORK, link=link, change=change)


def letter(
    kind: Kind, *, locale: str = "en-US", timezone: str = NEW_YORK, count: int = 2
) -> Letter:
    """Return a letter of `kind`; of `count` things where it may be of one or of several."""
    before, after = date(BEFORE_THE_CHANGE, link=None), date(AFTER_THE_CHANGE)
    several = kind is Kind.CHANGED or (kind is Kind.NEWS and count > 1)
    off = kind is Kind.CANCELLED or (kind is Kind.UNSEEN and count == 1)
    dates: tuple[Date, ...] = (after,)
    if kind in LISTING:
        dates = (date(BEFORE_THE_CHANGE), after)
    elif off or kind in (Kind.MOVED, *OF_NO_DATE):
        dates = ()
    return Letter(
        kind=kind,
        dates=dates,
        moves=(Move(before=before, now=after),) if several or kind is Kind.MOVED else (),
        cancelled=(before,) if several or off else (),
        confirmed=(before,) if several and kind is Kind.NEWS else (),
        until=before if kind is Kind.OFFER else None,
        weekly=kind is Kind.OFFER,
        link=CONFIRM if kind is Kind.ADDRESS else None,
        count=count if kind is Kind.TASK else 0,
        unsubscribe=None if kind in NEEDED else STOP,
        timezone=timezone,
        locale=locale,
    )
