"""Sixteen weeks of a practice in which everything goes wrong; docs/proofs.md has longer runs."""

from __future__ import annotations

import pytest

from tests.notifier.simulation.running import Simulation


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_reminder_is_lost_or_wrong_and_each_second_copy_is_marked(
    database_url: str, seed: int
) -> None:
    report = await Simulation(database_url, courses=3, seed=seed).run()
    assert report.broken == []
    assert report.planned > 3 * 30
