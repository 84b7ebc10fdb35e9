"""What happens in a practice over sixteen weeks, from one seed: each with its time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from shared.events.data import ClinicianMail, ClinicianSaved, PracticeSaved, QuietHours
from tests.cast import DANA_ID, NEW_YORK
from tests.notifier.diary import DAY, HOUR, WEEK
from tests.notifier.simulation.courses import Course
from tests.notifier.simulation.happenings import Happening, Staff

BOOKING_WEEKS: Final = 3


def of_the_practice(begins: datetime) -> Iterator[Happening]:
    """What is settled for all: by the practice, and by the clinician for their clients."""
    settled = PracticeSaved(revision=1, staff_address="desk@practice.example", follow_up_weeks=2)
    dana = ClinicianSaved(
        clinician_id=DANA_ID,
        revision=1,
        name="Canary Reyes",
        email="dana@clinicians.example",
        timezone=NEW_YORK,
        link_generation=0,
        mail=ClinicianMail(news=True),
    )
    yield Happening(at=begins - 8 * DAY, name="practice settled", fact=settled)
    yield Happening(at=begins - 8 * DAY, name="clinician entered", fact=dana)
    for week, number, changed in (
        (5, 2, {"reminder_minutes": (1440, 60, 15)}),
        (9, 3, {"quiet_hours": QuietHours(begin="22:00", end="07:00"), "reminder_minutes": None}),
        (14, 4, {"quiet_hours": None}),
    ):
        settled = settled.model_copy(update={"revision": number, **changed})
        yield Happening(
            at=begins + week * WEEK + 11 * HOUR,
            name="practice settled anew",
            fact=settled,
        )
    for week, number, minutes in ((7, 2, (1500, 90)), (8, 3, None)):
        mail = ClinicianMail(news=True, reminder_minutes=minutes)
        fact = dana.model_copy(update={"revision": number, "mail": mail})
        yield Happening(
            at=begins + week * WEEK + 9 * HOUR,
            name="clinician settled anew",
            fact=fact,
        )


def pauses(first: datetime) -> Iterator[Happening]:
    """Staff stop all sending over a reminder, and once for longer than one is of use."""
    for week, before, length in ((2, 25 * HOUR, 4 * HOUR), (6, 2 * HOUR, 4 * HOUR)):
        at = first + week * WEEK - before
        yield Happening(at=at, name=Staff.PAUSE.value, fact=Staff.PAUSE)
        yield Happening(at=at + length, name=Staff.RESUME.value, fact=Staff.RESUME)


def story_of(courses: int, seed: int, begins: datetime) -> list[Happening]:
    """Return all that happens to so many courses, earliest first."""
    dice = random.Random(seed)
    found = list(of_the_practice(begins))
    for number in range(courses):
        first = begins + timedelta(hours=dice.randint(0, BOOKING_WEEKS * 7 * 24))
        if number == 0:
            found += pauses(first)
        found += Course(number, random.Random(dice.random()), first).story()
    return sorted(found, key=lambda each: each.at)
