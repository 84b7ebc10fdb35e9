"""A benchmark's table, on the terminal and in results.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).with_name("results.md")
TITLE: Final = """# What it takes

Every figure was taken by `python -m benchmarks` (`make bench`) and stands beside its limit: the
least that the same work could take here. Figures of one table come from one run; a p99 is the
nearest rank.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One benchmark's answer: what was aimed at, the figures, and how they were taken."""

    name: str
    aim: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another width than the table")

    def text(self) -> str:
        """Return it as markdown that reads well unrendered too."""
        table = _table([self.columns, *self.rows])
        notes = "".join(f"- {note}\n" for note in self.notes)
        again = f"`python -m benchmarks {self.name}`"
        return f"## {self.name}\n\n{self.aim}\n\n{table}\n{notes}\n{again}\n"


def keep(sections: Sequence[Section], machine: str, order: Sequence[str]) -> None:
    """Write results.md anew; what other benchmarks found stays, if this machine found it."""
    header = f"{TITLE}Machine: {machine}\n"
    written = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    found = _sections(written) if written.startswith(header) else {}
    found |= {section.name: section.text() for section in sections}
    body = "\n".join(found[name] for name in order if name in found)
    RESULTS.write_text(f"{header}\n{body}", encoding="utf-8")


def _sections(written: str) -> dict[str, str]:
    parts = re.split(r"^(?=## )", written, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## "): f"{part.rstrip()}\n" for part in parts}


def _table(rows: Sequence[Sequence[str]]) -> str:
    """The first column reads from the left, figures from the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = [f"{'-' * (width - 1)}{':' if i else '-'}" for i, width in enumerate(widths)]
    lines = [rows[0], rule, *rows[1:]]
    return "".join(
        f"| {' | '.join(_cell(cell, widths[i], i) for i, cell in enumerate(line))} |\n"
        for line in lines
    )


def _cell(text: str, width: int, place: int) -> str:
    return text.rjust(width) if place else text.ljust(width)
