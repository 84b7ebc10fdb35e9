"""From a line of a table to a person, by the same models that parse JSON.

Several values in a cell stand apart by `|`; hours are written `monday 09:00-18:00`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from services.scheduler.api.people_bodies import ClientBody, ClinicianBody
from services.scheduler.domain.imports import Columns, Fault, Kind, Row
from services.scheduler.use_cases.importing import Person, Reading
from shared.web.bodies import wrong_fields
from shared.web.problems import FieldProblem

Cell = Callable[[str], object]

_HOURS: Final = re.compile(r"(?P<weekday>\w+) (?P<start>\S+?)\s*-\s*(?P<end>\S+)")
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}
GUARDIANS: Final = 3


def _text(cell: str) -> object:
    return cell


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _hours(cell: str) -> object:
    found = [_HOURS.fullmatch(part) for part in _parts(cell.lower())]
    if not all(found):
        raise ValueError("must be such as monday 09:00-18:00, with | between several")
    return [match.groupdict() for match in found if match]


def _licenses(cell: str) -> object:
    return [{"state": part} for part in _parts(cell)]


def _whole(cell: str) -> object:
    if not _WHOLE.fullmatch(cell):
        raise ValueError("must be a whole number")
    return int(cell)


def _yes(cell: str) -> object:
    if cell.lower() not in _YES:
        raise ValueError("must be yes or no")
    return _YES[cell.lower()]


_CLINICIAN: Final[Mapping[str, Cell]] = {
    "name": _text,
    "email": _text,
    "timezone": _text,
    "working_hours": _hours,
    "room_url": _text,
    "age_groups": _parts,
    "concerns": _parts,
    "licenses": _licenses,
    "languages": _parts,
    "accepting_clients": _yes,
    "capacity": _whole,
    "buffer_minutes": _whole,
    "minimum_notice_minutes": _whole,
}
_CLIENT: Final[Mapping[str, Cell]] = dict.fromkeys(
    ("name", "email", "timezone", "locale", "date_of_birth"), _text
)
_GUARDIAN: Final = {
    f"guardian{number}_{name}": (number - 1, name)
    for number in range(1, GUARDIANS + 1)
    for name in ("name", "email", "notices")
}
_REQUIRED: Final = frozenset({"name", "email", "timezone"})


def columns(kind: Kind) -> Columns:
    """Return the columns of a table; a model's field is a column, but for guardians."""
    known = _CLINICIAN.keys() if kind is Kind.CLINICIANS else _CLIENT.keys() | _GUARDIAN.keys()
    return Columns(known=frozenset(known), required=_REQUIRED)


def person(kind: Kind, row: Row) -> Person | tuple[Fault, ...]:
    """Return who the line describes, or everything that is wrong with it."""
    if kind is Kind.CLINICIANS:
        return _person(row, _CLINICIAN, lambda said: ClinicianBody(**said).clinician(uuid4()))
    return _person(row, _CLIENT, lambda said: ClientBody(**said, **_guardians(row)).client(uuid4()))


READING: Final = Reading(columns=columns, person=person)


def _person(
    row: Row, cells: Mapping[str, Cell], build: Callable[[dict[str, Any]], Person]
) -> Person | tuple[Fault, ...]:
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, read in cells.items():
        if name in row.cells:
            try:
                said[name] = read(row.cells[name])
            except ValueError as error:
                faults.append(Fault(line=row.line, column=name, detail=str(error)))
    try:
        found = build(said)
    except ValidationError as error:
        unread = {fault.column for fault in faults}
        wrong = [_fault(row, each) for each in wrong_fields(error).fields]
        return (*faults, *(each for each in wrong if each.column not in unread))
    return tuple(faults) or found


def _fault(row: Row, problem: FieldProblem) -> Fault:
    """Return a field's problem as its column's."""
    _, column, *inner = (problem.pointer or "").split("/")
    if column == "guardians":
        place = _guardian_places(row)[int(inner[0])]
        column = f"guardian{place + 1}_{inner[1]}"
    return Fault(line=row.line, column=column, detail=problem.detail)


def _guardians(row: Row) -> dict[str, Any]:
    """Return the guardians that the line names, whole or not, in their order."""
    return {
        "guardians": [
            {
                name: row.cells[column]
                for column, (at, name) in _GUARDIAN.items()
                if at == place and column in row.cells
            }
            for place in _guardian_places(row)
        ]
    }


def _guardian_places(row: Row) -> list[int]:
    return sorted({place for column, (place, _) in _GUARDIAN.items() if column in row.cells})
