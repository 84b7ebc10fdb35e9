"""Public holidays: the one door to the library that knows them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from services.scheduler.domain.errors import UnknownHolidays
from services.scheduler.domain.practice import HolidayCalendar

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS_SHOWN: Final = 5  # some are not in every year: an election day
_SAID_WITH: Final = ("observed_estimated_label", "observed_label", "estimated_label")


async def days_of(calendar: HolidayCalendar, years: Iterable[int]) -> dict[date, tuple[str, ...]]:
    """Return the days of these years that are kept, and their names; observed days too."""
    kept = None if calendar.kept is None else frozenset(calendar.kept)
    found: dict[date, tuple[str, ...]] = {}
    for year in years:
        days = await asyncio.to_thread(_year, calendar.country, calendar.subdivision, year)
        found |= {day: names for day, names in days if kept is None or kept & frozenset(names)}
    return found


async def require_known(calendar: HolidayCalendar, year: int) -> None:
    """Raise `UnknownHolidays` with the field that no calendar from `year` on bears out."""
    known: set[str] = set()
    for each in range(year, year + YEARS_SHOWN):
        days = await asyncio.to_thread(_year, calendar.country, calendar.subdivision, each)
        known.update(name for _, names in days for name in names)
    for place, name in enumerate(calendar.kept or ()):
        if name not in known:
            raise UnknownHolidays(
                "no such holiday in this calendar", pointer=f"#/holidays/kept/{place}"
            )


@cache
def _year(
    country: str, subdivision: str | None, year: int
) -> tuple[tuple[date, tuple[str, ...]], ...]:
    calendar = _library_calendar(country, subdivision, year)
    return tuple(
        (day, tuple(_plain(calendar, name) for name in calendar.get_list(day)))
        for day in sorted(calendar)
    )


def _library_calendar(country: str, subdivision: str | None, year: int) -> HolidayBase:
    # Only who keeps holidays pays for the library: 45 MB, and most of a second.
    import holidays

    kind = holidays.list_supported_countries().get(country)
    if kind is None:
        raise UnknownHolidays("must be a country such as US", pointer="#/holidays/country")
    if subdivision is not None and subdivision not in kind:
        raise UnknownHolidays(
            "must be a part of the country such as NY", pointer="#/holidays/subdivision"
        )
    plain = holidays.country_holidays(country, subdiv=subdivision, years=year)
    if "en_US" not in plain.supported_languages:
        return plain
    return holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")


def _plain(calendar: HolidayBase, name: str) -> str:
    """Return the name of a holiday without what says that the day is the one observed."""
    for said in _SAID_WITH:
        label = getattr(calendar, said, None)
        before, _, after = calendar.tr(label).partition("%s") if label else ("", "", "")
        if (before or after) and name.startswith(before) and name.endswith(after):
            return name.removeprefix(before).removesuffix(after)
    return name
