"""The written form of the message schema: `python -m shared.events.documents` writes it anew.

A JSON Schema (2020-12) of each event, and an AsyncAPI 3.0 document of the whole log, under
docs/events. With `--check` nothing is written, and what differs is named.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from shared.events.data import EVERY_TYPE, EventData
from shared.events.envelope import Event

FOLDER: Final = Path(__file__).parents[2] / "docs" / "events"
LOG_ADDRESS: Final = "/v1/events"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ABOUT: Final = (
    "What the scheduler tells: people, courses and sessions as they now are. The log is"
    " pulled, in order, from a position that each reader keeps for itself."
)

Json = dict[str, Any]


def schema(data: type[EventData]) -> Json:
    """Return the JSON Schema of one whole event; it stands alone."""
    inside = data.model_json_schema()
    shared_parts = inside.pop("$defs", {})
    return {
        "$schema": _DIALECT,
        "$id": f"urn:standing-hour:event:{data.type}",
        **_whole(data, inside),
        **({"$defs": shared_parts} if shared_parts else {}),
    }


def asyncapi(types: Iterable[type[EventData]] = EVERY_TYPE) -> Json:
    """Return the AsyncAPI document of the log, every type in it."""
    told = list(types)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Standing Hour: events", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": "application/cloudevents+json",
        "servers": {"scheduler": _server()},
        "channels": {"eventLog": _channel(told)},
        "operations": {"tellEvents": _operation(told)},
        "components": {
            "messages": {data.type: _message(data) for data in told},
            "schemas": _schemas(told),
            "securitySchemes": {
                "serviceKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of the role `service`.",
                }
            },
        },
    }


def documents() -> dict[Path, str]:
    """Return the text of each document by its path below docs/events."""
    whole = {Path("schema", f"{data.type}.json"): schema(data) for data in EVERY_TYPE}
    whole[Path("asyncapi.json")] = asyncapi()
    return {
        path: json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for path, document in whole.items()
    }


def differing(folder: Path) -> list[Path]:
    """Return the paths below `folder` that are missing, stale, or no longer wanted."""
    wanted = documents()
    found = {path.relative_to(folder) for path in folder.glob("**/*.json")}
    stale = {path for path in found & set(wanted) if _text(folder / path) != wanted[path]}
    return sorted(stale | (found ^ set(wanted)))


def write(folder: Path) -> None:
    """Make the documents below `folder` those of the code."""
    wanted = documents()
    for path in differing(folder):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if path in wanted:
            (folder / path).write_text(wanted[path], encoding="utf-8")
        else:
            (folder / path).unlink()


def main(arguments: list[str], folder: Path = FOLDER) -> None:
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python -m shared.events.documents [--check]")
    if not arguments:
        write(folder)
    elif stale := differing(folder):
        names = ", ".join(path.as_posix() for path in stale)
        sys.exit(f"docs/events is not what the code says: {names} (run `make events`)")


def _whole(data: type[EventData], inside: Json) -> Json:
    envelope = Event.model_json_schema()
    properties = envelope["properties"]
    del properties["tzversion"]["default"]  # this machine's, not part of the contract
    properties["type"] = {"const": data.type}
    properties["data"] = inside
    properties["position"] = {"type": "integer", "minimum": 1}
    return {
        "title": data.type,
        "description": inside.pop("description"),
        "type": "object",
        "properties": properties,
        "required": [*envelope["required"], "specversion", "tzversion", "position"],
    }


def _schemas(told: list[type[EventData]]) -> Json:
    schemas: Json = {}
    for data in told:
        inside = data.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= inside.pop("$defs", {})
        schemas[data.type] = _whole(data, inside)
    return dict(sorted(schemas.items()))


def _server() -> Json:
    return {
        "host": "{host}",
        "protocol": "http",
        "description": "The scheduler, as the other services reach it.",
        "variables": {"host": {"default": "127.0.0.1:8080", "description": "SCHEDULER_URL"}},
    }


def _channel(told: list[type[EventData]]) -> Json:
    return {
        "address": LOG_ADDRESS,
        "title": "The event log",
        "description": 'Answers {"events": [...], "position": N}; N is what to ask `after` next.',
        "messages": {data.type: {"$ref": f"#/components/messages/{data.type}"} for data in told},
    }


def _operation(told: list[type[EventData]]) -> Json:
    query = {
        "after": {"type": "integer", "minimum": 0, "default": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 500},
        "wait": {"type": "number", "minimum": 0, "maximum": 60, "default": 0},
    }
    return {
        "action": "send",
        "channel": {"$ref": "#/channels/eventLog"},
        "title": "Tell what happened",
        "summary": "Every committed change is told once, in the order of the commits.",
        "security": [{"$ref": "#/components/securitySchemes/serviceKey"}],
        "messages": [{"$ref": f"#/channels/eventLog/messages/{data.type}"} for data in told],
        "bindings": {
            "http": {
                "method": "GET",
                "query": {"type": "object", "properties": query},
                "bindingVersion": "0.3.0",
            }
        },
    }


def _message(data: type[EventData]) -> Json:
    return {
        "name": data.type,
        "title": data.__name__,
        "summary": (data.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/cloudevents+json",
        "payload": {"$ref": f"#/components/schemas/{data.type}"},
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
