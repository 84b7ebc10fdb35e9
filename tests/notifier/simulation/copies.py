"""Every mail ends, fails only for a reason, and comes twice only where an answer was lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.notifier.simulation.case import Case
from tests.notifier.simulation.evidence import Row

ENDED: Final = ("sent", "skipped", "failed")
NOT_REPEATED: Final = ("task", "digest", "follow_up", "ended")  # one can do without a second copy


def unfinished(case: Case) -> Iterator[str]:
    for each in case.evidence.rows:
        if each.state not in ENDED:
            yield f"{each.id} is still {each.state}"


def unsent(case: Case) -> Iterator[str]:
    """What counts as sent was taken by the provider."""
    for each in case.evidence.rows:
        if each.state == "sent" and "sent" not in {one.answer for one in case.handed[each.id]}:
            yield f"{each.id} counts as sent, and was never taken"


def wrongly_failed(case: Case) -> Iterator[str]:
    for each in case.evidence.rows:
        if each.state == "failed" and not _rightly_failed(case, each):
            yield f"{each.id} failed as {each.reason}"


def _rightly_failed(case: Case, row: Row) -> bool:
    """It was refused, or a repeat might have been a third copy, or one copy too many."""
    if "refused" in {each.answer for each in case.handed[row.id]}:
        return True
    if row.kind in NOT_REPEATED:
        return case.silences(row) >= 1
    return row.reason == "answer_lost_twice" and case.silences(row) >= 2


def doubled(case: Case) -> Iterator[str]:
    for id, handed in case.handed.items():
        copies = sum(each.arrived for each in handed)
        row = case.rows.get(id)
        if row is None:
            yield f"{id} is nobody's"
            continue
        silences = case.silences(row)
        if copies > 2 or copies - 1 > silences:
            yield f"{id} arrived {copies} times, after {silences} silences"
        if copies > 1 and not row.answer_lost:
            yield f"{id} arrived twice and is not marked"
        if copies > 1 and row.kind in NOT_REPEATED:
            yield f"{id}, of a kind that is not repeated, arrived {copies} times"
