"""What the notifier's tests may ask for: its tables on both databases, and a stage over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifier.store import MIGRATIONS
from shared.clock import HeldClock
from shared.store.database import Database
from tests.notifier.stage import Stage


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture
def stage(database: Database, clock: HeldClock) -> Stage:
    return Stage(database, clock)
