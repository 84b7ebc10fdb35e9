"""An invented letter of every kind, for people to look at: no person, no link that leads in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from services.notifier.domain.letters import Date, Letter, Move
from services.notifier.domain.states import Kind

PRACTICE: Final = "Example Practice"
CLINICIAN: Final = "Robin Example"
_LINKS: Final = "https://hour.example"
_HERE: Final = "America/New_York"
# Five Thursdays at three in New York, with the clock change of March between the second and third.
_FIRST: Final = datetime(2027, 3, 4, 20, 0, tzinfo=UTC)
_WEEK: Final = timedelta(weeks=1)
_HOURS: Final = tuple(
    _FIRST + number * _WEEK - timedelta(hours=1 if number > 1 else 0) for number in range(5)
)


def sample(kind: Kind, *, locale: str, timezone: str, named: bool) -> Letter:
    """Return what a letter of `kind` may look like; `named`: where names may be said."""
    whom = CLINICIAN if named else None
    moves = {
        Kind.MOVED: (_moved(0, whom),),
        Kind.CHANGED: (_moved(1, whom),),
        Kind.NEWS: (Move(before=_gone(_HOURS[1]), now=_gone(_HOURS[1] + timedelta(days=1))),),
    }
    cancelled = {
        Kind.CANCELLED: (_gone(_HOURS[0], whom),),
        Kind.CHANGED: (_gone(_HOURS[2], whom),),
        Kind.NEWS: (_gone(_HOURS[2]),),
    }
    return Letter(
        kind=kind,
        dates=_dates(kind, whom),
        moves=moves.get(kind, ()),
        cancelled=cancelled.get(kind, ()),
        until=_gone(_HOURS[0] - timedelta(days=2)) if kind is Kind.OFFER else None,
        weekly=kind is Kind.OFFER,
        link=_link("addresses") if kind is Kind.ADDRESS else None,
        confirmed=(_gone(_HOURS[0]),) if kind is Kind.NEWS else (),
        count=2 if kind is Kind.TASK else 0,
        unsubscribe=None if kind in (Kind.ADDRESS, Kind.TASK) else _link("unsubscribe"),
        signed=PRACTICE if named else None,
        timezone=timezone,
        locale=locale,
    )


def _dates(kind: Kind, whom: str | None) -> tuple[Date, ...]:
    first = _HOURS[0]
    dates = {
        Kind.CONFIRMATION: tuple(_ahead(hour, whom) for hour in _HOURS),
        Kind.REMINDER: (_ahead(first, whom),),
        Kind.CHANGED: (_ahead(_HOURS[4], whom),),
        Kind.OFFER: (Date(starts_at=first, timezone=_HERE, link=_link("offers")),),
        Kind.UNSEEN: (_gone(first),),
        Kind.DIGEST: tuple(_of_today(first + timedelta(hours=number)) for number in range(3)),
    }
    return dates.get(kind, ())


def _ahead(hour: datetime, whom: str | None) -> Date:
    return Date(
        starts_at=hour,
        timezone=_HERE,
        link=_link("join"),
        change=_link("appointments"),
        with_whom=whom,
    )


def _of_today(hour: datetime) -> Date:
    return Date(starts_at=hour, timezone=_HERE, link=_link("join"))


def _gone(hour: datetime, whom: str | None = None) -> Date:
    return Date(starts_at=hour, timezone=_HERE, with_whom=whom)


def _moved(number: int, whom: str | None) -> Move:
    hour = _HOURS[number]
    return Move(before=_gone(hour), now=_ahead(hour + timedelta(days=1, hours=1), whom))


def _link(page: str) -> str:
    return f"{_LINKS}/{page}/{'Example-' * 13}"
