"""What must be true of a simulated practice, said without the notifier's own code."""

from __future__ import annotations

from tests.notifier.simulation import copies, reminding, telling
from tests.notifier.simulation.case import Case
from tests.notifier.simulation.evidence import Evidence


def broken(evidence: Evidence) -> list[str]:
    """Return every promise that was broken, in words."""
    case = Case(evidence)
    return [
        *copies.unfinished(case),
        *copies.unsent(case),
        *copies.wrongly_failed(case),
        *copies.doubled(case),
        *reminding.lost(case),
        *reminding.wrongly_skipped(case),
        *reminding.wrongly_sent(case),
        *reminding.unknown(case),
        *telling.untold(case),
        *telling.mistaken(case),
        *telling.said_in_pieces(case),
    ]
