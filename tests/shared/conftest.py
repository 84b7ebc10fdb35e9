"""A history with every shared table, for the tests of what the services share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def migrations() -> Path:
    return Path(__file__).parent / "histories" / "log"
