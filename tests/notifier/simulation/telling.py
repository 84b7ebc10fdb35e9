"""Whoever is concerned by a change knows it in time, once, and knows in the end what is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from tests.notifier.simulation.case import Case
from tests.notifier.simulation.evidence import NOTICES, Handed, Row
from tests.notifier.simulation.hindrances import ENOUGH
from tests.notifier.simulation.truth import MARGIN, Entry, Held
from tests.notifier.stage import RULES

CHANGES: Final = ("moved", "cancelled", "changed")
SOON: Final = timedelta(hours=1)  # so near to a start a change is told without a grace


def untold(case: Case) -> Iterator[str]:
    """Who was told of an hour that is left hears of it before that hour."""
    for id, history in case.truth.sessions.items():
        entries = history.entries
        for place in range(1, len(entries)):
            before, now = entries[place - 1].what, entries[place]
            for client in before.session.client_ids:
                hour = before.hour(client)
                if hour is None or now.what.hour(client) == hour or hour <= now.at:
                    continue
                for reader in _hearing(case, client, now.number, CHANGES):
                    if not _knows(case, id, place, client, reader):
                        yield f"{reader} was not told by {hour} that {id} is at another time or off"


def _hearing(case: Case, client: UUID, number: int, kinds: Sequence[str]) -> Iterator[UUID]:
    """Yield the readers who hear of all these kinds once this event was told."""
    for reader in sorted(id for id, ward in case.truth.client_of.items() if ward == client):
        known = case.truth.reader(reader, number + 1)
        if known is not None and all(known.hears(kind) for kind in kinds):
            yield reader


def _knows(case: Case, id: UUID, place: int, client: UUID, reader: UUID) -> bool:
    entries = case.truth.sessions[id].entries
    change, hour = entries[place], entries[place - 1].what.hour(client)
    assert hour is not None
    back = [each.at for each in entries[place + 1 :] if each.what.hour(client) == hour]
    until = min([hour, change.what.hour(client) or hour, *back])
    rows = [*case.notices_of(reader, id)]
    free = case.hindrances.free(change.at + RULES.grace, until, [row.id for row in rows])
    if free <= ENOUGH or _is_excused(case, reader, rows, until):
        return True
    letters = case.letters[reader]
    heard = [each for each in letters if each[1].known <= change.number]
    if not any(case.names(each, hour) for each in heard):
        return True  # of what they never heard of they need not hear that it is off
    return any(
        _tells(case, letter, entries, client)
        for letter in letters
        if letter[1].known > change.number and letter[1].at <= until + MARGIN
    )


def _tells(
    case: Case, letter: tuple[Row, Handed], entries: list[Entry[Held]], client: UUID
) -> bool:
    """Whether a letter names the hour that held when it was written, or the one that was off."""
    row, handed = letter
    known = [each for each in entries if each.number < handed.known]
    hour = known[-1].what.hour(client)
    if row.kind not in NOTICES:
        return False
    hours = {each.what.session.starts_at for each in known} if hour is None else {hour}
    return any(case.names(letter, each) for each in hours)


def _is_excused(case: Case, reader: UUID, rows: list[Row], until: datetime) -> bool:
    """The mail about it came back, was lost twice, or its reader wants none by then."""
    if any(row.state == "failed" for row in rows) or any(reader == id for id, _ in case.refused):
        return True
    around = [*case.truth.reader_around(reader, until)]
    return not all(each and all(each.hears(kind) for kind in CHANGES) for each in around)


def mistaken(case: Case) -> Iterator[str]:
    """In the end everyone has heard what is true of each session, whoever hears of it at all."""
    for id, history in case.truth.sessions.items():
        clients = {one for each in history.entries for one in each.what.session.client_ids}
        for client in sorted(clients):
            changes = _changes(history.entries, client)
            for reader in _hearing(case, client, changes[-1].number, NOTICES):
                hour = changes[-1].what.hour(client)
                heard = case.evidence.heard.get((id, reader), (None, None))
                right = heard == (hour, "scheduled") if hour else heard[1] != "scheduled"
                if not right and _could_know(case, id, changes, client, reader):
                    yield f"{reader} thinks that {id} is {heard}, and it is at {hour}"


def _changes(entries: list[Entry[Held]], client: UUID) -> list[Entry[Held]]:
    """Return where the hour at which they are expected changed, the first one too."""
    found = entries[:1]
    for before, now in pairwise(entries):
        if before.what.hour(client) != now.what.hour(client):
            found.append(now)
    return found


def _could_know(
    case: Case, id: UUID, changes: list[Entry[Held]], client: UUID, reader: UUID
) -> bool:
    """Whether they heard of it from the first to the last change, which came in good time."""
    known = case.truth.clients[client].entries
    first, last = changes[0], changes[-1]
    counts = [first.number + 1, *(each.number + 1 for each in known if each.number > first.number)]
    readers = [case.truth.reader(reader, count) for count in counts]
    if not all(each and all(each.hears(kind) for kind in NOTICES) for each in readers):
        return False
    rows = [*case.notices_of(reader, id)]
    hours = [each.what.hour(client) for each in changes[-2:]]
    until = max(hour for hour in hours if hour is not None)
    if hours[-1] is not None:
        until = hours[-1]
    free = case.hindrances.free(last.at + RULES.grace, until, [row.id for row in rows])
    return free > ENOUGH and not _is_excused(case, reader, rows, until)


def said_in_pieces(case: Case) -> Iterator[str]:
    """What changes in a course within a grace is one mail, an hour that is near aside."""
    for reader, letters in case.letters.items():
        of_course: dict[UUID, list[Row]] = defaultdict(list)
        for row, _ in letters:
            course = _course_of(case, row)
            if course is not None and row.kind in NOTICES and row not in of_course[course]:
                of_course[course].append(row)
        for course, rows in of_course.items():
            rows.sort(key=lambda row: row.due_at)
            for one, other in pairwise(rows):
                near = other.due_at - one.due_at < RULES.grace
                both = one.state == other.state == "sent"
                if near and both and not _is_soon(case, course, other.due_at):
                    yield f"{reader} got {one.id} and {other.id} of what changed within a grace"


def _course_of(case: Case, row: Row) -> UUID | None:
    if row.session_id is None:
        return row.course_id
    return case.truth.sessions[row.session_id].entries[0].what.session.course_id


def _is_soon(case: Case, course: UUID, due: datetime) -> bool:
    """Whether something changed shortly before that of an hour so near that it was told at once."""
    for history in case.truth.sessions.values():
        if history.entries[0].what.session.course_id != course:
            continue
        for before, now in pairwise(history.entries):
            hours = (before.what.session.starts_at, now.what.session.starts_at)
            recent = abs(due - now.at) <= 2 * RULES.grace
            if recent and any(hour - now.at < SOON for hour in hours):
                return True
    return False
