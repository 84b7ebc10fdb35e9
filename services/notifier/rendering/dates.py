"""Times as a reader writes them, with the zone's own name on each side of a clock change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from shared.zones import UnknownZone, zone

# The practice is in New York: a bare language is read as it is written in the United States.
_AT_HOME: Final = {"en": "en_US", "es": "es_US"}
DEFAULT_LANGUAGE: Final = "en"

_LONG: Final = {"en": "EEEE, MMMM d, y, h:mm a", "es": "EEEE d 'de' MMMM 'de' y, h:mm a"}
_SHORT: Final = {"en": "EEEE, MMMM d, h:mm a", "es": "EEEE d 'de' MMMM, h:mm a"}
_HOUR: Final = "h:mm a"


@lru_cache(maxsize=128)
def locale_of(text: str) -> Locale:
    """Return the locale to write in for `text` such as `es-MX`; English for what we lack."""
    try:
        found = Locale.parse(text.strip().replace("-", "_")[:35])
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse(_AT_HOME[DEFAULT_LANGUAGE])
    if found.language not in _AT_HOME:
        return Locale.parse(_AT_HOME[DEFAULT_LANGUAGE])
    return found if found.territory else Locale.parse(_AT_HOME[found.language])


def in_full(moment: datetime, zone_name: str, locale: Locale) -> str:
    """Return `Tuesday, February 16, 2027, 3:00 PM EST`, in the words of `locale`."""
    return _written(moment, zone_name, _LONG[locale.language], locale)


def in_short(moment: datetime, zone_name: str, locale: Locale) -> str:
    """As `in_full`, without the year."""
    return _written(moment, zone_name, _SHORT[locale.language], locale)


def elsewhere(moment: datetime, here: str, there: str, locale: Locale) -> str | None:
    """Return the same moment on the clocks of `there`, or None if they show the same.

    The day is named only where it is another one.
    """
    hour = _written(moment, there, _HOUR, locale)
    if hour == _written(moment, here, _HOUR, locale):
        return None
    same_day = _local(moment, here).date() == _local(moment, there).date()
    return hour if same_day else in_full(moment, there, locale)


class Time(str):
    """A time as a reader reads it: plain text wraps where it likes."""

    __slots__ = ()

    def unbroken(self) -> str:
        """Return it so that a line of HTML never ends between the hour and its zone."""
        day, comma, hour = self.rpartition(", ")
        return day + comma + hour.replace(" ", "\N{NO-BREAK SPACE}")


def _written(moment: datetime, zone_name: str, pattern: str, locale: Locale) -> str:
    local = _local(moment, zone_name)
    text = f"{format_datetime(local, pattern, locale=locale)} {_abbreviation(local)}"
    # Some locales put a narrow no-break space before AM: plain text is read by anything.
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def _abbreviation(local: datetime) -> str:
    """Return EST or EDT as tzdata has it, or GMT-3 for a zone without letters.

    Babel's own depends on the locale: es_MX has no short name for Los Angeles.
    """
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"GMT{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _local(moment: datetime, zone_name: str) -> datetime:
    try:
        return moment.astimezone(zone(zone_name))
    except UnknownZone:  # a zone that a newer tzdata than ours brought: UTC, and it says so
        return moment.astimezone(UTC)
