"""What was told, by itself: every session, person and rule as it was at any time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from uuid import UUID

from shared.events.data import (
    ClientSaved,
    ClinicianSaved,
    CourseBooked,
    CourseChanged,
    CourseEnded,
    EventData,
    MailWishes,
    PracticeSaved,
    QuietHours,
    Session,
    SessionTold,
)
from tests.notifier.simulation.evidence import NOTICES, Told

T = TypeVar("T")
# What happens this close to another thing may come before or after it: clocks are set.
MARGIN: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """What holds from the event of that number on."""

    number: int
    at: datetime
    what: T


@dataclass(slots=True)
class History(Generic[T]):
    """One thing as it was told again and again."""

    entries: list[Entry[T]] = field(default_factory=list)

    def after(self, count: int) -> T | None:
        """Return it as it was after so many events."""
        place = bisect_left(self.entries, count, key=lambda each: each.number)
        return self.entries[place - 1].what if place else None

    def around(self, moment: datetime) -> Iterator[T]:
        """Yield it as it was then, or may have been."""
        for place, each in enumerate(self.entries):
            ends = self.entries[place + 1].at if place + 1 < len(self.entries) else None
            if each.at - MARGIN <= moment and (ends is None or moment <= ends + MARGIN):
                yield each.what


@dataclass(frozen=True, slots=True)
class Held:
    """A session as told, and the revision that set its present time."""

    session: Session
    set_by: int

    @property
    def stands(self) -> bool:
        return self.session.status == "scheduled"

    def hour(self, client: UUID) -> datetime | None:
        """Return when `client` is expected at it, None if they are not."""
        off = self.session.status == "cancelled" or client not in self.session.client_ids
        return None if off else self.session.starts_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A client, or a guardian who hears as far as `level` goes."""

    id: UUID
    client_id: UUID
    email: str
    timezone: str
    locale: str
    level: str
    mail: MailWishes

    def hears(self, kind: str) -> bool:
        """Whether a mail of this kind may go to them."""
        if kind in self.mail.opted_out:
            return False
        if self.level in ("times", "copies"):
            return kind in NOTICES or (kind == "reminder" and self.level == "copies")
        return self.level == "client"


def readers_in(saved: ClientSaved) -> list[Reader]:
    """Return the client, and each guardian, as this event has them."""
    client = Reader(
        id=saved.client_id,
        client_id=saved.client_id,
        email=saved.email,
        timezone=saved.timezone,
        locale=saved.locale,
        level="client",
        mail=saved.mail,
    )
    guardians = [
        Reader(
            id=each.guardian_id,
            client_id=saved.client_id,
            email=each.email,
            timezone=each.timezone or saved.timezone,
            locale=each.locale or saved.locale,
            level=each.notices,
            mail=each.mail,
        )
        for each in saved.guardians
    ]
    return [client, *guardians]


@dataclass
class Truth:
    """Everything that was told; `installed` is when people are reminded unless told otherwise."""

    installed: tuple[timedelta, ...]
    sessions: dict[UUID, History[Held]] = field(default_factory=dict)
    clients: dict[UUID, History[ClientSaved]] = field(default_factory=dict)
    clinicians: dict[UUID, History[ClinicianSaved]] = field(default_factory=dict)
    practice: History[PracticeSaved] = field(default_factory=History)
    client_of: dict[UUID, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Sequence[Told], installed: tuple[timedelta, ...]) -> Truth:
        truth = cls(installed)
        for number, each in enumerate(told):
            truth._learn(number, each.at, each.fact)
        return truth

    def _learn(self, number: int, at: datetime, fact: EventData) -> None:
        match fact:
            case PracticeSaved():
                self.practice.entries.append(Entry(number, at, fact))
            case ClinicianSaved(clinician_id=id):
                self.clinicians.setdefault(id, History()).entries.append(Entry(number, at, fact))
            case ClientSaved(client_id=id):
                self.clients.setdefault(id, History()).entries.append(Entry(number, at, fact))
                self.client_of |= {each.id: id for each in readers_in(fact)}
            case CourseBooked() | CourseChanged() | CourseEnded():
                for session in fact.sessions:
                    self._learn_session(number, at, session)
            case SessionTold(session=session):
                self._learn_session(number, at, session)

    def _learn_session(self, number: int, at: datetime, session: Session) -> None:
        history = self.sessions.setdefault(session.session_id, History())
        known = history.entries[-1].what if history.entries else None
        if known is not None and known.session.revision >= session.revision:
            return
        again = known is None or known.session.status == "cancelled"
        anew = again or known is None or known.session.starts_at != session.starts_at
        set_by = session.revision if anew or known is None else known.set_by
        history.entries.append(Entry(number, at, Held(session, set_by)))

    def reader(self, id: UUID, count: int) -> Reader | None:
        """Return someone as they were after so many events."""
        history = self.clients.get(self.client_of.get(id, id))
        return _find(id, history.after(count) if history else None)

    def reader_around(self, id: UUID, moment: datetime) -> Iterator[Reader | None]:
        """Yield someone as they were then, or may have been; None while they are nobody."""
        history = self.clients.get(self.client_of.get(id, id), History())
        for saved in history.around(moment):
            yield _find(id, saved)

    def readers_of(self, session: UUID) -> set[UUID]:
        """Return everyone who ever heard of it: who was in it, and their guardians."""
        entries = self.sessions[session].entries
        inside = {client for each in entries for client in each.what.session.client_ids}
        return {
            reader.id
            for client in inside
            for each in self.clients[client].entries
            for reader in readers_in(each.what)
        }

    def offsets(self, reader: Reader, clinician: UUID, count: int) -> tuple[timedelta, ...]:
        """Return whose rule holds: theirs, else the clinician's, the practice's, the first one."""
        dana = self.clinicians[clinician].after(count) if clinician in self.clinicians else None
        practice = self.practice.after(count)
        for rule in (
            reader.mail.reminder_minutes,
            dana.mail.reminder_minutes if dana else None,
            practice.reminder_minutes if practice else None,
        ):
            if rule is not None:
                return tuple(timedelta(minutes=each) for each in rule)
        return self.installed

    def quiet(self, reader: Reader, count: int) -> QuietHours | None:
        practice = self.practice.after(count)
        return reader.mail.quiet_hours or (practice.quiet_hours if practice else None)


def _find(id: UUID, saved: ClientSaved | None) -> Reader | None:
    return next((each for each in readers_in(saved) if each.id == id), None) if saved else None
