"""JSON Schemas of the models that parse requests, and of those that describe answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

Json = dict[str, Any]
Model = type[BaseModel]

_PLACE: Final = "#/components/schemas/"


class Untitled(GenerateJsonSchema):
    """A field's title would only say its name again."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The schemas of some models and of all that is in them, each under a name of its own."""

    names: Mapping[Model, str]
    parts: Mapping[str, Json]

    def of(self, model: Model) -> Json:
        return self.parts[self.names[model]]

    def reference(self, model: Model) -> Json:
        return {"$ref": _PLACE + self.names[model]}

    def without(self, models: Iterable[Model]) -> Json:
        """Return all but these, by their names."""
        hidden = {self.names[model] for model in models}
        return {name: self.parts[name] for name in sorted(self.parts) if name not in hidden}


def schemas_of(models: Iterable[Model]) -> Schemas:
    """Return the schemas of `models`; what a body shows as examples is not in its schema."""
    once = list(dict.fromkeys(models))
    found, whole = models_json_schema(
        [(model, "validation") for model in once],
        ref_template=_PLACE + "{model}",
        schema_generator=Untitled,
    )
    parts: Json = _named(whole.get("$defs", {}))
    for part in parts.values():
        part.pop("title", None)
        part.pop("examples", None)
    names = {model: found[model, "validation"]["$ref"] for model in once}
    return Schemas(names={model: _short(ref) for model, ref in names.items()}, parts=parts)


def examples(model: Model) -> list[Any]:
    """Return the examples that a body brings of itself."""
    extra = model.model_config.get("json_schema_extra")
    found = extra.get("examples", []) if isinstance(extra, dict) else []
    return list(found) if isinstance(found, list) else []


def _named(parts: Json) -> Json:
    """Give two of one name their modules; raise `ValueError` if that does not tell them apart."""
    short = {name: _short(name) for name in parts}
    if len(set(short.values())) < len(parts):
        raise ValueError(f"two schemas share a name and a module: {sorted(short.values())}")
    text = json.dumps(parts)
    for name in (each for each in parts if "__" in each):
        text = text.replace(f'"{_PLACE}{name}"', f'"{_PLACE}{short[name]}"')
    return {short[name]: part for name, part in json.loads(text).items()}


def _short(name: str) -> str:
    """`services__scheduler__domain__sessions__Kind` is `sessions.Kind`, and `Kind` is `Kind`."""
    return ".".join(name.removeprefix(_PLACE).split("__")[-2:])
