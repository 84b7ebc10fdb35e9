"""The notifier without its web side: tell it events, let the clock run, see what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.consumer import apply_calendar, applying
from services.notifier.domain.links import Links
from services.notifier.domain.mail import Mail
from services.notifier.domain.names import Letterhead
from services.notifier.domain.outcomes import Outcome, Sent
from services.notifier.store.listing import Shown
from services.notifier.store.tables import reminders
from services.notifier.use_cases.counting import Counts
from services.notifier.use_cases.reminding import Rules
from services.notifier.use_cases.sweeping import Sweep, sweep_once
from shared.clock import HeldClock
from shared.eventlog.consumer import Apply
from shared.eventlog.log import read_after
from shared.eventlog.progress import Progress
from shared.events.data import EventData, FeedChangeUnseen, Session
from shared.events.envelope import Event, tell
from shared.store.database import Database
from tests.shared.diary import SECRET

LINKS: Final = Links(public_url="https://hour.example", secret=SECRET)
LETTERHEAD: Final = Letterhead(address="appointments@hour.example")
RULES: Final = Rules(offsets=(timedelta(hours=24), timedelta(hours=1)), grace=timedelta(minutes=3))

Before = Callable[[Mail], Awaitable[None]]


@dataclass
class PretendChannel:
    """A channel in memory: it answers as told, `Sent` when nothing was told."""

    name: str = "pretend"
    repeatable: bool = False
    at_once: int = 100
    sending: int = 0
    most_at_once: int = 0
    answers: list[Outcome | BaseException] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)
    before: Before | None = None

    async def send(self, mail: Mail) -> Outcome:
        self.sending += 1
        self.most_at_once = max(self.most_at_once, self.sending)
        try:
            return await self._send(mail)
        finally:
            self.sending -= 1

    async def _send(self, mail: Mail) -> Outcome:
        await asyncio.sleep(0)  # so that those of one batch are on their way together
        if self.before is not None:
            await self.before(mail)
        self.sent.append(mail)
        answer = self.answers.pop(0) if self.answers else Sent(f"id-{len(self.sent)}")
        if isinstance(answer, BaseException):
            raise answer
        return answer


async def _swapped(apply: Apply, event: Event, conn: AsyncConnection) -> None:
    await apply(conn, event)


class Killed(Exception):
    """The process ends here: nothing after the sending is written."""


class Stage:
    """One notifier over a real database; `replica` is another over the same one."""

    def __init__(
        self,
        database: Database,
        clock: HeldClock,
        channel: PretendChannel | None = None,
        letterhead: Letterhead | None = None,
    ) -> None:
        self.database, self.clock = database, clock
        self.channel = channel or PretendChannel()
        self.registry = CollectorRegistry()
        self.progress = Progress(away_since=None, caught_up=True)
        self.told: list[Event] = []
        self.sweep = Sweep(
            database=database,
            clock=clock,
            progress=self.progress,
            channel=self.channel,
            links=LINKS,
            letterhead=letterhead or LETTERHEAD,
            counts=Counts(self.registry),
            chance=lambda: 0.5,
        )

    def replica(self, channel: PretendChannel | None = None) -> Stage:
        return Stage(self.database, self.clock, channel or self.channel)

    async def tell(self, *facts: EventData) -> None:
        """Apply what the scheduler tells now, each event in its own transaction."""
        events = [tell(fact, source="scheduler", at=self.clock.now()) for fact in facts]
        self.told += events
        await self.apply(events)

    async def apply(self, events: list[Event], rules: Rules = RULES) -> None:
        for event in events:
            await self.database.write(partial(_swapped, applying(rules), event))

    async def tell_unseen(self, held: Session, *, revision: int) -> Event:
        """Apply that the clinician's calendar may show this revision of a session too late."""
        now = self.clock.now()
        told = FeedChangeUnseen(
            clinician_id=held.clinician_id,
            session_id=held.session_id,
            revision=revision,
            seen_at=now - timedelta(hours=1),
            next_at=now + timedelta(days=1),
        )
        event = tell(told, source="calendar_feed", at=now)
        await self.hear_from_calendars(event)
        return event

    async def hear_from_calendars(self, event: Event) -> None:
        await self.database.write(partial(_swapped, apply_calendar, event))

    async def sweep_all(self) -> None:
        """Sweep until nothing is due."""
        while await sweep_once(self.sweep):
            pass

    async def pass_time(self, step: timedelta) -> list[Mail]:
        """Let the clock run on, sweep, and return what was sent at that."""
        self.clock.advance(step)
        return await self.sent_now()

    async def sent_now(self) -> list[Mail]:
        before = len(self.channel.sent)
        await self.sweep_all()
        return self.channel.sent[before:]

    async def sent_after_grace(self) -> list[Mail]:
        return await self.pass_time(RULES.grace)

    async def plan(self, kind: str | None = None) -> list[Shown]:
        """Return every planned mail, first due first."""
        columns = [reminders.c[name] for name in Shown.__dataclass_fields__]

        async def read(conn: AsyncConnection) -> list[Shown]:
            rows = await conn.execute(
                sa.select(*columns).order_by(reminders.c.due_at, reminders.c.id)
            )
            return [Shown(**row) for row in rows.mappings().all()]

        return [each for each in await self.database.read(read) if kind in (None, each.kind)]

    async def states(self, kind: str | None = None) -> list[tuple[str, str | None]]:
        """Return the state and the reason of every planned mail, first due first."""
        return [(each.state, each.reason) for each in await self.plan(kind)]

    async def forget_what_was_told(self) -> None:
        """Empty the projections, as for a replay from the first event; deliveries stay."""

        async def forget(conn: AsyncConnection) -> None:
            for table in ("people", "sessions", "participants", "offers", "practice"):
                await conn.execute(sa.text(f"DELETE FROM {table}"))

        await self.database.write(forget)

    async def events(self, of: type[EventData]) -> list[dict[str, object]]:
        """Return what the notifier's own log tells of this kind, oldest first."""
        told = await self.database.read(lambda conn: read_after(conn, 0, 1000))
        return [each["data"] for each in told if each["type"] == of.type]

    def metrics(self) -> str:
        return generate_latest(self.registry).decode()
