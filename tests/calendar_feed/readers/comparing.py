"""Many diaries through the real consumer, their feeds through every engine, and the differences."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from prometheus_client import CollectorRegistry

from services.calendar_feed.consumer import apply
from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.keeping import open_feed
from services.calendar_feed.use_cases.moving import move_window_once
from services.calendar_feed.use_cases.rendering import Origin
from services.calendar_feed.use_cases.serving import Feeds
from shared.clock import HeldClock
from shared.events.envelope import tell
from shared.store.database import Database
from tests.calendar_feed.diary import PUBLIC_URL
from tests.calendar_feed.readers.engines import Hours, zones_known_otherwise
from tests.calendar_feed.readers.programs import AT_MOST, EVERY
from tests.calendar_feed.readers.schedules import ZONES, Schedule
from tests.conftest import NOW
from tests.shared.diary import SECRET

BACK, AHEAD = timedelta(days=30), timedelta(days=271)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One feed as it was served, and the hours that it is to show."""

    file: Path
    form: Form
    timezone: str
    all_hours: Hours
    window: tuple[float, float]

    def differs(self, found: Hours) -> bool:
        """Whether an engine found other hours in the window, or any that no session has."""
        return _within(found, self.window) != _within(self.all_hours, self.window) or bool(
            found - self.all_hours
        )


async def write_all(
    database: Database, count: int, forms: Sequence[Form], folder: Path
) -> AsyncIterator[Written]:
    """Tell `count` diaries, and write the feed of each in each form into `folder`."""
    await move_window_once(database, NOW)
    origin = Origin(
        database=database,
        counts=Counts(CollectorRegistry()),
        public_url=PUBLIC_URL,
        secret=SECRET,
    )
    feeds = Feeds(origin, HeldClock(NOW))
    for seed in range(count):
        schedule = Schedule(seed=seed, now=NOW)
        for fact in schedule.told():
            event = tell(fact, source="scheduler", at=NOW)
            await database.write(partial(apply, event=event))
        for form in forms:
            body = await _served(database, feeds, schedule, form)
            file = folder / f"{seed}-{form}.ics"
            file.write_bytes(body)
            yield Written(
                file=file,
                form=form,
                timezone=schedule.timezone,
                all_hours=hours_of(schedule),
                window=_window(NOW),
            )


async def _served(database: Database, feeds: Feeds, schedule: Schedule, form: Form) -> bytes:
    feed = Feed(
        id=uuid4(),
        clinician_id=schedule.clinician_id,
        name="Appointments",
        detail=Detail.BUSY,
        form=form,
        created_at=NOW,
    )
    opened = await database.write(lambda conn: open_feed(conn, feed))
    return (await feeds.serve(opened.token)).body.plain.body


def hours_of(schedule: Schedule) -> Hours:
    """Return what the scheduler's API answers of the diary: each session once, as it stands."""
    return Counter(
        (
            int(each.starts_at.timestamp()),
            int(each.ends_at.timestamp()),
            "CANCELLED" if each.status == "cancelled" else "CONFIRMED",
        )
        for each in schedule.sessions.values()
    )


def differences(written: Sequence[Written], name: str) -> Mapping[Form, tuple[int, int]]:
    """Return in how many feeds of each form the engine found other hours, and of how many."""
    fair = [each for each in written if not _is_beyond(each, name)]
    fair = fair[: AT_MOST.get(name)]
    found = EVERY[name]([each.file for each in fair])
    wrong = Counter(each.form for each in fair if each.differs(found[each.file]))
    count = Counter(each.form for each in fair)
    return {form: (wrong[form], count[form]) for form in count}


def _is_beyond(written: Written, name: str) -> bool:
    """Whether the engine reads this zone by rules of its own."""
    by_name = name == "node-ical" and written.form is Form.SERIES
    return by_name and written.timezone in _known_otherwise()


@functools.cache
def _known_otherwise() -> set[str]:
    months = [NOW + number * timedelta(days=15) for number in range(-12, 36)]
    return zones_known_otherwise(ZONES, months)


def _window(now: datetime) -> tuple[float, float]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - BACK).timestamp(), (midnight + AHEAD).timestamp()


def _within(hours: Hours, window: tuple[float, float]) -> Hours:
    begins, ends = window
    return Counter({each: n for each, n in hours.items() if begins <= each[0] < ends})
