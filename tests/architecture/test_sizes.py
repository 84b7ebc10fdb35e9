"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.architecture.sources import files, place, text, tree

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40


def test_no_file_is_over_300_lines() -> None:
    sizes = {place(path): len(text(path).splitlines()) for path in files()}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_over_40_lines() -> None:
    sizes = {
        f"{place(path, node.lineno)} {node.name}": _lines(node)
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert sizes
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION} == {}


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
