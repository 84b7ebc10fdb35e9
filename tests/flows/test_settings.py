"""A service with bad settings does not start, and says everything that is wrong at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from demo.processes import NAMES, ROOT

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("name", NAMES)
def test_bad_settings_are_all_complained_of_in_one_message(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", f"services.{name}"],
        cwd=ROOT,
        env={"SECRET_KEY": "short", "PORT": "none", "PRACTICE_TIMEZONE": "Nowhere/At_All"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 2
    for complaint in (
        "ADMIN_API_KEY is not set",
        "SERVICE_API_KEY is not set",
        "SECRET_KEY",
        "PORT",
    ):
        assert complaint in run.stderr
    assert "Traceback" not in run.stderr
    assert "short" not in run.stderr.replace("shorter", "")
