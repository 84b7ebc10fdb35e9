"""Log lines are kept in memory: a scheduler that is away writes many, and nobody reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from services.notifier.keys import SWEEP
from shared.clock import HeldClock
from tests.notifier.api.running import Client, running, settings


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
async def notifier(database_url: str, tmp_path: Path, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(settings(database_url, tmp_path / "mail"), clock) as client:
        client.app[SWEEP].progress.caught_up = True
        yield client
