"""The rooms keep their order, and every module is in a room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    for name in ("services", "shared"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _contracts(folder: Path) -> tuple[int, str]:
    program = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, told.stdout + told.stderr


def test_the_code_keeps_its_contracts(copy: Path) -> None:
    code, told = _contracts(copy)
    assert code == 0, told
    assert "0 broken" in told


BEHIND_THE_DOOR = {
    "a module of a service in no room": ("services/scheduler/odds.py", "", "odds"),
    "a module of the notifier in no room": ("services/notifier/ends.py", "", "ends"),
    "a module of shared in no room": ("shared/odds.py", "", "odds"),
    "a service that reads another": (
        "services/scheduler/use_cases/peeking.py",
        "import services.notifier.store",
        "Services never import one another BROKEN",
    ),
    "a domain that speaks HTTP": (
        "services/scheduler/domain/talking.py",
        "import aiohttp",
        "The domain is pure BROKEN",
    ),
    "a store that calls back up": (
        "services/scheduler/store/rising.py",
        "import services.scheduler.api",
        "every module knows its room BROKEN",
    ),
    "a second door to a vendor": (
        "services/notifier/store/posting.py",
        "import sendgrid",
        "one door each BROKEN",
    ),
}


@pytest.mark.parametrize("spoiled", BEHIND_THE_DOOR)
def test_a_breach_is_named(copy: Path, spoiled: str) -> None:
    path, line, named = BEHIND_THE_DOOR[spoiled]
    (copy / path).write_text(f'"""Out of place."""\n\n{line}\n')
    code, told = _contracts(copy)
    assert code != 0
    assert named in told
