"""Sixteen weeks of a practice in which everything goes wrong; docs/proofs.md has longer runs."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from services.notifier.store import MIGRATIONS
from tests.migrated import Migrated
from tests.notifier.simulation.crashes import crash_everywhere
from tests.notifier.simulation.promises import broken
from tests.notifier.simulation.running import practice
from tests.notifier.simulation.trouble import EVERY_FAULT

SOME = 16  # of so many boundaries one
EACH_KIND = {
    *("confirmed", "moved", "moved back", "cancelled", "zone changed", "concluded"),
    *("member left", "course extended", "course ended", "address corrected", "other offsets"),
    *("quiet hours", "opted out of another kind", "opted out", "guardian's level changed"),
    *("practice settled anew", "clinician settled anew", "sending paused", "sending resumed"),
    *("told while overdue", "one of several moved", "moved while on its way"),
}


async def test_whatever_goes_wrong_no_reminder_is_lost_or_wrong_and_each_second_copy_is_marked(
    database_url: str,
) -> None:
    report = await practice(database_url, courses=3, seed=2).run()
    assert broken(report.evidence) == []
    assert EVERY_FAULT - report.faults.keys() == set()
    assert EACH_KIND - report.happened.keys() == set()
    assert sum(each.arrived for each in report.evidence.handed) > 3 * 50


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_process_may_end_at_any_commit(
    kind: str, migrated: Migrated, tmp_path: Path
) -> None:
    """One commit of each few; the command of docs/proofs.md has them all."""

    def lent() -> AbstractAsyncContextManager[str]:
        return migrated.copy(kind, MIGRATIONS, Path(mkdtemp(dir=tmp_path)))

    crashes = await crash_everywhere(lent, every=SOME)
    assert crashes.broken == []
    assert crashes.killed >= 2 * crashes.commits // SOME > 3
