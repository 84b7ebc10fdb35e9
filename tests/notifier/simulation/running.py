"""Let sixteen weeks pass: tell what happens, sweep what is due, and start again when killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.consumer import applying
from services.notifier.domain.mail import Mail
from services.notifier.store import claims, rests
from services.notifier.use_cases import steering
from services.notifier.use_cases.sweeping import sweep_once
from shared.clock import HeldClock
from shared.eventlog.positions import move_position, position_of
from shared.events.data import EventData
from shared.events.envelope import Event, tell
from shared.store.database import Database
from shared.store.engine import database_url, open_engine
from tests.conftest import NOW
from tests.notifier.diary import DAY, MINUTE, WEEK
from tests.notifier.simulation.evidence import Evidence, Told, heard_of, rows_of
from tests.notifier.simulation.happenings import Happening, Staff
from tests.notifier.simulation.story import story_of
from tests.notifier.simulation.trouble import (
    CLOCK_AHEAD,
    CLOCK_BACK,
    FallibleDatabase,
    Killed,
    Life,
    Line,
    Provider,
    Trouble,
)
from tests.notifier.stage import RULES, Stage

SOURCE: Final = "scheduler"
AFTERWARDS: Final = 6 * WEEK
CLOCK_STEPS: Final = {CLOCK_BACK: timedelta(seconds=-90), CLOCK_AHEAD: timedelta(seconds=90)}
SHORT_STEP: Final = timedelta(seconds=0.1)
PAUSED_STEP: Final = 20 * MINUTE  # nothing is to happen in a pause, so few looks at it do


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What happened, what went wrong, each so many times, and what is left to judge it by."""

    happened: Counter[str]
    faults: Counter[str]
    evidence: Evidence


@dataclass
class Process:
    """One notifier that is killed and started again, over one database that stays."""

    database: FallibleDatabase
    stage: Stage


