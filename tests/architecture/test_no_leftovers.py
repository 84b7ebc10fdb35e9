"""Nothing is left for later, faked by patching, or waved through without a reason."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import files, place, text

# Each pattern is written so that it does not match itself.
LEFTOVERS = {
    "a note to come back": r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b",
    "a body that is not there": r"\bNot[I]mplementedError\b",
    "a line kept from being measured": r"pragma:\s*no[ ]cover",
    "a mock": r"\bunittest[.]mock\b|\bfrom unittest import moc[k]\b|\bMagic[M]ock\b",
    "a patch": r"\bmonkeypatch[.](set|del)(attr|item)\b|\bmocker[.]patch\b",
    "an ignored type without a reason": r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+(#|-)\s\w)",
    "a skipped test without a reason": r"mark[.](skip|xfail)(\n|\(\))",
}


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_there_is_no_leftover(kind: str) -> None:
    pattern = re.compile(LEFTOVERS[kind])
    assert [
        place(path, number)
        for path in files()
        for number, line in enumerate(text(path).splitlines(keepends=True), 1)
        if pattern.search(line)
    ] == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("a note to come back", "# TO" + "DO: later"),
        ("an ignored type without a reason", "x = y  # type" + ": ignore"),
        ("an ignored type without a reason", "x = y  # type" + ": ignore[arg-type]"),
        ("a patch", "monkeypatch" + ".setattr(clock, 'now', None)"),
        ("a mock", "from unittest" + ".mock import Mock"),
        ("a body that is not there", "raise Not" + "ImplementedError"),
        ("a line kept from being measured", "# pragma: no" + " cover"),
        ("a skipped test without a reason", "@pytest.mark" + ".skip\n"),
    ],
)
def test_a_leftover_would_be_seen(kind: str, line: str) -> None:
    assert re.search(LEFTOVERS[kind], line)


def test_a_reason_is_enough() -> None:
    line = "x = y  # type" + ": ignore[arg-type] - the stubs of this library are wrong"
    assert not re.search(LEFTOVERS["an ignored type without a reason"], line)
