"""The written schema is the code's, and its AsyncAPI document holds together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.events import documents
from shared.events.data import EVERY_TYPE, EventData
from shared.web.event_route import EventsQuery

Json = dict[str, Any]


@pytest.fixture
def api() -> Json:
    return documents.asyncapi()


def test_what_is_written_is_what_the_code_says() -> None:
    assert documents.differing(documents.FOLDER) == [], "run `make events`"


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    documents.write(tmp_path)
    first = {path: path.read_bytes() for path in tmp_path.glob("**/*.json")}
    documents.write(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.glob("**/*.json")} == first
    assert len(first) == len(EVERY_TYPE) + 1


def test_the_check_names_what_is_stale_missing_and_left_over(tmp_path: Path) -> None:
    documents.main([], tmp_path)
    documents.main(["--check"], tmp_path)
    (tmp_path / "asyncapi.json").write_text("{}")
    (tmp_path / "schema" / "key.saved.v1.json").unlink()
    (tmp_path / "schema" / "lamp.lit.v1.json").write_text("{}")
    with pytest.raises(SystemExit) as stopped:
        documents.main(["--check"], tmp_path)
    for name in ("asyncapi.json", "schema/key.saved.v1.json", "schema/lamp.lit.v1.json"):
        assert name in str(stopped.value.code)
    documents.main([], tmp_path)
    assert documents.differing(tmp_path) == []


def test_an_unknown_argument_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="usage"):
        documents.main(["--chekc"], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", EVERY_TYPE, ids=lambda data: data.type)
def test_a_schema_has_a_name_of_its_own_and_stands_alone(data: type[EventData]) -> None:
    schema = documents.schema(data)
    assert schema["$id"] == f"urn:standing-hour:event:{data.type}"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["type"] == {"const": data.type}
    assert all(_found(schema, ref) is not None for ref in _refs(schema))


def test_the_document_has_the_shape_of_asyncapi_3(api: Json) -> None:
    assert api["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(api["info"])
    for server in api["servers"].values():
        assert {"host", "protocol"} <= set(server)
        assert set(re.findall(r"{(\w+)}", server["host"])) == set(server["variables"])
    for operation in api["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert set(operation["channel"]) == {"$ref"}
    for names in api["components"].values():
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


def test_every_reference_in_the_document_leads_somewhere(api: Json) -> None:
    refs = set(_refs(api))
    assert refs
    assert [ref for ref in refs if _found(api, ref) is None] == []


def test_every_type_is_in_the_channel_the_operation_and_the_components(api: Json) -> None:
    types = {data.type for data in EVERY_TYPE}
    channel, operation = api["channels"]["eventLog"], api["operations"]["tellEvents"]
    assert channel["address"] == "/v1/events"
    assert set(channel["messages"]) == set(api["components"]["messages"]) == types
    assert types <= set(api["components"]["schemas"])
    assert {ref["$ref"].rpartition("/")[2] for ref in operation["messages"]} == types
    for name, message in api["components"]["messages"].items():
        assert _found(api, message["payload"]["$ref"])["title"] == message["name"] == name


def test_the_document_asks_what_the_route_asks(api: Json) -> None:
    written = api["operations"]["tellEvents"]["bindings"]["http"]["query"]["properties"]
    asked = EventsQuery.model_json_schema()["properties"]
    assert set(written) == set(asked)
    for name, parameter in written.items():
        assert parameter == {key: asked[name][key] for key in parameter}


def _refs(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            else:
                yield from _refs(value)
    elif isinstance(part, list):
        for value in part:
            yield from _refs(value)


def _found(document: Json, ref: str) -> Any:
    place: Any = document
    for step in ref.removeprefix("#/").split("/"):
        place = place.get(step) if isinstance(place, dict) else None
    return place
