"""What must be true of a simulated practice, said without the notifier's own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from services.notifier.store.listing import Shown
from shared.events.data import (
    ClientSaved,
    CourseBooked,
    CourseChanged,
    Session,
    SessionCancelled,
    SessionMoved,
)
from tests.notifier.simulation.happenings import Happening
from tests.notifier.simulation.trouble import FallibleChannel
from tests.notifier.stage import RULES

ENDED: Final = ("sent", "skipped", "failed")
RIGHT_TO_SKIP: Final = ("moved", "cancelled", "opted_out", "superseded", "too_late")


@dataclass
class Known:
    """One session as it was told: by which event and when each state of it began to hold."""

    states: list[tuple[int, datetime, Session]] = field(default_factory=list)

    def after(self, told: int) -> Session:
        """Return the session as it was after so many events."""
        return [session for number, _, session in self.states if number < told][-1]

    @property
    def now(self) -> Session:
        return self.states[-1][2]

    @property
    def set_at(self) -> datetime:
        """When the present time was told first."""
        return min(at for _, at, each in self.states if each.starts_at == self.now.starts_at)


@dataclass
class Truth:
    """What was told, by itself: each session's states, and who opted out when."""

    sessions: dict[UUID, Known] = field(default_factory=dict)
    opted_out: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Sequence[Happening]) -> Truth:
        truth = cls()
        for number, each in enumerate(told):
            match each.fact:
                case CourseBooked(sessions=sessions) | CourseChanged(sessions=sessions):
                    for session in sessions:
                        truth._learn(number, each.at, session)
                case SessionMoved(session=session) | SessionCancelled(session=session):
                    truth._learn(number, each.at, session)
                case ClientSaved(client_id=client, mail=mail) if mail.opted_out:
                    truth.opted_out[client] = number
        return truth

    def _learn(self, number: int, at: datetime, session: Session) -> None:
        known = self.sessions.setdefault(session.session_id, Known())
        if not known.states or known.now.revision < session.revision:
            known.states.append((number, at, session))


def broken(
    told: Sequence[Happening], planned: Sequence[Shown], channel: FallibleChannel
) -> list[str]:
    """Return every promise that was broken, in words."""
    truth = Truth.of(told)
    rows = {each.id: each for each in planned}
    return [
        *_unfinished(planned),
        *_wrongly_skipped(planned, truth),
        *_lost(planned, truth),
        *_after_a_cancel(rows, truth, channel),
        *_duplicates(rows, channel),
    ]


def _unfinished(planned: Sequence[Shown]) -> list[str]:
    return [f"{each.id} is still {each.state}" for each in planned if each.state not in ENDED]


def _wrongly_skipped(planned: Sequence[Shown], truth: Truth) -> list[str]:
    found = []
    for each in planned:
        if each.kind != "reminder" or each.state != "skipped":
            continue
        if each.reason not in RIGHT_TO_SKIP:
            found.append(f"{each.id} was skipped as {each.reason}")
        if each.reason == "opted_out" and each.person_id not in truth.opted_out:
            found.append(f"{each.id} was skipped, and nobody had opted out")
    return found


def _lost(planned: Sequence[Shown], truth: Truth) -> list[str]:
    """Every time that held long enough has its reminders: sent, or rightly skipped or failed."""
    have = Counter((each.session_id, each.due_at) for each in planned if each.kind == "reminder")
    found = []
    for id, known in truth.sessions.items():
        session = known.now
        if session.status != "scheduled":
            continue
        for offset in RULES.offsets:
            due = session.starts_at - offset
            if due > known.set_at and not have[id, due]:
                found.append(f"{id} has no reminder {offset} before {session.starts_at}")
    return found


def _after_a_cancel(rows: dict[UUID, Shown], truth: Truth, channel: FallibleChannel) -> list[str]:
    found = []
    for mail in channel.arrived:
        row = rows[mail.delivery]
        if row.kind != "reminder" or row.session_id is None:
            continue
        session = truth.sessions[row.session_id].after(mail.told)
        if session.status != "scheduled" or mail.at >= session.starts_at:
            found.append(f"{mail.delivery} reminded of what does not take place, or is over")
        if row.due_at not in {session.starts_at - offset for offset in RULES.offsets}:
            found.append(f"{mail.delivery} reminded of a time that had been left")
        if truth.opted_out.get(row.person_id, mail.told) < mail.told:
            found.append(f"{mail.delivery} reminded someone who had opted out")
    return found


def _duplicates(rows: dict[UUID, Shown], channel: FallibleChannel) -> list[str]:
    """A second copy is marked, and comes only after a silence or a process that was killed."""
    found = []
    lives: dict[UUID, list[int]] = {}
    for each in channel.arrived:
        lives.setdefault(each.delivery, []).append(each.life)
    for delivery, copies in lives.items():
        if len(copies) == 1:
            continue
        lost = channel.silences[delivery] or len(set(copies)) == len(copies)
        if len(copies) > 2 or not lost:
            found.append(f"{delivery} arrived {len(copies)} times")
        if not rows[delivery].answer_lost:
            found.append(f"{delivery} arrived twice and is not marked")
    return found
