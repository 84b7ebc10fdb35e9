"""A feed whose courses stand as series (RFC 5545 sections 3.6.1 and 3.8.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.calendar_feed.domain.series import Series
from services.calendar_feed.domain.window import MOST_BYTES, MOST_ENTRIES
from services.calendar_feed.ics.office_hours import Office
from services.calendar_feed.ics.series import kept_series, vtimezones
from services.calendar_feed.ics.vcalendar import END, Rendered, opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Sessions that are written together, by their ids, and what they are written as."""

    session_ids: tuple[str, ...]
    series: Callable[[], Series]


def course_calendar(
    name: str, courses: Iterable[Course], *, office: Office | None = None
) -> Rendered:
    """Return the feed called `name`, each course whole or not at all, in the order given.

    At most 1,000 sessions and 1 MB. What cannot be written costs no other course its place. Zones
    come before what uses them, one VTIMEZONE for each (3.6.5).
    """
    kept: list[Series] = []
    lines: list[bytes] = []
    unwritable: list[str] = []
    head, room, entries, no_room = opening(name), MOST_BYTES, MOST_ENTRIES, 0
    hours, others = (office.lines, (office.extent,)) if office else (b"", ())
    for course in courses:
        try:
            series = course.series()
            fragment = kept_series(series)
            zones = vtimezones([*kept, series], *others)
        except Exception:  # noqa: BLE001 # whatever is wrong with one course stays with that one
            unwritable += course.session_ids
            continue
        size = len(head) + len(zones) + len(hours) + len(fragment) + sum(map(len, lines)) + len(END)
        if no_room or size > room or len(course.session_ids) > entries:
            no_room += len(course.session_ids)
            continue
        kept.append(series)
        lines.append(fragment)
        entries -= len(course.session_ids)
    body = b"".join([head, vtimezones(kept, *others), hours, *lines, END])
    return Rendered(body=body, unwritable=tuple(unwritable), no_room=no_room)
