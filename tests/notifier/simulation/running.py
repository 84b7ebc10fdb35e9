"""Let sixteen weeks pass: tell what happens, sweep what is due, and start again when killed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from services.notifier.store import MIGRATIONS, claims
from services.notifier.use_cases.sweeping import seconds_until_due, sweep_once
from shared.clock import HeldClock
from shared.events.envelope import tell
from shared.store.engine import database_url, open_engine
from shared.store.migrations import upgrade
from tests.conftest import NOW
from tests.notifier.simulation.happenings import WEEKS, Happening, happenings
from tests.notifier.simulation.promises import broken
from tests.notifier.simulation.trouble import FallibleChannel, FallibleDatabase, KilledAfter, Odds
from tests.notifier.stage import Killed, Stage

DAY: Final = timedelta(days=1)
CLOCK_STEP: Final = timedelta(seconds=90)
CLOCK_STEPS: Final = 0.001  # how often the clock is set, of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many happened, and each promise that was broken."""

    planned: int
    arrived: int
    killed: int
    lost_answers: int
    broken: list[str]


class Simulation:
    """One notifier that is killed and started again, over one database that stays."""

    def __init__(self, url: str, courses: int, seed: int) -> None:
        self.clock = HeldClock(NOW)
        self.dice = random.Random(seed)
        self.database = FallibleDatabase(open_engine(database_url(url)))
        self.database.dice, self.database.odds = self.dice, Odds()
        outage = NOW + 40 * DAY
        self.channel = FallibleChannel(
            clock=self.clock, dice=self.dice, odds=Odds(), away=(outage, outage + DAY)
        )
        self.happenings = happenings(courses, seed, NOW + 9 * DAY)
        self.stage = self._started()

    async def run(self) -> Report:
        await upgrade(self.database, MIGRATIONS)
        self.database.armed = True
        told = [await self._tell(each) for each in self.happenings]
        await self._sweep_until(NOW + (WEEKS + 8) * 7 * DAY)
        self.database.armed = False
        planned = await self.stage.plan()
        await self.database.close()
        return Report(
            planned=len(planned),
            arrived=len(self.channel.arrived),
            killed=self.channel.life,
            lost_answers=sum(self.channel.silences.values()),
            broken=broken(told, planned, self.channel),
        )

    async def _tell(self, each: Happening) -> Happening:
        """Tell it once, as a consumer does whose position commits with the effect."""
        await self._sweep_until(each.at)
        now = self.clock.now()
        event = tell(each.fact, source="scheduler", at=now)
        while True:
            try:
                await self.stage.apply([event])
            except KilledAfter:
                self._start_again()
            except Killed:
                self._start_again()
                continue
            self.channel.told += 1
            return replace(each, at=now)

    async def _sweep_until(self, moment: datetime) -> None:
        while True:
            if self.dice.random() < CLOCK_STEPS:
                self.clock.advance(self.dice.choice((-CLOCK_STEP, CLOCK_STEP)))
            try:
                if not await self._sweep(moment):
                    return
            except Killed:
                self._start_again()

    async def _sweep(self, moment: datetime) -> bool:
        """Sweep what is due, or let time pass to what comes next; False once it is `moment`."""
        sweep, now = self.stage.sweep, self.clock.now()
        due = await self.database.read(claims.next_look)
        if due is None or due > moment:
            self.clock.moment = max(moment, now)
            return False
        self.clock.moment = max(due, now)
        if not await sweep_once(sweep):
            self.clock.advance(timedelta(seconds=max(await seconds_until_due(sweep), 0.1)))
        return True

    def _start_again(self) -> None:
        self.channel.life += 1
        self.stage = self._started()

    def _started(self) -> Stage:
        """Return the notifier as it is after a start: nothing is remembered but the database."""
        return Stage(self.database, self.clock, self.channel)
