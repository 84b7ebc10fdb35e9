"""The reference of a service: sound, the same each time, and readable without any other host."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import jsonschema_rs
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import Field

from shared.clock import HeldClock
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel
from shared.web.openapi import AnswerModel, Text, describe
from shared.web.reference.document import openapi
from shared.web.reference.page import rendered
from tests.architecture.apps import every_app
from tests.shared.diary import PageFull, diary_app

Json = dict[str, Any]

SERVICES: Final = ("scheduler", "notifier", "calendar_feed")
DOCUMENTS: Final = {name: openapi(app) for name, app in every_app().items()}
EVERY: Final = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))
IN_A_PROCESS: Final = (
    "import json; from tests.architecture.apps import every_app;"
    " from shared.web.reference.document import openapi;"
    " print(json.dumps({n: openapi(a) for n, a in every_app().items()}))"
)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "$ref")
        yield from (found for each in value.values() for found in _references(each))
    if isinstance(value, list):
        yield from (found for each in value for found in _references(each))


def test_there_is_one_for_each_service() -> None:
    assert tuple(DOCUMENTS) == SERVICES


@EVERY
def test_every_name_in_it_leads_somewhere(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    names = set(_references(document))
    assert names
    for name in names:
        found: Any = document
        for step in name.removeprefix("#/").split("/"):
            found = found[step]


@EVERY
def test_every_schema_in_it_is_one(document: Json) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({**schema, "$schema": _DIALECT})


@EVERY
def test_every_operation_has_a_name_of_its_own(document: Json) -> None:
    named = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert len(set(named)) == len(named)


def test_it_is_the_same_bytes_in_every_process() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == json.dumps(DOCUMENTS)


_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class PageQuery(DoorModel):
    """Which pages."""

    since: Annotated[int | None, Field(alias="from", ge=1, description="The first of them.")] = None
    order: Literal["up", "down"] = "up"


class PageBody(DoorModel):
    """A page to be written."""

    text: Annotated[str, Field(max_length=20)]


class PageAnswer(AnswerModel):
    """A page as it was written."""

    text: str
    author: str | None
    torn: bool = False
    by: str | None = None


@allow(Role.STAFF, Role.ADMIN)
@describe(
    "Write a page",
    body=PageBody,
    query=PageQuery,
    answers={201: PageAnswer, 204: None},
    refusals=(PageFull,),
)
async def post_page(_request: web.Request) -> web.Response:
    """Write one <page> with `ink`."""
    return web.Response()


@allow(Role.ADMIN)
@describe("Read a page", answers={200: (PageAnswer, Text("text/plain"))})
async def get_page(_request: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
def document(database_url: str, clock: HeldClock) -> Json:
    app = diary_app(database_url, clock)
    app.router.add_post("/v1/books/{id}/pages", post_page)
    app.router.add_get("/v1/books/{id}/pages/{name}", get_page)
    return openapi(app)


@pytest.fixture(params=["sqlite"])
def database_url() -> str:
    return "sqlite:///nowhere.db"


@pytest.fixture
def written(document: Json) -> Json:
    found: Json = document["paths"]["/v1/books/{id}/pages"]["post"]
    return found


def test_what_a_query_takes_are_its_parameters(written: Json) -> None:
    found = {each["name"]: each for each in written["parameters"] if "name" in each}
    assert found["id"]["schema"] == {"type": "string", "format": "uuid"}
    assert found["from"] == {
        "name": "from",
        "in": "query",
        "description": "The first of them.",
        "required": False,
        "schema": {"type": "integer", "minimum": 1},
    }
    assert found["order"]["schema"] == {
        "type": "string",
        "enum": ["up", "down"],
        "default": "up",
    }
    assert "PageQuery" not in _schemas_named(written)


def test_what_can_go_wrong_follows_from_the_route(written: Json) -> None:
    assert list(written["responses"]) == [
        "201", "204", "400", "401", "403", "404", "409", "413", "422", "503",
    ]  # fmt: skip
    said = written["responses"]["409"]["description"]
    assert said == "Conflict\n\n- `page-full`: There is no room for this note."
    refused = written["responses"]["422"]
    assert set(refused["content"]) == {"application/problem+json"}
    for slug in ("invalid-body", "invalid-query", "idempotency-key"):
        assert f"`{slug}`" in refused["description"]


def test_it_says_whose_keys_open_a_route(written: Json, document: Json) -> None:
    assert written["security"] == [{"key": []}]
    assert "Keys of these roles: `admin` `staff`." in written["description"]
    assert document["paths"]["/live"]["get"]["security"] == []


def test_a_post_can_be_repeated(written: Json, document: Json) -> None:
    assert {"$ref": "#/components/parameters/Idempotency-Key"} in written["parameters"]
    assert "Idempotent-Replay" in written["responses"]["201"]["headers"]
    reading = document["paths"]["/v1/books/{id}/pages/{name}"]["get"]
    assert [each["name"] for each in reading["parameters"]] == ["id", "name"]


def test_one_answer_may_have_two_media_types(document: Json) -> None:
    reading = document["paths"]["/v1/books/{id}/pages/{name}"]["get"]
    assert set(reading["responses"]["200"]["content"]) == {"application/json", "text/plain"}


def test_a_member_that_may_be_left_out_is_never_null(document: Json) -> None:
    schema = document["components"]["schemas"]["PageAnswer"]
    assert schema["required"] == ["text", "author"]
    assert schema["properties"]["author"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert schema["properties"]["by"] == {"type": "string"}
    assert "additionalProperties" not in schema
    assert document["components"]["schemas"]["PageBody"]["additionalProperties"] is False


def test_what_is_said_stands_on_the_page_as_text(document: Json) -> None:
    page = rendered(document)
    assert "Write one &lt;page&gt; with <code>ink</code>." in page
    assert "<page>" not in page


async def test_another_method_is_refused_with_those_that_are_taken(
    clock: HeldClock, tmp_path: Path
) -> None:
    app = diary_app(f"sqlite:///{tmp_path / 'diary.db'}", clock)
    async with TestClient(TestServer(app)) as client:
        refused = await client.delete("/live")
        assert refused.status == 405
        assert set(refused.headers["Allow"].split(",")) == {"GET", "HEAD"}
        assert refused.content_type == "application/problem+json"
        assert (await refused.json())["type"] == "urn:standing-hour:problem:method-not-allowed"


def _schemas_named(value: object) -> set[str]:
    return {each.rpartition("/")[2] for each in _references(value)}
