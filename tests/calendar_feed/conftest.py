"""What the calendar feed's tests may ask for: its tables on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.calendar_feed.store import MIGRATIONS


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS
