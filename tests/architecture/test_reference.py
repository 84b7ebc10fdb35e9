"""What the reference says of a route is what its handler does."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Final

import pytest
from pydantic import BaseModel, ValidationError

from shared.web.openapi import Text, is_apart, is_page
from shared.web.reference.operations import Operation
from shared.web.reference.schemas import examples
from tests.architecture.apps import operations, undescribed
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, ORTIZ_ID

OPERATIONS: Final = operations()
CAST: Final = {str(id) for id in (DANA_ID, ORTIZ_ID, KIM_ID, ANA_ID, LEE_ID)}
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

EVERY: Final = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))


def test_every_route_is_described_unless_it_is_a_page_or_apart() -> None:
    assert OPERATIONS
    silent = {
        name
        for name, handler in undescribed().items()
        if not is_page(handler) and not is_apart(handler)
    }
    assert silent == set()


def test_what_stands_apart_is_what_openapi_has_no_words_for() -> None:
    assert {name for name, handler in undescribed().items() if is_apart(handler)} == {
        "calendar_feed * /dav",
        "calendar_feed * /dav/{rest}",
        "calendar_feed * /.well-known/caldav",
        "calendar_feed GET /feeds/{rest}",
    }


@EVERY
def test_a_body_is_shown_by_examples_that_it_takes(operation: Operation) -> None:
    body = operation.description.body
    if body is None or isinstance(body, Text):
        return
    assert examples(body), f"{body.__name__} has no example"
    for each in examples(body):
        body.model_validate(each)
        assert set(_ID.findall(str(each))) <= CAST


@EVERY
def test_a_handler_parses_what_it_was_described_with(operation: Operation) -> None:
    told = operation.description
    calls = list(_calls(operation.handler))
    body = [told.body.__name__] if isinstance(told.body, type) else []
    assert sorted({_model(call) for call in calls if _name(call) == "body_of"}) == body
    query = [told.query.__name__] if told.query else []
    assert sorted({_model(call) for call in calls if _name(call) == "query_of"}) == query


@EVERY
def test_an_id_that_is_unknown_is_a_refusal_that_was_described(operation: Operation) -> None:
    ids = [call for call in _calls(operation.handler) if _name(call) == "path_id"]
    unknown = {ast.unparse(call.args[2]).rpartition(".")[2] for call in ids}
    named = {name for name in unknown if name[0].isupper()}  # the rest are arguments
    assert named <= {refusal.__name__ for refusal in operation.description.refusals}
    assert bool(ids) or "{id}" not in operation.path


@EVERY
def test_every_post_can_be_repeated_safely(operation: Operation) -> None:
    if not operation.repeatable:
        return
    made_once = {"answer_change", "answer_once"}
    assert made_once & {_name(call) for call in _calls(operation.handler)}


def test_an_example_that_does_not_fit_would_be_seen() -> None:
    body = OPERATIONS["scheduler POST /v1/courses"].description.body
    assert isinstance(body, type)
    assert issubclass(body, BaseModel)
    with pytest.raises(ValidationError):
        body.model_validate({**examples(body)[0], "sessions": 0})


def _calls(handler: object, seen: frozenset[str] = frozenset()) -> Iterator[ast.Call]:
    """Every call in a handler, and in the functions beside it that it calls."""
    module = inspect.getmodule(handler)
    assert inspect.isfunction(handler)
    for node in ast.walk(ast.parse(inspect.getsource(handler))):
        if not isinstance(node, ast.Call):
            continue
        yield node
        beside = getattr(module, _name(node), None)
        if (
            inspect.isfunction(beside)
            and beside.__module__ == handler.__module__
            and beside.__name__ not in seen
        ):
            yield from _calls(beside, seen | {handler.__name__, beside.__name__})


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _model(call: ast.Call) -> str:
    return ast.unparse(call.args[1]).rpartition(".")[2]
