"""What goes wrong: a process that ends at a commit, a provider that limits or goes silent."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Outcome, Retry, Sent
from shared.clock import HeldClock
from shared.store.database import Database, Work
from tests.notifier.stage import Killed, PretendChannel

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One mail that reached its reader: which delivery, when, after how many events and kills."""

    delivery: UUID
    at: datetime
    told: int
    life: int


class KilledAfter(Killed):
    """The process ends here, and what it wrote has been committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """How often each thing goes wrong, of one."""

    killed: float = 0.004
    limited: float = 0.01
    silent: float = 0.005


class FallibleDatabase(Database):
    """A real database; now and then the process ends right before or right after a commit."""

    odds = Odds()
    dice = random.Random(0)
    armed = False

    async def write(self, work: Work[T]) -> T:
        before = self.armed and self.dice.random() < self.odds.killed

        async def cut_short(conn: object) -> T:
            result = await work(conn)  # type: ignore[arg-type] # the connection that write gives
            if before:
                raise Killed
            return result

        result = await super().write(cut_short)
        if self.armed and self.dice.random() < self.odds.killed:
            raise KilledAfter
        return result


@dataclass(kw_only=True)
class FallibleChannel(PretendChannel):
    """A provider without an idempotency key; what `arrived` is what readers hold."""

    clock: HeldClock
    dice: random.Random
    odds: Odds
    away: tuple[datetime, datetime] | None = None
    told: int = 0
    life: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    silences: Counter[UUID] = field(default_factory=Counter)

    async def send(self, mail: Mail) -> Outcome:
        now = self.clock.now()
        if self.away is not None and self.away[0] <= now < self.away[1]:
            return Retry("unreachable_ClientConnectorError")
        if self.dice.random() < self.odds.limited:
            return Retry("sendgrid_429", timedelta(seconds=self.dice.randint(1, 900)))
        if self.dice.random() < self.odds.silent:
            self.silences[mail.delivery_id] += 1
            if self.dice.random() < 0.5:
                self._deliver(mail, now)
            return AnswerLost("no_answer_TimeoutError")
        if self.dice.random() < self.odds.killed:
            raise Killed
        self._deliver(mail, now)
        if self.dice.random() < self.odds.killed:
            self.silences[mail.delivery_id] += 1
            raise Killed  # it has arrived, and nobody wrote that down
        return Sent(f"id-{len(self.arrived)}")

    def _deliver(self, mail: Mail, now: datetime) -> None:
        self.arrived.append(
            Arrived(delivery=mail.delivery_id, at=now, told=self.told, life=self.life)
        )
