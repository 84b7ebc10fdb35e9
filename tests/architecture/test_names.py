"""A module is named after what it is about."""

from __future__ import annotations

import re

from tests.architecture.sources import files, place, text

SAYS_NOTHING = re.compile(r"(.*_)?(utils?|helpers?|common|misc|managers?|base)(_.*)?")


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert files()
    assert [
        place(path)
        for path in files()
        if any(SAYS_NOTHING.fullmatch(part.removesuffix(".py")) for part in path.parts[-3:])
    ] == []


def test_every_file_says_what_it_is() -> None:
    silent = [
        place(path)
        for path in files()
        if path.name != "env.py"  # the two lines that alembic runs
        and not text(path).startswith('"""')
    ]
    assert silent == []
