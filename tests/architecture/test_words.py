"""What leaves the practice's own database tells nobody what kind of practice it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from shared.events.data import EVERY_TYPE
from shared.events.envelope import Event
from tests.architecture.sources import ROOT, calls, files, place

CLINICAL = re.compile(
    r"therap|terap|psych|psic|modalit|interpersonal|diagnos|concern|treatment|symptom|counsel"
    r"|clinical|depress|anxi|trauma|disorder|grief|suicid|(?<![a-z])(ipt|patient|mental)(?![a-z])",
    re.IGNORECASE,
)
COUNTED = re.compile(r"{{[^}]*(\bordinal\b|loop[.](index|length|revindex))|\b\d+ (of|de) \d+\b")
UNTOLD = {"reason", "note", "notes", "date_of_birth", "birth", "age", "age_groups", "gender", "sex"}
PERSONAL = {
    "name", "email", "mail", "address", "recipient", "recipients", "to", "token", "url", "path",
    "subject", "body", "text", "message", "phone", "client", "person", "key", "password",
}  # fmt: skip
TEMPLATES = sorted(
    path
    for path in (ROOT / "services").glob("*/*/templates/**/*")
    if path.is_file() and path.suffix != ".pyc"
)
GOLDEN = sorted((ROOT / "tests" / "events" / "golden").glob("*/*.json"))
METRICS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            if inner is not model:
                yield from _fields(inner)


def test_no_field_of_an_event_is_clinical() -> None:
    models: tuple[type[BaseModel], ...] = (Event, *EVERY_TYPE)
    told = {name for model in models for name in _fields(model)}
    assert {"client_ids", "starts_at", "guardian_id"} <= told
    assert [name for name in told if CLINICAL.search(name) or name in UNTOLD] == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_no_word_of_a_golden_event_is_clinical(path: Path) -> None:
    assert not CLINICAL.search(path.read_text())


def test_there_are_templates() -> None:
    assert any("rendering" in path.parts for path in TEMPLATES)


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_no_template_says_a_clinical_word_or_counts_sessions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [found.group() for found in CLINICAL.finditer(text)] == []
    assert [found.group() for found in COUNTED.finditer(text)] == []


def test_no_metric_is_named_or_labelled_after_a_clinical_word_or_a_person() -> None:
    names = [
        (place(path, call.lineno), word)
        for path in files("shared", "services")
        for call in calls(path)
        if _name(call.func) in METRICS
        for word in _texts(call.args)
    ]
    assert names
    assert [each for each in names if CLINICAL.search(each[1]) or each[1] in PERSONAL] == []


def test_a_log_line_is_a_stable_word_and_carries_nothing_personal() -> None:
    lines = [
        (place(path, call.lineno), call)
        for path in files("shared", "services")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in LOGGING
        and _name(call.func.value) in {"log", "logger"}
    ]
    assert lines
    assert [where for where, call in lines if not _is_action(call)] == []
    beside = [(where, word.arg) for where, call in lines for word in call.keywords if word.arg]
    assert [each for each in beside if each[1] in PERSONAL or CLINICAL.search(each[1])] == []


def _is_action(call: ast.Call) -> bool:
    first = call.args[0] if len(call.args) == 1 else None
    return (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", first.value) is not None
        and not CLINICAL.search(first.value)
    )


def _texts(arguments: list[ast.expr]) -> Iterator[str]:
    """The metric's name and its labels; the help text stands between them."""
    for index, argument in enumerate(arguments):
        for node in ast.walk(argument) if index != 1 else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None
