"""The filter of a calendar-query (RFC 4791 section 9.7), as far as it is supported."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from services.calendar_feed.api.dav.refusing import Precondition
from services.calendar_feed.api.dav.xml import Element, caldav
from services.calendar_feed.domain.time_ranges import TimeRange

_UTC: Final = re.compile(r"\d{8}T\d{6}Z")


def time_range(root: Element) -> TimeRange | None:
    """Return the range that a filter asks for, None for all of time.

    It may ask for VCALENDAR, VEVENT in it, and a range on that. Whatever else is refused by name,
    since an answer that leaves a filter out would be wrong (7.8, supported-filter).
    """
    calendar = root.find(f"{caldav('filter')}/{caldav('comp-filter')}")
    if calendar is None or calendar.get("name") != "VCALENDAR":
        raise Precondition(caldav("valid-filter"))
    events = list(calendar)
    if not events:
        return None
    if [(each.tag, each.get("name")) for each in events] != [(caldav("comp-filter"), "VEVENT")]:
        raise _unsupported(events)
    ranges = list(events[0])
    if not ranges:
        return None
    if [each.tag for each in ranges] != [caldav("time-range")]:
        raise _unsupported(ranges)
    return _range(ranges[0])


def _range(told: Element) -> TimeRange:
    begins, ends = _moment(told.get("start")), _moment(told.get("end"))
    if (begins is None and ends is None) or (begins and ends and begins >= ends):
        raise Precondition(caldav("valid-filter"))
    return TimeRange(begins=begins, ends=ends)


def _moment(text: str | None) -> datetime | None:
    """RFC 4791 section 9.9 has it in UTC."""
    if text is None:
        return None
    if not _UTC.fullmatch(text):
        raise Precondition(caldav("valid-filter"))
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Precondition(caldav("valid-filter")) from None


def _unsupported(filters: list[Element]) -> Precondition:
    named = [Element(each.tag, {"name": each.get("name", "")}) for each in filters]
    return Precondition(caldav("supported-filter"), *named)
