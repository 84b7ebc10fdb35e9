"""The project's own Python files, as text and as trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("shared", "services", "demo", "tests", "benchmarks")


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Return every .py file below `folders`, or below all of the project's."""
    found = (path for name in folders or FOLDERS for path in (ROOT / name).glob("**/*.py"))
    return tuple(sorted(found))


def place(path: Path, line: int | None = None) -> str:
    """Return a path from the project's root that an editor can open."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call that is written in a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
