"""Each reminder that is owed is sent, each that is sent was owed, each that was not says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from tests.notifier.simulation.case import Case, key_of
from tests.notifier.simulation.evidence import Handed, Row
from tests.notifier.simulation.hindrances import ENOUGH
from tests.notifier.simulation.owed import Span
from tests.notifier.simulation.truth import MARGIN, Held


def lost(case: Case) -> Iterator[str]:
    """What was owed for long enough has been sent in time, or failed, or a nearer one was."""
    for key, spans in case.spans.items():
        row = case.reminders.get(key)
        for span in spans:
            since, ends = _owed(case, span)
            ids = [row.id] if row is not None else []
            if case.hindrances.free(since, ends, ids) <= ENOUGH:
                continue
            name = f"the reminder of {key[0]} to {key[1]}, due at {span.due}"
            if row is None:
                yield f"{name}, was never planned"
            elif row.state == "skipped" and row.reason != "superseded":
                yield f"{name}, could be sent until {ends} and was skipped as {row.reason}"
            elif row.state == "sent" and not _came(case, since, row):
                yield f"{name}, was sent late, or never"


def _owed(case: Case, span: Span) -> tuple[datetime, datetime]:
    """Return from when it could go to its reader, and when it was wanted no more.

    An address that is refused keeps it back, and the next one brings it.
    """
    reader_id, since = span.key[1], span.due
    ends = min(span.until or span.starts_at, span.starts_at)
    entries = case.truth.clients[case.truth.client_of[reader_id]].entries
    for place, each in enumerate(entries):
        until = entries[place + 1].at if place + 1 < len(entries) else ends
        if until < span.due - MARGIN or each.at >= ends:
            continue
        reader = case.truth.reader(reader_id, each.number + 1)
        if reader is None or not reader.hears("reminder"):
            return since, max(each.at, since)
        refused = case.refused.get((reader_id, reader.email))
        if refused is not None and refused <= until:
            stopped = max(refused, each.at)
            if stopped > since + ENOUGH:
                return since, min(ends, stopped)
            since = until
    return since, ends


def _came(case: Case, since: datetime, row: Row) -> bool:
    """Whether it was sent as soon as it could be, or had been before it was due anew."""
    times = [each.at for each in case.handed[row.id] if each.answer == "sent" or each.arrived]
    return bool(times) and case.hindrances.free(since, min(times), [row.id]) <= ENOUGH


def wrongly_skipped(case: Case) -> Iterator[str]:
    """What was skipped gives a reason, and it is true of that moment."""
    for row in case.evidence.rows:
        if row.kind != "reminder" or row.state != "skipped":
            continue
        holds = _REASONS.get(row.reason or "")
        if holds is None or row.ended_at is None or not holds(case, row, row.ended_at):
            yield f"{row.id}, due at {row.due_at}, was wrongly skipped as {row.reason}"


def wrongly_sent(case: Case) -> Iterator[str]:
    """Whoever is reminded is to be, at that address, of that hour, at that moment."""
    for row in case.reminders.values():
        for each in case.handed[row.id]:
            wrong = [_wrong(case, row, each, n) for n in range(each.known, each.begun + 1)]
            if all(wrong):
                yield f"{row.id} was handed over at {each.at}: {wrong[0][0]}"


def _wrong(case: Case, row: Row, handed: Handed, count: int) -> list[str]:
    """Return all that was wrong with it if so many events had been applied."""
    session_id, reader_id, _, _ = key = key_of(row)
    held = case.truth.sessions[session_id].after(count)
    reader = case.truth.reader(reader_id, count)
    running = [span.due for span in case.spans[key] if span.holds_after(count)]
    if held is None or reader is None:
        return ["nobody knows of it"]
    starts_at = held.session.starts_at
    wrong = {
        "it does not take place": not held.stands,
        "its reader wants none": not reader.hears("reminder"),
        "nobody wants it then": not running,
        "it was early": bool(running) and handed.at < min(running) - MARGIN,
        "it was over": handed.at >= starts_at,
        "it went elsewhere": handed.to != reader.email,
        "it names another hour": handed.arrived and not case.names((row, handed), starts_at),
    }
    return [words for words, holds in wrong.items() if holds]


def unknown(case: Case) -> Iterator[str]:
    """Nothing is planned that was never to be."""
    for key, row in case.reminders.items():
        if row.due_at not in {span.due for span in case.spans.get(key, ())}:
            yield f"{row.id} was planned for {row.due_at}, and never was to be"


def _states(case: Case, row: Row, moment: datetime) -> Iterator[Held]:
    assert row.session_id is not None
    yield from case.truth.sessions[row.session_id].around(moment)


def _moved(case: Case, row: Row, moment: datetime) -> bool:
    return any(each.set_by > row.revision for each in _states(case, row, moment))


def _cancelled(case: Case, row: Row, moment: datetime) -> bool:
    return any(each.session.status == "cancelled" for each in _states(case, row, moment))


def _concluded(case: Case, row: Row, moment: datetime) -> bool:
    over = ("attended", "no_show")
    return any(each.session.status in over for each in _states(case, row, moment))


def _opted_out(case: Case, row: Row, moment: datetime) -> bool:
    return any(
        reader is not None and "reminder" in reader.mail.opted_out
        for reader in case.truth.reader_around(row.person_id, moment)
    )


def _withdrawn(case: Case, row: Row, moment: datetime) -> bool:
    return any(
        reader is None or reader.level in ("none", "times")
        for reader in case.truth.reader_around(row.person_id, moment)
    )


def _not_in_it(case: Case, row: Row, moment: datetime) -> bool:
    client = case.truth.client_of[row.person_id]
    return any(client not in each.session.client_ids for each in _states(case, row, moment))


def _not_wanted(case: Case, row: Row, moment: datetime) -> bool:
    """As all that was told by then has it, there was no such reminder."""
    near = [
        number
        for number, told in enumerate(case.evidence.told, 1)
        if abs(told.at - moment) <= MARGIN
    ]
    spans = case.spans[key_of(row)]
    return any(not any(span.holds_after(count) for span in spans) for count in near)


def _address_stopped(case: Case, row: Row, moment: datetime) -> bool:
    return any(
        reader is not None and case.stopped(row.person_id, reader.email, moment)
        for reader in case.truth.reader_around(row.person_id, moment)
    )


def _superseded(case: Case, row: Row, moment: datetime) -> bool:
    """A nearer one of the same session was due by then, and nothing could be sent before."""
    nearer = _nearer(case, row, moment)
    return bool(nearer) and _was_hindered(case, row, min(nearer))


def _nearer(case: Case, row: Row, moment: datetime) -> list[datetime]:
    return [
        other.due_at
        for other in case.reminders_of[key_of(row)[:3]]
        if (other.offset_seconds or 0) < (row.offset_seconds or 0)
        and other.due_at <= moment + MARGIN
    ]


def _too_late(case: Case, row: Row, moment: datetime) -> bool:
    starts = [each.session.starts_at for each in _states(case, row, moment)]
    over = [start for start in starts if start <= moment + MARGIN]
    return bool(over) and _was_hindered(case, row, min(over))


def _was_hindered(case: Case, row: Row, until: datetime) -> bool:
    since = [_owed(case, span)[0] for span in case.spans[key_of(row)] if span.due == row.due_at]
    return case.hindrances.free(max([row.due_at, *since]), until, [row.id]) <= ENOUGH


_REASONS: Final[dict[str, Callable[[Case, Row, datetime], bool]]] = {
    "moved": _moved,
    "cancelled": _cancelled,
    "concluded": _concluded,
    "opted_out": _opted_out,
    "withdrawn": _withdrawn,
    "not_in_it": _not_in_it,
    "not_wanted": _not_wanted,
    "address_stopped": _address_stopped,
    "superseded": _superseded,
    "too_late": _too_late,
}
