"""A table of people as text: read line by line, with everything that is wrong in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_LINES: Final = 5_000
_SEPARATORS: Final = ",;\t"


class Kind(StrEnum):
    """Whom a table lists."""

    CLINICIANS = "clinicians"
    CLIENTS = "clients"


class Status(StrEnum):
    """How an import stands; the last three are its ends."""

    WAITING = "waiting"  # its turn comes
    WORKING = "working"  # its lines are being read
    DONE = "done"  # everyone is entered, or could be in a dry run
    REFUSED = "refused"  # something is wrong, and nobody is entered
    FAILED = "failed"  # it could not be worked, time and again; nobody is entered


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """What is wrong in one line, counted as an editor counts; never the value itself."""

    line: int
    column: str = ""
    detail: str

    def __post_init__(self) -> None:
        if self.line < 1:
            raise ValueError("the first line is line 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import as it stands: `lines` to read, `done` of them read, `entered` people."""

    id: UUID
    kind: Kind
    dry_run: bool
    status: Status = Status.WAITING
    lines: int = 0
    done: int = 0
    entered: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one line that have something in them, by column."""

    line: int
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines below the header; `missing` are columns that had to be there."""

    rows: tuple[Row, ...] = field(repr=False)
    faults: tuple[Fault, ...]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns that a table may have, and those that it must have."""

    known: frozenset[str]
    required: frozenset[str]


def read_table(raw: bytes, columns: Columns) -> Table:
    """Return the table in `raw`: UTF-8, a header line, commas, semicolons or tabs between cells."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Table(rows=(), faults=(Fault(line=line, detail="is not UTF-8"),))
    records, faults = _records(text)
    if not records:
        nothing = Fault(line=1, detail="there is no header line")
        return Table(rows=(), faults=(*faults, nothing))
    if len(records) - 1 > MOST_LINES:
        many = Fault(line=records[MOST_LINES + 1][0], detail=f"more than {MOST_LINES} lines")
        return Table(rows=(), faults=(*faults, many))
    (at, header), *lines = records
    names = [name.strip().lower() for name in header]
    faults.extend(_wrong_header(at, names, columns))
    rows = [_row(line, names, cells, faults) for line, cells in lines]
    missing = columns.required - set(names)
    return Table(rows=tuple(rows), faults=tuple(sorted(faults)), missing=missing)


def doubles(emails: Sequence[tuple[int, str]], known: frozenset[str]) -> Iterator[Fault]:
    """Yield a fault for each address that stands twice, or is recorded already; case is nothing."""
    first: dict[str, int] = {}
    for line, email in emails:
        lowered = email.lower()
        if lowered in first:
            said = f"is the address of line {first[lowered]} as well"
            yield Fault(line=line, column="email", detail=said)
        elif lowered in known:
            yield Fault(line=line, column="email", detail="is recorded already")
        first.setdefault(lowered, line)


def _records(text: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Return each record with the line that it begins on, and what no record can be made of."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    records: list[tuple[int, list[str]]] = []
    faults: list[Fault] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return records, faults
        except csv.Error:
            faults.append(Fault(line=line, detail="cannot be read: a quote or a sign is wrong"))
            continue
        if any(cell.strip() for cell in cells):
            records.append((line, cells))


def _separator(text: str) -> str:
    """Return the separator that stands most often in the first line that says anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _wrong_header(line: int, names: Sequence[str], columns: Columns) -> Iterator[Fault]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Fault(line=line, column=name[:64], detail="stands twice in the header")
        elif name not in columns.known:
            known = ", ".join(sorted(columns.known))
            yield Fault(line=line, column=name[:64], detail=f"is no column; there are: {known}")
    for name in sorted(columns.required - set(names)):
        yield Fault(line=line, column=name, detail="is missing in the header")


def _row(line: int, names: Sequence[str], cells: Sequence[str], faults: list[Fault]) -> Row:
    if len(cells) > len(names):
        faults.append(Fault(line=line, detail="has more cells than the header"))
    pairs = zip(names, cells, strict=False)
    return Row(line=line, cells={name: cell.strip() for name, cell in pairs if cell.strip()})
