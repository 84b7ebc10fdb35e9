"""The running scheduler answers what its reference says, whatever it is asked (schemathesis)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import requests
import schemathesis
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.web.reference.document import openapi
from tests.conftest import NOW
from tests.scheduler.furnished import Furnished, Owned, furnish, key_for
from tests.scheduler.practice import Practice, settings_for

Case = schemathesis.Case[Any]
Operation = APIOperation[Any, Any, Any, Any]

EXAMPLES_EACH: Final = 15
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
DOCUMENT: Final = openapi(create_app(settings_for("sqlite:///nowhere.db")))
CONTRACT: Final = schemathesis.openapi.from_dict(DOCUMENT)
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def _operations() -> Iterator[Operation]:
    for found in CONTRACT.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        yield found.ok()


OPERATIONS: Final = {each.label: each for each in _operations()}


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
    """Serve in a thread of its own: what asks is not asynchronous."""
    database_url = f"sqlite:///{tmp_path_factory.mktemp('contract') / 'practice.db'}"
    clock = HeldClock(NOW)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> TestClient[Any, Any]:
        client = TestClient(TestServer(create_app(settings_for(database_url), clock=clock)))
        await client.start_server()
        return client

    client = asyncio.run_coroutine_threadsafe(start(), loop).result()
    furnishing = furnish(Practice(client=client, clock=clock))
    furnished = asyncio.run_coroutine_threadsafe(furnishing, loop).result()
    yield Running(url=str(client.make_url("/")).rstrip("/"), furnished=furnished)
    asyncio.run_coroutine_threadsafe(client.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))
def test_every_answer_is_one_that_was_described(operation: Operation, running: Running) -> None:
    headers = running.headers(operation)
    for case in _of_examples(operation, running.furnished.dana):
        case.call_and_validate(base_url=running.url, headers=headers, checks=CHECKS)

    @settings(
        max_examples=EXAMPLES_EACH,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation), at_home=st.booleans())
    def anything(case: Case, at_home: bool) -> None:
        if at_home:
            _move_in(case, running.furnished.dana)
        _wait_for_nothing(case)
        case.call_and_validate(base_url=running.url, headers=headers, checks=CHECKS)

    anything()


def _cases(operation: Operation) -> st.SearchStrategy[Case]:
    """What fits the description, and what does not where there is something to get wrong."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.query or operation.body or operation.path_parameters):
        return fitting
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


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


def _wait_for_nothing(case: Case) -> None:
    if case.query and "wait" in case.query:
        case.query["wait"] = 0


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_another_method_is_refused_with_those_that_are_taken(path: str, running: Running) -> None:
    taken = {method.upper() for method in DOCUMENT["paths"][path]}

    for method in sorted(set(METHODS) - taken):
        answer = requests.request(
            method, running.url + running.furnished.dana.path(path), timeout=9
        )
        assert answer.status_code == 405, method
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        allowed = set(answer.headers["Allow"].split(","))
        assert allowed - {"HEAD"} == taken
