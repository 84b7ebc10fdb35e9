"""JSON Schemas of the models that parse requests, and of those that describe answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

Json = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{model}"


class Untitled(GenerateJsonSchema):
    """A field's title would only say its name again."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def reference(model: type[BaseModel]) -> Json:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def components(
    bodies: Iterable[type[BaseModel]],
    queries: Iterable[type[BaseModel]],
    answers: Iterable[type[BaseModel]],
) -> Json:
    """Return every schema by its name; raise `ValueError` for two that share one."""
    found: Json = {}
    for model in (*bodies, *answers):
        _join(found, _schema(model))
    for model in queries:
        _join(
            found, {name: part for name, part in _schema(model).items() if name != model.__name__}
        )
    return {name: found[name] for name in sorted(found)}


def query_schema(model: type[BaseModel]) -> Json:
    """Return the schema of a query, whose members are the parameters."""
    found: Json = _schema(model)[model.__name__]
    return found


def examples(model: type[BaseModel]) -> list[Any]:
    """Return the examples that a body brings of itself."""
    extra = model.model_config.get("json_schema_extra")
    found = extra.get("examples", []) if isinstance(extra, dict) else []
    return list(found) if isinstance(found, list) else []


def _schema(model: type[BaseModel]) -> Json:
    """Return the schemas of a model and of all in it; what a body shows as examples is not in."""
    _, whole = models_json_schema(
        [(model, "validation")], ref_template=REFERENCE, schema_generator=Untitled
    )
    found: Json = whole["$defs"]
    for part in found.values():
        part.pop("title", None)
        part.pop("examples", None)
    return found


def _join(found: Json, more: Json) -> None:
    for name, schema in more.items():
        if found.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are named {name}")
