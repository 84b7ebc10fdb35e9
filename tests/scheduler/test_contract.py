"""The running scheduler answers what its reference says, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.web.reference.document import openapi
from tests.conftest import NOW
from tests.contract import (
    CHECKS,
    Case,
    Operation,
    check_answers,
    check_other_methods,
    in_a_thread,
    operations_of,
    url_of,
)
from tests.scheduler.furnished import Furnished, Owned, furnish, key_for
from tests.scheduler.practice import Practice, settings_for

DOCUMENT: Final = openapi(create_app(settings_for("sqlite:///nowhere.db")))
OPERATIONS: Final = operations_of(DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A scheduler on a port of its own, and what is in it."""

    url: str
    furnished: Furnished

    def headers(self, operation: Operation) -> dict[str, str]:
        for each in self.furnished.operations:
            if f"{each.method} {each.path}" == operation.label:
                key = key_for(each, self.furnished)
                return {"Authorization": f"Bearer {key}"} if key else {}
        raise LookupError(operation.label)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database_url = f"sqlite:///{tmp_path_factory.mktemp('contract') / 'practice.db'}"
    clock = HeldClock(NOW)

    async def started() -> TestClient[Any, Any]:
        client = TestClient(TestServer(create_app(settings_for(database_url), clock=clock)))
        await client.start_server()
        return client

    with in_a_thread() as run:
        client = run(started())
        furnished = run(furnish(Practice(client=client, clock=clock)))
        yield Running(url=url_of(client), furnished=furnished)
        run(client.close())


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))
def test_every_answer_is_one_that_was_described(operation: Operation, running: Running) -> None:
    headers, dana = running.headers(operation), running.furnished.dana
    for case in _of_examples(operation, dana):
        case.call_and_validate(base_url=running.url, headers=headers, checks=CHECKS)
    check_answers(operation, running.url, headers, partial(_move_in, dana=dana))


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_another_method_is_refused_with_those_that_are_taken(path: str, running: Running) -> None:
    taken = {method.upper() for method in DOCUMENT["paths"][path]}
    check_other_methods(taken, running.url + running.furnished.dana.path(path))


def _of_examples(operation: Operation, dana: Owned) -> Iterator[Case]:
    told = DOCUMENT["paths"][operation.path][operation.method.lower()]
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in content.get("examples", {}).values():
        case = operation.Case(body=dana.body(example["value"]), media_type="application/json")
        case.path_parameters = _at_home(operation.path, dana)
        yield case


def _at_home(path: str, dana: Owned) -> dict[str, str]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    found = [part for part, told in zip(dana.path(path).split("/"), path.split("/"), strict=True)
             if told.startswith("{")]  # fmt: skip
    return dict(zip(names, found, strict=True))


def _move_in(case: Case, dana: Owned) -> None:
    """Ask about what is there, for people who are there."""
    case.path_parameters = _at_home(case.operation.path, dana)
    if isinstance(case.body, dict):
        moved: Any = {name: _known(name, value, dana) for name, value in case.body.items()}
        case.body = moved


def _known(name: str, value: object, dana: Owned) -> object:
    people = {"clinician_id": "clinicians", "client_id": "clients", "client_ids": "clients"}
    id = dana.things.get(people.get(name, ""))
    if id is None or not value:
        return value
    return [id] if isinstance(value, list) else id
