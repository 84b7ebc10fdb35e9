"""What goes wrong: a process that ends at a commit, a provider that limits or goes silent."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from shared.clock import HeldClock
from shared.store.database import Database, Work
from tests.notifier.simulation.clients import REFUSED
from tests.notifier.simulation.evidence import Answer, Handed
from tests.notifier.stage import PretendChannel

T = TypeVar("T")
BEFORE, AFTER = "killed before a commit", "killed after a commit"
TOLD_BEFORE, TOLD_AFTER = "killed before an event's commit", "killed after an event's commit"
UNSENT, SENT_UNKNOWN = "killed before the provider had it", "killed before the answer came"
NO_ANSWER, NO_ANSWER_NO_MAIL, NO_ANSWERS = "answer lost", "mail and answer lost", "two answers lost"
ERROR, LIMITED, LOCKED_OUT, AWAY = "5xx", "429 for minutes", "401 for hours", "away for a day"
CLOCK_BACK, CLOCK_AHEAD = "clock set back", "clock set ahead"
AT_SENDING: Final = (
    *(UNSENT, SENT_UNKNOWN, NO_ANSWER, NO_ANSWER_NO_MAIL, NO_ANSWERS),
    *(ERROR, LIMITED, LOCKED_OUT, AWAY),
)
EVERY_FAULT: Final = frozenset(
    {*AT_SENDING, BEFORE, AFTER, TOLD_BEFORE, TOLD_AFTER, CLOCK_BACK, CLOCK_AHEAD}
)


class Killed(BaseException):
    """The process ends here; nothing of it that would catch an `Exception` goes on."""


class Deals(Protocol):
    """What goes wrong the next time, if anything."""

    def deal(self) -> str | None: ...


@dataclass
class Deck:
    """Deals each of its faults as often as the others, once in about `gap` times."""

    dice: random.Random
    faults: Sequence[str]
    gap: int
    left: list[str] = field(default_factory=list)
    wait: int = 0

    def __post_init__(self) -> None:
        self.wait = self.dice.randint(1, self.gap)

    def deal(self) -> str | None:
        self.wait -= 1
        if self.wait > 0:
            return None
        self.wait = self.dice.randint(1, 2 * self.gap)
        self.left = self.left or self.dice.sample(list(self.faults), len(self.faults))
        return self.left.pop()


class Nothing:
    """Never deals."""

    def deal(self) -> str | None:
        return None


@dataclass
class Trouble:
    """All that may go wrong, and how often each has; `killed` says when each life ended."""

    sending: Deals = field(default_factory=Nothing)
    commits: Deals = field(default_factory=Nothing)
    events: Deals = field(default_factory=Nothing)
    clock: Deals = field(default_factory=Nothing)
    happened: Counter[str] = field(default_factory=Counter)
    killed: dict[int, datetime] = field(default_factory=dict)
    lives: int = 0

    @classmethod
    def dealt(cls, dice: random.Random) -> Trouble:
        return cls(
            sending=Deck(dice, AT_SENDING, 9),
            commits=Deck(dice, (BEFORE, AFTER), 40),
            events=Deck(dice, (TOLD_BEFORE, TOLD_AFTER), 12),
            clock=Deck(dice, (CLOCK_BACK, CLOCK_AHEAD), 120),
        )


@dataclass(slots=True)
class Life:
    """One process from its start to its end: once it has ended, nothing of it happens."""

    number: int
    clock: HeldClock
    trouble: Trouble
    ended: bool = False

    def go_on(self) -> None:
        if self.ended:
            raise Killed

    def end(self, fault: str) -> None:
        self.go_on()
        self.ended = True
        self.trouble.happened[fault] += 1
        self.trouble.killed[self.number] = self.clock.now()
        raise Killed


class FallibleDatabase(Database):
    """A process's way to the database; the process may end right before or after a commit."""

    life: Life

    async def read(self, work: Work[T]) -> T:
        self.life.go_on()
        return await super().read(work)

    async def write(self, work: Work[T], *, news: bool = True) -> T:
        return await self._write(work, self.life.trouble.commits.deal(), news=news)

    async def write_event(self, work: Work[T]) -> T:
        """As `write`, of what the consumer was told."""
        return await self._write(work, self.life.trouble.events.deal())

    async def _write(self, work: Work[T], fault: str | None, *, news: bool = True) -> T:
        life = self.life
        life.go_on()

        async def cut_short(conn: object) -> T:
            result = await work(conn)  # type: ignore[arg-type] # the connection that write gives
            if fault in (BEFORE, TOLD_BEFORE):
                life.end(fault)
            life.go_on()
            return result

        result = await super().write(cut_short, news=news)
        if fault in (AFTER, TOLD_AFTER):
            life.end(fault)
        return result


