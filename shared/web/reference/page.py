"""The reference as one page that needs no script and no other host."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any, Final

from shared.web.reference.markup import Markup, element, joined, prose
from shared.web.reference.meaning import kind, members, row, table
from shared.web.reference.schemas import Json

JSON: Final = "application/json"
_PLACE: Final = "#/components/schemas/"
METHODS: Final = ("get", "post", "put", "patch", "delete")


def rendered(document: Json) -> str:
    """Return the page of an OpenAPI document: every operation and every schema in it."""
    document = _with_words_in_place(document)
    title = document["info"]["title"]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("link", rel="stylesheet", href="/docs.css"),
    )
    body = element(
        "body",
        element("nav", _index(document), aria_label="Contents"),
        element("main", _about(document), _operations(document), _schemas(document)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _with_words_in_place(document: Json) -> Json:
    """Return the document with each list of words where it is used, not by its name."""
    schemas = document["components"]["schemas"]
    words = {f"{_PLACE}{name}": part for name, part in schemas.items() if "enum" in part}
    whole: Json = _replaced(document, words)
    left = {n: part for n, part in schemas.items() if f"{_PLACE}{n}" not in words}
    whole["components"]["schemas"] = {name: _replaced(part, words) for name, part in left.items()}
    return whole


def _replaced(value: Any, words: Json) -> Any:
    if isinstance(value, list):
        return [_replaced(each, words) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _replaced(each, words) for name, each in value.items()}
    return {**words[found.pop("$ref")], **found} if found.get("$ref") in words else found


def _about(document: Json) -> Markup:
    scheme = document["components"]["securitySchemes"]["key"]["description"]
    whole = element("a", "openapi.json", href="/openapi.json")
    return element(
        "header",
        element("h1", document["info"]["title"]),
        prose(document["info"]["description"]),
        prose(f"`Authorization: Bearer KEY`: {scheme}"),
        element("p", "For programs, in OpenAPI 3.1: ", whole),
    )


def _index(document: Json) -> Markup:
    return joined(
        [
            *(
                joined(
                    [
                        element("h2", tag.replace("-", " ")),
                        element("ul", (_entry(*each) for each in _tagged(document, tag))),
                    ]
                )
                for tag in _tags(document)
            ),
            element("p", element("a", "What bodies and answers hold", href="#schemas")),
        ]
    )


def _entry(path: str, method: str, operation: Json) -> Markup:
    said = element("small", f"{method.upper()} {path}")
    return element("li", element("a", operation["summary"], said, href=f"#{_id(operation)}"))


def _operations(document: Json) -> Markup:
    return joined(
        element(
            "section",
            element("h2", tag.replace("-", " ")),
            (_operation(document, *each) for each in _tagged(document, tag)),
        )
        for tag in _tags(document)
    )


def _operation(document: Json, path: str, method: str, operation: Json) -> Markup:
    signature = element("p", element("b", method.upper()), f" {path}", class_=f"route {method}")
    return element(
        "article",
        element("h3", operation["summary"]),
        signature,
        prose(operation["description"]),
        _parameters(document, operation),
        _body(document, operation),
        _example(path, method, operation),
        _responses(operation),
        id=_id(operation),
    )


def _parameters(document: Json, operation: Json) -> Markup:
    known = [_resolved(document, each) for each in operation["parameters"]]
    rows = [
        row(
            each["name"],
            each["schema"],
            required=each["required"],
            said=f"In the {each['in']}. {each.get('description', '')}".strip(),
        )
        for each in known
    ]
    return joined([element("h4", "Parameters"), table(rows)]) if rows else Markup("")


def _body(document: Json, operation: Json) -> Markup:
    if "requestBody" not in operation:
        return Markup("")
    heading = "Body" if operation["requestBody"]["required"] else "Body, which may be left out"
    media_type, content = _taken(operation)
    if media_type != JSON:
        return element("h4", f"{heading}: ", element("code", media_type))
    told = _resolved(document, content["schema"])
    return joined(
        [
            element("h4", f"{heading}: ", kind(content["schema"])),
            prose(told.get("description", "")),
            members(told),
        ]
    )


def _taken(operation: Json) -> tuple[str, Json]:
    """Return the media type of the body and what is said of it; JSON and nothing for none."""
    content = operation.get("requestBody", {}).get("content", {JSON: {}})
    [(media_type, said)] = content.items()
    return media_type, said


def _example(path: str, method: str, operation: Json) -> Markup:
    media_type, content = _taken(operation)
    shown = [_json(each["value"]) for each in content.get("examples", {}).values()]
    if media_type != JSON:
        shown = [["-H", f"'Content-Type: {media_type}'", "--data-binary", "@FILE"]]
    calls = [_curl(path, method, operation, each) for each in shown or [[]]]
    return joined(element("pre", element("code", each)) for each in calls)


def _json(body: Any) -> list[str]:
    return ["--json", shlex.quote(json.dumps(body, ensure_ascii=False, indent=2))]


def _curl(path: str, method: str, operation: Json, body: list[str]) -> str:
    words = (
        ["curl"]
        if method == "get" or (method == "post" and body)
        else ["curl", "-X", method.upper()]
    )
    if operation["security"]:
        words += ["-H", '"Authorization: Bearer $KEY"']
    needed = [f"{each['name']}=…" for each in operation["parameters"] if _asked(each)]
    address = path.replace("{", "$").replace("}", "") + ("?" + "&".join(needed) if needed else "")
    return " ".join([*words, f'"$URL{address}"', *body])


def _asked(parameter: Json) -> bool:
    return bool(parameter.get("in") == "query" and parameter["required"])


def _responses(operation: Json) -> Markup:
    rows = [
        element(
            "tr",
            element("th", element("code", status), scope="row"),
            element("td", _content(response)),
            element("td", prose(response["description"])),
        )
        for status, response in operation["responses"].items()
    ]
    return joined([element("h4", "Answers"), table(rows, of="answers")])


def _content(response: Json) -> Markup:
    for media_type, content in response.get("content", {}).items():
        named = "$ref" in content["schema"]
        return kind(content["schema"]) if named else element("code", media_type)
    return element("span", "nothing")


def _schemas(document: Json) -> Markup:
    told = document["components"]["schemas"].items()
    return element(
        "section",
        element("h2", "What bodies and answers hold"),
        (_schema(name, schema) for name, schema in told),
        id="schemas",
    )


def _schema(name: str, schema: Json) -> Markup:
    what = Markup("") if "properties" in schema else element("p", kind(schema))
    return element(
        "article",
        element("h3", element("code", name)),
        prose(schema.get("description", "")),
        what,
        members(schema),
        id=name,
    )


def _tags(document: Json) -> list[str]:
    """The service's own routes come last: who reads this has come for the others."""
    names = [str(tag["name"]) for tag in document["tags"]]
    return sorted(names, key=lambda name: name in ("service", "events"))


def _tagged(document: Json, tag: str) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and item[method]["tags"] == [tag]:
                yield path, method, item[method]


def _id(operation: Json) -> str:
    return str(operation["operationId"])


def _resolved(document: Json, found: Json) -> Json:
    while "$ref" in found:
        _, _, kind_of, name = found["$ref"].split("/")
        found = document["components"][kind_of][name]
    return found
