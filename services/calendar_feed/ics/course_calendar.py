"""A feed whose courses stand as series (RFC 5545 sections 3.6.1 and 3.8.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.calendar_feed.domain.detail import Shown
from services.calendar_feed.domain.series import Series
from services.calendar_feed.domain.window import MOST_BYTES, MOST_ENTRIES
from services.calendar_feed.ics.office_hours import Office
from services.calendar_feed.ics.series import kept_series, vtimezones
from services.calendar_feed.ics.vcalendar import END, Rendered, opening
from services.calendar_feed.ics.vevent import kept_vevent


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Sessions that are written together, and each of them by its id."""

    sessions: Mapping[str, Callable[[], Shown]]
    series: Callable[[], Series]


def course_calendar(
    name: str, courses: Iterable[Course], *, office: Office | None = None
) -> Rendered:
    """Return the feed called `name`, each course whole or not at all, in the order given.

    At most 1,000 sessions and 1 MB. A session that cannot be written costs no other its place.
    Zones come before what uses them, one VTIMEZONE for each (3.6.5).
    """
    kept: list[Series] = []
    lines: list[bytes] = []
    unwritable: list[str] = []
    head, room, entries, no_room = opening(name), MOST_BYTES, MOST_ENTRIES, 0
    hours, others = (office.lines, (office.extent,)) if office else (b"", ())
    for course in courses:
        series, lost = _writable(course)
        unwritable += lost
        told = len(course.sessions) - len(lost)
        fragment, zones = kept_series(series), vtimezones([*kept, series], *others)
        size = len(head) + len(zones) + len(hours) + len(fragment) + sum(map(len, lines)) + len(END)
        if no_room or size > room or told > entries:
            no_room += told
            continue
        kept.append(series)
        lines.append(fragment)
        entries -= told
    body = b"".join([head, vtimezones(kept, *others), hours, *lines, END])
    return Rendered(body=body, unwritable=tuple(unwritable), no_room=no_room)


def _writable(course: Course) -> tuple[Series, list[str]]:
    """Return the course as it can be written, and the ids of the sessions that cannot.

    Where a series cannot be, each session stands by itself.
    """
    try:
        series = course.series()
        kept_series(series)
        vtimezones([series])
    except Exception:  # noqa: BLE001 # whatever is wrong with one session stays with that one
        return _singly(course)
    return series, []


def _singly(course: Course) -> tuple[Series, list[str]]:
    single: list[Shown] = []
    lost: list[str] = []
    for id, show in course.sessions.items():
        try:
            shown = show()
            kept_vevent(shown)
        except Exception:  # noqa: BLE001 # as above
            lost.append(id)
        else:
            single.append(shown)
    return Series(single=tuple(single)), lost
