"""A practice in which every kind of thing stands once for Dana and once for Ortiz.

Things are made through the described routes, from the described examples, so that a route
which is added later is furnished too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from shared.web.auth import Role
from shared.web.openapi import Text
from shared.web.reference.document import described
from shared.web.reference.operations import Operation
from shared.web.reference.schemas import examples
from tests.cast import ANA, ANA_ID, DANA, DANA_ID, KIM, KIM_ID, LEE, LEE_ID, ORTIZ, ORTIZ_ID, Body
from tests.scheduler.practice import NOBODY, Practice
from tests.shared.diary import ADMIN_KEY, SERVICE_KEY

Ids = dict[str, str]

_PARAMETER: Final = re.compile(r"\{([a-z_]+)\}")
_DATE: Final = re.compile(r"\b2027-\d\d-\d\d")
DAYS: Final = (0, 8, 16, 24)  # an hour may be taken by what was made before
CLIENTS: Final = {str(KIM_ID): KIM, str(ANA_ID): ANA, str(LEE_ID): LEE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What belongs to one clinician: the people of the examples, and a thing of each kind."""

    people: Ids
    things: Ids
    key: str

    def path(self, template: str) -> str:
        """Return the path to what is here; an id of a kind that nobody made is nobody's."""
        kind = "".join(template.split("/")[2:3])

        def id_of(found: re.Match[str]) -> str:
            named = kind if found[1] == "id" else f"{found[1].removesuffix('_id')}s"
            return self.things.get(named, NOBODY)

        return _PARAMETER.sub(id_of, template)

    def has(self, template: str) -> bool:
        return NOBODY not in self.path(template)

    def body(self, example: object, days: int = 0) -> Any:
        """Return an example with these people in it, so many days later."""
        text = json.dumps(example)
        for id, known in self.people.items():
            text = text.replace(id, known)
        return json.loads(_DATE.sub(lambda found: _later(found[0], days), text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """The practice, its described routes, and whose is what."""

    practice: Practice
    operations: tuple[Operation, ...]
    dana: Owned
    ortiz: Owned
    keys: Mapping[str, str] = field(repr=False)


async def furnish(practice: Practice) -> Furnished:
    operations = tuple(described(practice.client.app))
    dana = await _owned(practice, operations, DANA, ORTIZ)
    ortiz = await _owned(practice, operations, ORTIZ, DANA)
    keys = {
        "admin": ADMIN_KEY,
        "staff": await practice.key("staff"),
        "clinician": dana.key,
        "service": SERVICE_KEY,
    }
    return Furnished(practice=practice, operations=operations, dana=dana, ortiz=ortiz, keys=keys)


def key_for(operation: Operation, furnished: Furnished) -> str | None:
    """Return a key that opens the route; None for one that needs none."""
    return furnished.keys[operation.roles[0].value] if operation.roles else None


async def _owned(
    practice: Practice, operations: Iterable[Operation], own: Body, other: Body
) -> Owned:
    people = {str(DANA_ID): await practice.clinician(**own)}
    people[str(ORTIZ_ID)] = await practice.clinician(**other)
    for id, client in CLIENTS.items():
        people[id] = await practice.person(client)
    things = {"clinicians": people[str(DANA_ID)], "clients": people[str(KIM_ID)]}
    key = await practice.key("clinician", things["clinicians"])
    owned = Owned(people=people, things=things, key=key)
    for operation in operations:
        await _make(practice, operation, owned)
    return owned


async def _make(practice: Practice, operation: Operation, owned: Owned) -> None:
    """Make the thing that a route makes, if nothing of its kind is here yet."""
    told = operation.description
    kind = operation.path.rpartition("/")[2]
    wanted = operation.method == "POST" and 201 in told.answers and Role.ADMIN in operation.roles
    if not wanted or kind in owned.things or not owned.has(operation.path):
        return
    if isinstance(told.body, Text):
        return
    for days in DAYS:
        example = examples(told.body)[0] if told.body else {}
        answer = await practice.post(owned.path(operation.path), owned.body(example, days))
        if answer.status == 201:
            made = await answer.json()
            owned.things.setdefault(kind, str(made["id"]))
            return
        if answer.status != 409:
            return


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
