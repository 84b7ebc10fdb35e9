"""Which reminders are owed, to whom, and when: from what was told alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.events.data import QuietHours
from tests.notifier.simulation.truth import Truth

Key = tuple[UUID, UUID, int, int]  # session, reader, the revision of its time, seconds before


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One reminder was to be sent at `due`, as it was settled from one event to another."""

    key: Key
    due: datetime
    starts_at: datetime
    first: int  # the number of the event that settled it
    last: int | None = None  # of the one that ended that
    until: datetime | None = None

    def holds_after(self, count: int) -> bool:
        return self.first < count and (self.last is None or count <= self.last)


def spans_of(truth: Truth, session_id: UUID, reader_id: UUID) -> Iterator[Span]:
    """Yield every reminder of this session that this reader was ever to have.

    What is due already when it is settled is not owed: a confirmation says enough. What has
    fallen due stays owed at its time as long as it is wanted, whatever else is settled.
    """
    running: dict[Key, Span] = {}
    for number, at in _turns(truth, session_id, reader_id):
        wanted = dict(_wanted(truth, session_id, reader_id, number))
        for key in [key for key in running if key not in wanted]:
            yield replace(running.pop(key), last=number, until=at)
        for key, span in wanted.items():
            known = running.get(key)
            if span.due <= at or (known is not None and known.due == span.due):
                continue
            if known is not None:
                yield replace(known, last=number, until=at)
            running[key] = span
    yield from running.values()


def _turns(truth: Truth, session_id: UUID, reader_id: UUID) -> list[tuple[int, datetime]]:
    """Return the events by which what is wanted may have changed."""
    session = truth.sessions[session_id]
    clinician = session.entries[0].what.session.clinician_id
    found = {
        each.number: each.at
        for entries in (
            session.entries,
            truth.clients[truth.client_of[reader_id]].entries,
            truth.practice.entries,
            truth.clinicians[clinician].entries if clinician in truth.clinicians else [],
        )
        for each in entries
    }
    return sorted((number, at) for number, at in found.items())


def _wanted(
    truth: Truth, session_id: UUID, reader_id: UUID, number: int
) -> Iterator[tuple[Key, Span]]:
    held = truth.sessions[session_id].after(number + 1)
    reader = truth.reader(reader_id, number + 1)
    if held is None or not held.stands or reader is None:
        return
    copies = reader.level in ("client", "copies")
    if not copies or reader.client_id not in held.session.client_ids:
        return
    quiet = truth.quiet(reader, number + 1)
    for offset in truth.offsets(reader, held.session.clinician_id, number + 1):
        key = (session_id, reader_id, held.set_by, int(offset.total_seconds()))
        due = before(held.session.starts_at - offset, quiet, reader.timezone)
        yield (
            key,
            Span(key=key, due=due, starts_at=held.session.starts_at, first=number),
        )


def before(moment: datetime, quiet: QuietHours | None, timezone: str) -> datetime:
    """Return `moment`, or a minute before the quiet hours it falls into, on that zone's clock."""
    if quiet is None:
        return moment
    begin, end = time.fromisoformat(quiet.begin), time.fromisoformat(quiet.end)
    local = moment.astimezone(ZoneInfo(timezone))
    for day in (local.date(), local.date() - timedelta(days=1)):
        begins = datetime.combine(day, begin)
        ends = datetime.combine(day if begin < end else day + timedelta(days=1), end)
        if begins <= local.replace(tzinfo=None) < ends:
            begun = begins.replace(tzinfo=local.tzinfo).astimezone(UTC)
            return min(begun - timedelta(minutes=1), moment)
    return moment
