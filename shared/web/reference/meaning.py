"""JSON Schemas in words: what a member is, and what it may be."""

from __future__ import annotations

import json
from typing import Final

from shared.web.reference.markup import Markup, element, joined, line
from shared.web.reference.schemas import Json

_FORMATS: Final = {
    "uuid": "id",
    "date": "date",
    "date-time": "time with offset",
}
_BOUNDS: Final = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "{} or more characters"),
    ("maxLength", "up to {} characters"),
    ("minItems", "{} or more"),
    ("maxItems", "up to {}"),
    ("default", "{} if left out"),
)


def kind(schema: Json) -> Markup:
    """Return what a value is, in few words; a schema with a name leads to where it is told."""
    if "$ref" in schema:
        return _link(schema["$ref"])
    if "anyOf" in schema:
        return _either([kind(each) for each in schema["anyOf"]])
    if "enum" in schema:
        return _either([_value(each) for each in schema["enum"]])
    if "const" in schema:
        return _value(schema["const"])
    if schema.get("type") == "array":
        return joined(["list of ", kind(schema.get("items", {}))])
    named = _FORMATS.get(schema.get("format", ""), schema.get("type"))
    return joined([str(named or "anything")])


def bounds(schema: Json) -> Markup:
    """Return what else a value must be, in the words of a sentence; nothing if nothing."""
    known = [
        said.format(json.dumps(schema[name], ensure_ascii=False))
        for name, said in _BOUNDS
        if schema.get(name, []) != []
    ]
    if "pattern" in schema:
        known.append(f"matches `{schema['pattern']}`")
    for branch in schema.get("anyOf", ()):
        known.extend([str(bounds(branch))] if bounds(branch) else ())
    return line(", ".join(known)) if "anyOf" not in schema else Markup(", ".join(known))


def members(schema: Json) -> Markup:
    """Return a table of the members of an object; nothing for a schema that has none."""
    required = schema.get("required", ())
    rows = [
        row(name, member, required=name in required)
        for name, member in schema.get("properties", {}).items()
    ]
    return table(rows) if rows else Markup("")


def table(rows: list[Markup]) -> Markup:
    return element("div", element("table", element("tbody", rows)), class_="wide")


def row(name: str, schema: Json, *, required: bool, said: str = "") -> Markup:
    """Return a row: the name, what it is, and what it means."""
    return element(
        "tr",
        element("th", element("code", name), _must(required=required), scope="row"),
        element("td", kind(schema)),
        element("td", _sentences(said or schema.get("description", ""), bounds(schema))),
    )


def _must(*, required: bool) -> Markup:
    return element("span", " required", class_="must") if required else Markup("")


def _sentences(said: str, limits: Markup) -> Markup:
    parts = [line(said)] if said else []
    if limits:
        parts.append(element("span", limits, class_="limits"))
    return joined(Markup(" ").join(parts))


def _link(reference: str) -> Markup:
    name = reference.rpartition("/")[2]
    return element("a", name, href=f"#{name}")


def _either(parts: list[Markup]) -> Markup:
    return Markup(" or ".join(parts))


def _value(value: object) -> Markup:
    return element("code", json.dumps(value, ensure_ascii=False))
