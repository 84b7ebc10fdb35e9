"""The fields that requests are made of: each takes one spelling and refuses the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, WithJsonSchema
from yarl import URL

from shared.zones import UnknownZone, zone

YEARS: Final = range(2000, 2201)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_STATE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _line(text: str) -> str:
    """One line of text; whatever cannot be seen could forge a mail's header."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp") for char in text):
        raise ValueError("must be one line without control characters")
    return text


def _free_text(text: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in text):
        raise ValueError("must have no control characters")
    return text


def _email(text: str) -> str:
    try:
        found = validate_email(
            text, allow_smtputf8=False, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError("must be an email address such as kim@example.org") from error
    return found.ascii_email or found.normalized


def _zone(name: str) -> str:
    try:
        return zone(name).key
    except UnknownZone as error:
        raise ValueError("must be a time zone name such as America/New_York") from error


def _locale(tag: str) -> str:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError("must be a language tag such as en or es-US") from error
    return tag


def _room_url(text: str) -> str:
    try:
        url = URL(text)
    except ValueError as error:
        raise ValueError("must be an address such as https://rooms.example/dana") from error
    if url.scheme != "https" or not url.host or url.user or url.password:
        raise ValueError("must be an https address with a host and without a password")
    return str(url)


def _date(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("must be a date such as 2027-02-16")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("must be a date that exists") from error


def _in(years: range) -> Callable[[date], date]:
    def check(found: date) -> date:
        if found.year not in years:
            raise ValueError(f"must be in the years {years[0]} to {years[-1]}")
        return found

    return check


def _time(value: object) -> time:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("must be a time of day such as 15:00")
    return time.fromisoformat(value)


def _instant(value: object) -> datetime:
    """An RFC 3339 time with its offset, in UTC and kept to the second."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be a time with an offset such as 2027-02-16T15:00:00-05:00")
    if int(value[:4]) not in YEARS:
        raise ValueError(f"must be in the years {YEARS[0]} to {YEARS[-1]}")
    try:
        found = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise ValueError("must be a time that exists") from error
    return found.astimezone(UTC).replace(microsecond=0)


def _state(tag: str) -> str:
    if not _STATE.fullmatch(tag):
        raise ValueError("must be a country, or a part of one, such as US-NY")
    return tag


def _spelt(pattern: re.Pattern[str], meaning: str) -> dict[str, Any]:
    """Return the schema of text that is spelt so, from its first character to its last."""
    return {"type": "string", "pattern": f"^({pattern.pattern})$", "description": meaning}


def not_before(until: date | None, since: date | None) -> date | None:
    """Return the last date of two, or raise `ValueError` if it comes before the first."""
    if since is not None and until is not None and until < since:
        raise ValueError("must not be before 'from'")
    return until


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)]
Word = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_line)]
FreeText = Annotated[str, Field(max_length=1000), AfterValidator(_free_text)]
Email = Annotated[
    str, Field(max_length=254, description="An address of mail."), AfterValidator(_email)
]
ZoneName = Annotated[
    str,
    Field(max_length=64, description="A time zone, such as America/New_York."),
    AfterValidator(_zone),
]
LocaleTag = Annotated[
    str,
    Field(max_length=35, description="A language, such as en or es-US."),
    AfterValidator(_locale),
]
RoomUrl = Annotated[
    str,
    Field(max_length=2000, description="An https address without a password."),
    AfterValidator(_line),
    AfterValidator(_room_url),
]
State = Annotated[
    str,
    AfterValidator(_state),
    WithJsonSchema(_spelt(_STATE, "A country, or a part of one, such as US-NY.")),
]
Count = Annotated[StrictInt, Field(ge=1, le=52)]
BufferMinutes = Annotated[StrictInt, Field(ge=0, le=240)]
NoticeMinutes = Annotated[StrictInt, Field(ge=0, le=40_320)]

_Date = Annotated[
    date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]
BookedDate = Annotated[_Date, AfterValidator(_in(YEARS))]
BirthDate = Annotated[_Date, AfterValidator(_in(range(1900, 2101)))]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time),
    WithJsonSchema(_spelt(_TIME, "On the wall clock, such as 15:00.")),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "RFC 3339 with an offset, in the years 2000 to 2200.",
        }
    ),
]
