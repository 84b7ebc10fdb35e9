"""A running service asked whatever fits its own reference, and what does not (schemathesis)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import requests
import schemathesis
from aiohttp.test_utils import TestClient
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

T = TypeVar("T")
Case = schemathesis.Case[Any]
Operation = APIOperation[Any, Any, Any, Any]
Run = Callable[[Coroutine[Any, Any, T]], T]

EXAMPLES_EACH: Final = 15
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def operations_of(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Return each operation of a reference by its method and path."""
    found = {}
    for each in schemathesis.openapi.from_dict(dict(document)).get_all_operations():
        if isinstance(each, Err):
            raise each.err()
        operation = each.ok()
        found[operation.label] = operation
    return found


@contextmanager
def in_a_thread() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Run a loop in a thread of its own: what asks is not asynchronous."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def url_of(client: TestClient[Any, Any]) -> str:
    return str(client.make_url("/")).rstrip("/")


def check_answers(
    operation: Operation, url: str, headers: Mapping[str, str], move_in: Callable[[Case], None]
) -> None:
    """Ask what is generated, half of it about what is there, as `move_in` says."""

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
            move_in(case)
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        case.call_and_validate(base_url=url, headers=dict(headers), checks=CHECKS)

    anything()


def check_other_methods(taken: set[str], url: str) -> None:
    """Ask with every method that a path does not take; HEAD comes with GET."""
    for method in sorted(set(METHODS) - taken):
        answer = requests.request(method, url, timeout=9)
        assert answer.status_code == 405, method
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert set(answer.headers["Allow"].split(",")) - {"HEAD"} == taken


def _cases(operation: Operation) -> st.SearchStrategy[Case]:
    """What fits the description, and what does not where there is something to get wrong."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.query or operation.body or operation.path_parameters):
        return fitting
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
