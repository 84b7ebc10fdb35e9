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
    known = [said.format(schema[name]) for name, said in _BOUNDS if name in schema]
    if "pattern" in schema:
        known.append(f"matches `{schema['pattern']}`")
    if schema.get("default", []) not in ([], None):
        known.append(f"`{_plain(schema['default'])}` if left out")
    branches = [bounds(branch) for branch in schema.get("anyOf", ())]
    return Markup(", ".join([*map(line, known), *filter(None, branches)]))


def members(schema: Json) -> Markup:
    """Return a table of the members of an object; nothing for a schema that has none."""
    required = schema.get("required", ())
    rows = [
        row(name, member, required=name in required)
        for name, member in schema.get("properties", {}).items()
    ]
    return table(rows) if rows else Markup("")


def table(rows: list[Markup], *, of: str = "members") -> Markup:
    return element("table", element("tbody", rows), class_=of)


def row(name: str, schema: Json, *, required: bool, said: str = "") -> Markup:
    """Return a row: the name, what it is, and what it means."""
    return element(
        "tr",
        element("th", element("code", name), _must(required=required), scope="row"),
        element("td", kind(schema)),
        element("td", _sentences(said or _meaning(schema), bounds(schema))),
    )


def _must(*, required: bool) -> Markup:
    return element("span", " required", class_="must") if required else Markup("")


def _sentences(said: str, limits: Markup) -> Markup:
    words = line(said)
    if not limits:
        return words
    return joined([words, " " if words else "", element("span", limits, class_="limits")])


def _link(reference: str) -> Markup:
    name = reference.rpartition("/")[2]
    return element("a", name, href=f"#{name}")


def _either(parts: list[Markup]) -> Markup:
    return Markup(" or ".join(parts))


def _value(value: object) -> Markup:
    return element("code", _plain(value))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _meaning(schema: Json) -> str:
    """What is said of it, or of what it is when it is not null."""
    told: str = schema.get("description", "")
    return told or next(filter(None, map(_meaning, schema.get("anyOf", ()))), "")
