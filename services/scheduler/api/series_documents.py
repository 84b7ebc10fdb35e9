"""What a change of a series is answered with."""

from __future__ import annotations

from collections.abc import Sequence

from services.scheduler.api.documents import (
    Document,
    Zones,
    conflict_documents,
    course_document,
    session_document,
)
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.courses import Course
from services.scheduler.domain.freed import FreedHour
from services.scheduler.domain.limits import Finding
from services.scheduler.domain.sessions import Session
from shared.zones import zone


def freed_document(freed: FreedHour) -> Document:
    """Return the weekly hour that came free as an opening in the shape of a course."""
    clock = zone(freed.timezone)
    return {
        "clinician_id": str(freed.clinician_id),
        "weekday": freed.weekday,
        "time": freed.at.isoformat("minutes"),
        "timezone": freed.timezone,
        "first_date": freed.first_date.isoformat(),
        "sessions": [
            {"starts_at": slot.starts_at.astimezone(clock).isoformat()} for slot in freed.slots
        ],
    }


def preview_document(
    sessions: Sequence[Session],
    conflicts: Sequence[Conflict],
    zones: Zones,
    *,
    freed: FreedHour | None = None,
) -> Document:
    """Return the sessions as they would be, and what is in their way."""
    document: Document = {
        "sessions": [session_document(each, zones) for each in sessions],
        "conflicts": conflict_documents(conflicts),
    }
    return document | freed_member(freed)


def changed_course_document(
    course: Course,
    zones: Zones,
    *,
    overridden: Sequence[Finding | Conflict] = (),
    freed: FreedHour | None = None,
) -> Document:
    """Return the course as it now is, what staff passed over, and the hour that came free."""
    return course_document(course, zones) | overridden_document(overridden) | freed_member(freed)


def overridden_document(overridden: Sequence[Finding | Conflict]) -> Document:
    return {"overridden": [each.document() for each in overridden]} if overridden else {}


def postponed_document(postponed: Sequence[Conflict] | None) -> Document:
    """Return what was put off, also if nothing was; nothing at all if it was not wished."""
    return {} if postponed is None else {"postponed": conflict_documents(postponed)}


def freed_member(freed: FreedHour | None) -> Document:
    return {"freed": freed_document(freed)} if freed else {}