class Simulation:
    """Two sweeps over one database: of two processes where it can have several, else of one."""

    def __init__(
        self,
        url: str,
        story: Sequence[Happening],
        trouble: Trouble,
        *,
        seed: int = 1,
    ) -> None:
        self.dice, self.trouble = random.Random(seed), trouble
        self.story = story
        self.clock = HeldClock(story[0].at)
        self.provider = Provider(clock=self.clock, dice=self.dice, trouble=trouble)
        self.watch = Database.at(url)
        self.happened: Counter[str] = Counter()
        self.told: list[Told] = []
        self.telling: tuple[Happening, Event] | None = None
        self.waiting: list[Happening] = []
        self.pauses: list[tuple[datetime, datetime]] = []
        self.paused_at: datetime | None = None
        processes = 2 if self.watch.is_postgres else 1
        self.processes = [self._process(url) for _ in range(processes)]

    async def run(self) -> Report:
        for each in self.story:
            await self._sweep_until(each.at)
            await self._let_happen(each)
        await self._sweep_until(self.story[-1].at + AFTERWARDS)
        evidence = Evidence(
            told=tuple(self.told),
            rows=await self.watch.read(rows_of),
            handed=tuple(self.provider.handed),
            heard=await self.watch.read(heard_of),
            pauses=tuple(self.pauses),
            killed=self.trouble.killed,
        )
        for database in (self.watch, *(process.database for process in self.processes)):
            await database.close()
        return Report(happened=self.happened, faults=self.trouble.happened, evidence=evidence)

    async def _let_happen(self, each: Happening) -> None:
        if each.during is not None:
            self.waiting.append(each)
        elif isinstance(each.fact, Staff):
            await self._steer(each.fact)
            self.happened[each.name] += 1
        else:
            await self._tell(each, each.fact)

    async def _steer(self, what: Staff) -> None:
        """Staff try again until they are answered."""
        now = self.clock.now()
        if what is Staff.PAUSE:
            pause = partial(steering.pause, now=now, by="staff", reason="")
            await self._until_done(lambda process: process.database.write(pause))
            self.paused_at = now
        else:
            await self._until_done(lambda process: process.database.write(steering.resume))
            self.pauses.append((self.paused_at or now, now))
            self.paused_at = None

    async def _tell(self, each: Happening, fact: EventData) -> None:
        """Append it to the log, and let a consumer apply it, however often that is killed."""
        event = tell(fact, source=SOURCE, at=self.clock.now())
        id = UUID(int=self.dice.getrandbits(128), version=4)
        self.telling = each, event.model_copy(update={"id": id})
        await self._until_done(self._apply)

    async def _apply(self, process: Process) -> None:
        """Apply what is next in the log, as the consumer does: its position says if it was."""
        if self.telling is None:
            return
        each, event = self.telling
        start = len(self.told)
        if await self.watch.read(lambda conn: position_of(conn, SOURCE)) == start:

            async def work(conn: AsyncConnection) -> None:
                await move_position(conn, SOURCE, start=start, end=start + 1)
                await applying(RULES)(conn, event)

            await process.database.write_event(work)
        self.telling = None
        self.told.append(Told(at=event.time, fact=event.data))
        self.happened[each.name] += 1

    async def _meanwhile(self, mail: Mail) -> None:
        """Tell what waits for this mail to be on its way."""
        for each in [each for each in self.waiting if each.during == mail.to]:
            self.waiting.remove(each)
            if self.telling is None and not isinstance(each.fact, Staff):
                event = tell(each.fact, source=SOURCE, at=self.clock.now())
                self.telling = each, event
                process = self.dice.choice(self.processes)
                await self._apply(process)
                await sweep_once(process.stage.sweep)  # another one, while this mail is on its way

    def _known(self) -> tuple[int, int]:
        """Return how many events have been applied for certain, and how many at most."""
        return len(self.told), len(self.told) + (self.telling is not None)

    async def _until_done(self, work: Callable[[Process], Awaitable[object]]) -> None:
        while True:
            try:
                await work(self.dice.choice(self.processes))
            except Killed:
                self._start_again()
            else:
                return

    async def _sweep_until(self, moment: datetime) -> None:
        """Let the clock run from one due time to the next, and stop at `moment`."""
        while True:
            self._set_clock()
            due, now = await self.watch.read(claims.next_look), self.clock.now()
            if due is None or due > moment:
                break
            self.clock.moment = max(due, now)
            if await self._sweep():
                continue
            self.clock.moment = await self._may_be_sent(self.clock.now())
            if self.clock.now() > moment:  # nothing can be sent before it, whatever is due
                self.clock.moment = max(due, now)
                break
        self.clock.moment = max(moment, self.clock.now())

    async def _may_be_sent(self, now: datetime) -> datetime:
        """Return when to look again at what is due and cannot be sent now."""
        if self.paused_at is not None:
            return now + PAUSED_STEP
        rest = await self.watch.read(lambda conn: rests.resting_until(conn, "pretend", now))
        return rest or now + SHORT_STEP

    def _set_clock(self) -> None:
        fault = self.trouble.clock.deal()
        if fault is not None:
            self.clock.advance(CLOCK_STEPS[fault])
            self.trouble.happened[fault] += 1

    async def _sweep(self) -> bool:
        """Let two sweeps run side by side; return whether anything came of it."""
        sweeps = [each.stage.sweep for each in self.processes]
        both = (sweeps * 2)[: self.dice.randint(1, 2)]
        results = await asyncio.gather(*map(sweep_once, both), return_exceptions=True)
        for each in results:
            if isinstance(each, BaseException) and not isinstance(each, Killed):
                raise each
        self._start_again()
        if self.telling is not None:  # killed while it was told, and a mail was on its way
            await self._until_done(self._apply)
        return any(results)

    def _start_again(self) -> None:
        """Start each process that has ended: nothing is remembered but the database."""
        for each in self.processes:
            if each.database.life.ended:
                each.stage = self._started(each.database)

    def _process(self, url: str) -> Process:
        database = FallibleDatabase(open_engine(database_url(url)))
        return Process(database=database, stage=self._started(database))

    def _started(self, database: FallibleDatabase) -> Stage:
        self.trouble.lives += 1
        database.life = Life(self.trouble.lives, self.clock, self.trouble)
        line = Line(
            provider=self.provider,
            life=database.life,
            known=self._known,
            meanwhile=self._meanwhile,
        )
        return Stage(database, self.clock, line)


def practice(url: str, courses: int, seed: int) -> Simulation:
    """Return a practice with so many courses, over a database that has the tables."""
    story = story_of(courses, seed, NOW + 9 * DAY)
    trouble = Trouble.dealt(random.Random(seed))
    return Simulation(url, story, trouble, seed=seed)
