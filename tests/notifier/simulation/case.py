"""The evidence laid out for judging: what was told beside what was planned, sent and heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.notifier.simulation.evidence import Evidence, Handed, Row
from tests.notifier.simulation.hindrances import LEASE, Hindrances
from tests.notifier.simulation.owed import Key, Span, spans_of
from tests.notifier.simulation.truth import MARGIN, Truth
from tests.notifier.stage import RULES

_DAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS: Final = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
    *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


class Case:
    """One practice's evidence; `span` keeps each reminder that was ever to be sent."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.truth = Truth.of(evidence.told, RULES.offsets)
        self.hindrances = Hindrances(evidence)
        self.rows = {each.id: each for each in evidence.rows}
        self.handed: dict[UUID, list[Handed]] = defaultdict(list)
        self.letters: dict[UUID, list[tuple[Row, Handed]]] = defaultdict(list)
        for each in evidence.handed:
            self.handed[each.delivery].append(each)
            row = self.rows.get(each.delivery)
            if each.arrived and row is not None:
                self.letters[row.person_id].append((row, each))
        self.reminders = {key_of(row): row for row in evidence.rows if row.kind == "reminder"}
        self.reminders_of: dict[tuple[UUID, UUID, int], list[Row]] = defaultdict(list)
        for key, row in self.reminders.items():
            self.reminders_of[key[:3]].append(row)
        self.rows_of: dict[UUID, list[Row]] = defaultdict(list)
        for row in evidence.rows:
            self.rows_of[row.person_id].append(row)
        self.spans: dict[Key, list[Span]] = defaultdict(list)
        for session in self.truth.sessions:
            for reader in sorted(self.truth.readers_of(session)):
                for span in spans_of(self.truth, session, reader):
                    self.spans[span.key].append(span)
        self.refused = self._refused()

    def silences(self, row: Row) -> int:
        """Return after how many attempts the notifier could not know what had become of it."""
        tries = self.handed[row.id]
        return row.attempts - len(tries) + sum(self._is_in_doubt(each) for each in tries)

    def stopped(self, reader: UUID, email: str, moment: datetime) -> bool:
        """Whether the provider had refused that address of theirs by then."""
        since = self.refused.get((reader, email))
        return since is not None and since <= moment + MARGIN

    def names(self, letter: tuple[Row, Handed], hour: datetime) -> bool:
        """Whether a letter names that hour, as its reader writes it."""
        row, handed = letter
        reader = self.truth.reader(row.person_id, handed.known)
        if reader is None:
            return False
        return written(hour, reader.timezone, reader.locale) in handed.text

    def notices_of(self, reader: UUID, session: UUID) -> Iterator[Row]:
        """Yield every notice to this reader that may have been about this session."""
        course = self.truth.sessions[session].entries[0].what.session.course_id
        for row in self.rows_of[reader]:
            about = row.session_id == session or (course is not None and row.course_id == course)
            if about and row.kind != "reminder":
                yield row

    def _is_in_doubt(self, handed: Handed) -> bool:
        """No answer came, or the process ended before it could write the answer down."""
        ended = self.evidence.killed.get(handed.life)
        cut_off = ended is not None and abs(ended - handed.at) <= LEASE
        return handed.answer in ("lost", "killed") or cut_off

    def _refused(self) -> dict[tuple[UUID, str], datetime]:
        found: dict[tuple[UUID, str], datetime] = {}
        for each in self.evidence.handed:
            row = self.rows.get(each.delivery)
            if each.answer == "refused" and row is not None:
                found.setdefault((row.person_id, each.to), each.at)
        return found


def key_of(row: Row) -> Key:
    assert row.session_id is not None
    assert row.offset_seconds is not None
    return row.session_id, row.person_id, row.revision, row.offset_seconds


def written(moment: datetime, timezone: str, locale: str) -> str:
    """Return a time as mails write it: `Tuesday, February 16, 2027, 3:00 PM EST`."""
    local = moment.astimezone(ZoneInfo(timezone))
    hour, half = local.hour % 12 or 12, "AP"[local.hour >= 12]
    if locale.startswith("es"):
        day = f"{_DAYS[local.weekday()]} {local.day} de {_MONTHS[local.month - 1]} de {local.year}"
        return f"{day}, {hour}:{local:%M} {half.lower()}.m. {local.tzname()}"
    return f"{local:%A, %B} {local.day}, {local.year}, {hour}:{local:%M} {half}M {local.tzname()}"