@dataclass(kw_only=True)
class Provider:
    """A provider without an idempotency key; what it passed on is what readers hold."""

    clock: HeldClock
    dice: random.Random
    trouble: Trouble
    handed: list[Handed] = field(default_factory=list)
    next: str | None = None
    silent: set[UUID] = field(default_factory=set)  # whose next answer is lost too
    until: dict[str, datetime] = field(default_factory=dict)  # how long each trouble lasts

    def take(self, mail: Mail) -> tuple[Outcome | None, bool]:
        """Return the answer, None if the sender ends first, and whether the mail goes on."""
        lasting = self._lasting() or self._begins()
        if lasting is not None:
            return self._not_now(lasting), False
        if mail.to.startswith(REFUSED):
            return Failed("recipient_refused_400", of_address=True), False
        if mail.delivery_id in self.silent:
            self.silent.discard(mail.delivery_id)
            return AnswerLost("no_answer_TimeoutError"), True
        return self._answer(mail.delivery_id)

    def _answer(self, delivery: UUID) -> tuple[Outcome | None, bool]:
        fault, self.next = self.next, None
        if fault is None:
            return Sent(f"id-{len(self.handed)}"), True
        if fault in (UNSENT, SENT_UNKNOWN):
            return None, fault == SENT_UNKNOWN
        self.trouble.happened[fault] += 1
        if fault == ERROR:
            wait = timedelta(seconds=self.dice.randint(1, 900))
            return Retry("sendgrid_503", self.dice.choice((None, wait))), False
        if fault == NO_ANSWERS:
            self.silent.add(delivery)
        return AnswerLost("no_answer_TimeoutError"), fault != NO_ANSWER_NO_MAIL

    def _lasting(self) -> str | None:
        """Return what is the matter right now."""
        now = self.clock.now()
        return next((each for each in _LASTS if self.until.get(each, now) > now), None)

    def _begins(self) -> str | None:
        """Return the trouble that begins right now and lasts, if one does."""
        fault, now = self.trouble.sending.deal(), self.clock.now()
        lasts = _LASTS.get(fault or "")
        if fault is None or lasts is None:
            self.next = fault
            return None
        if fault in self.until and now < self.until[fault] + _APART * lasts:
            return None  # once in a while is enough
        self.until[fault] = now + lasts
        self.trouble.happened[fault] += 1
        return fault

    def _not_now(self, lasting: str) -> Outcome:
        if lasting == AWAY:
            return Retry("unreachable_ClientConnectorError")
        if lasting == LOCKED_OUT:
            return Rest("sendgrid_401", ours_to_mend=True)
        left = self.until[LIMITED] - self.clock.now()
        return Rest("sendgrid_429", self.dice.choice((None, left, left / 2)))


_LASTS: Final = {
    AWAY: timedelta(hours=24),
    LOCKED_OUT: timedelta(hours=5),
    LIMITED: timedelta(minutes=12),
}
_APART: Final = 60
_ANSWERS: Final[dict[type[Outcome] | None, Answer]] = {
    **{Sent: "sent", AnswerLost: "lost", Retry: "retry", Rest: "rest", Failed: "refused"},
    None: "killed",
}


@dataclass(kw_only=True)
class Line(PretendChannel):
    """One process's way to the provider; `known` and `begun` count the events, as for `Handed`."""

    provider: Provider
    life: Life
    known: Callable[[], tuple[int, int]]
    meanwhile: Callable[[Mail], Awaitable[None]]

    async def send(self, mail: Mail) -> Outcome:
        self.life.go_on()
        known, begun = self.known()
        at = self.provider.clock.now()
        await asyncio.sleep(0)  # so that those of one batch are on their way together
        self.life.go_on()
        outcome, arrived = self.provider.take(mail)
        self.provider.handed.append(
            Handed(
                delivery=mail.delivery_id,
                at=at,
                to=mail.to,
                text=mail.text if arrived else "",
                known=known,
                begun=begun,
                life=self.life.number,
                answer=_ANSWERS[None if outcome is None else type(outcome)],
                wait=outcome.after if isinstance(outcome, Retry | Rest) else None,
                arrived=arrived,
            )
        )
        await self.meanwhile(mail)
        if outcome is None:
            self.life.end(SENT_UNKNOWN if arrived else UNSENT)
        assert outcome is not None
        return outcome
