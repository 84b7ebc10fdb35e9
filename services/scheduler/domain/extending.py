"""More sessions at the end of a course, in its own rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.course_changes import Change, changed
from services.scheduler.domain.courses import Course
from services.scheduler.domain.sessions import LINKS_LAST, Session, Status
from services.scheduler.domain.shifting import agreed_time
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK, slots_every
from shared.zones import zone


def next_slots(course: Course, wanted: int, *, now: datetime) -> tuple[Slot, ...]:
    """Return the next hours of the rhythm after the last that is held, all of them after `now`.

    A session that was moved counts as the date of the rhythm that is nearest to it.
    """
    step = course.every_weeks * WEEK
    held = [each.slot for each in course.sessions if each.status is not Status.CANCELLED]
    place = 0
    if held:
        last = agreed_time(course, max(held))
        place = round((last - datetime.combine(course.first_date, course.at)) / step) + 1
    clock = zone(course.timezone)
    while True:
        first = course.first_date + place * step
        slots = slots_every(course.every_weeks, first, course.at, wanted, clock)
        if slots[0].starts_at > now:
            return slots
        place += 1


def extend(course: Course, slots: Sequence[Slot], ids: Sequence[UUID], *, planned: int) -> Change:
    """Add a session at each of `slots`, and count `planned` more as agreed on."""
    added = [
        Session(
            id=id,
            kind=course.kind,
            course_id=course.id,
            ordinal=1,  # until they are numbered
            clinician_id=course.clinician_id,
            client_ids=course.client_ids,
            slot=slot,
            timezone=course.timezone,
            links_expire_at=slot.ends_at + LINKS_LAST,
        )
        for id, slot in zip(ids, slots, strict=True)
    ]
    change = changed(course, added)
    after = replace(change.after, planned=course.planned + planned)
    return Change(before=course, after=after)


def surplus(course: Course) -> Session | None:
    """Return the last session, if it made up for one that takes place after all.

    It was never changed, and with it there are more than were planned or were missed.
    """
    kept = [each for each in course.sessions if each.status is not Status.CANCELLED]
    missed = sum(each.status is Status.NO_SHOW for each in kept)
    if len(kept) <= course.planned + missed:
        return None
    last = kept[-1]
    return last if last.status is Status.SCHEDULED and last.revision == 1 else None
