"""What may happen to a course of Dana's: each returns how its sessions then stand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from shared.events.data import CourseChanged, Session
from tests.calendar_feed.diary import COURSE_ID, HOUR, WEEKS, session, tuesday
from tests.cast import DANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID

WEEK: Final = timedelta(weeks=1)


@dataclass
class Story:
    """A course as it now stands, grown from a seed."""

    seed: int
    chance: random.Random = field(init=False)
    sessions: list[Session] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.sessions = [session(number) for number in range(WEEKS)]

    def happens(self) -> CourseChanged:
        """Let something happen, and return what the scheduler tells of it."""
        changed = self.chance.choice(HAPPENINGS)(self) or _moved(self)
        for each in changed:
            if each in self.sessions:
                continue
            number = [known.session_id for known in self.sessions].index(each.session_id)
            self.sessions[number] = each
        return CourseChanged(
            course_id=COURSE_ID,
            clinician_id=DANA_ID,
            client_ids=(KIM_ID,),
            timezone=NEW_YORK,
            sessions=tuple(changed),
        )

    def some(self) -> list[Session]:
        """One session, or all that follow one."""
        number = self.chance.randrange(len(self.sessions))
        return self.sessions[number : self.chance.choice((number + 1, None))]


def _with(each: Session, **changes: Any) -> Session:
    return each.model_copy(update={**changes, "revision": each.revision + 1})


def _later(each: Session, by: timedelta) -> Session:
    return _with(each, starts_at=each.starts_at + by, ends_at=each.ends_at + by)


def _moved(story: Story) -> list[Session]:
    by = story.chance.choice((-2, -1, 1, 26, 200)) * HOUR
    return [_later(each, by) for each in story.some()]


def _paused(story: Story) -> list[Session]:
    return [_later(each, story.chance.choice((1, 2)) * WEEK) for each in story.some()]


def _cancelled(story: Story) -> list[Session]:
    return [_with(each, status="cancelled") for each in story.some()]


def _taken_up_again(story: Story) -> list[Session]:
    return [
        _with(each, status="scheduled") for each in story.sessions if each.status == "cancelled"
    ]


def _handed_over(story: Story) -> list[Session]:
    return [
        _with(each, clinician_id=ORTIZ_ID) for each in story.some() if each.clinician_id == DANA_ID
    ]


def _handed_back(story: Story) -> list[Session]:
    return [
        _with(each, clinician_id=DANA_ID) for each in story.sessions if each.clinician_id != DANA_ID
    ]


def _extended(story: Story) -> list[Session]:
    number = len(story.sessions)
    story.sessions.append(session(number, starts_at=tuesday(number)))
    return [story.sessions[-1]]


def _longer(story: Story) -> list[Session]:
    return [_with(each, ends_at=each.ends_at + HOUR / 2) for each in story.some()]


HAPPENINGS: Final[tuple[Callable[[Story], list[Session]], ...]] = (
    _moved,
    _moved,
    _paused,
    _cancelled,
    _taken_up_again,
    _handed_over,
    _handed_over,
    _handed_back,
    _extended,
    _longer,
)
