"""How far a course is: what was agreed on, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from services.scheduler.domain.courses import Course
from services.scheduler.domain.sessions import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Sessions of one course; it leaves the scheduler only in its own answers to staff."""

    planned: int
    attended: int
    missed: int
    cancelled: int
    remaining: int


def counts_of(course: Course) -> Counts:
    """Count the sessions; those put in for missed ones make the sum larger than `planned`."""
    found = Counter(session.status for session in course.sessions)
    return Counts(
        planned=course.planned,
        attended=found[Status.ATTENDED],
        missed=found[Status.NO_SHOW],
        cancelled=found[Status.CANCELLED],
        remaining=found[Status.SCHEDULED],
    )
