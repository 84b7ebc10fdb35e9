"""No route changes anything, or shows anyone's data, without an entry in the audit log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tests.architecture.sources import ROOT, files, tree

API: Final = ROOT / "services" / "scheduler" / "api"
METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
CHANGES: Final = frozenset({"answer_change"})
READS: Final = frozenset({"answer_read", "recorded_read"})
# What says nothing of a client: who works when, and what holds for everyone.
OF_NO_CLIENT: Final = frozenset(
    {
        "/v1/clinicians",
        "/v1/clinicians/{id}",
        "/v1/clinicians/{id}/time-off",
        "/v1/time-off/{id}",
        "/v1/clinicians/{id}/extra-hours",
        "/v1/extra-hours/{id}",
        "/v1/openings",
        "/v1/practice",
        "/v1/practice/holidays",
        "/v1/imports/{id}",  # line numbers and what is wrong there, and no one's data
    }
)

Handler = ast.FunctionDef | ast.AsyncFunctionDef


def routes() -> Iterator[tuple[str, str, set[str]]]:
    """Yield each route's method and path, and every name its handler uses, at first hand or not."""
    for path in files():
        if path.parent != API:
            continue
        functions = {
            node.name: node
            for node in tree(path).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for handler in functions.values():
            for method, address in _declared(handler):
                yield method, address, _names(handler, functions)


def _declared(handler: Handler) -> Iterator[tuple[str, str]]:
    for each in handler.decorator_list:
        match each:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="routes"), attr=method),
                args=[ast.Constant(value=str(address))],
            ) if method in METHODS:
                yield method, address


def _names(handler: Handler, functions: dict[str, Handler]) -> set[str]:
    found: set[str] = set()
    waiting = [handler]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        waiting.extend(functions[name] for name in names - found if name in functions)
        found |= names
    return found


def test_every_change_leaves_an_entry() -> None:
    changes = [each for each in routes() if each[0] != "get"]
    assert len(changes) > 20
    assert [(method, path) for method, path, names in changes if not names & CHANGES] == []


def test_every_reading_of_a_clients_data_leaves_an_entry() -> None:
    reads = [each for each in routes() if each[0] == "get"]
    assert {path for _, path, _ in reads} >= OF_NO_CLIENT
    silent = {path for _, path, names in reads if not names & READS}
    assert silent == OF_NO_CLIENT
