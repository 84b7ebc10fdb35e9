"""A process that is killed while it sends loses nothing; docs/proofs.md has longer runs."""

from __future__ import annotations

from collections import Counter

import pytest

from services.notifier.domain.states import State
from tests.notifier.killing import Row, judge, kill_one

ONCE = Row("a", State.SENT, answer_lost=False)
IN_DOUBT = Row("b", State.SENT, answer_lost=True)


async def test_a_process_killed_while_it_sends_loses_no_reminder_and_marks_each_second_copy(
    empty_database_url: str,
) -> None:
    replicas = 2 if empty_database_url.startswith("postgresql") else 1
    report = await kill_one(empty_database_url, replicas=replicas, due=300, seed=7)
    assert report.broken == []
    assert report.sent == 300


def test_a_reminder_in_doubt_may_come_twice() -> None:
    report = judge([ONCE, IN_DOUBT], Counter({"a": 1, "b": 2}))
    assert (report.sent, report.marked, report.doubled, report.broken) == (2, 1, 1, [])


@pytest.mark.parametrize(
    ("row", "copies", "found"),
    [
        (ONCE, {"a": 2}, "a came twice and is not marked"),
        (ONCE, {}, "a never arrived"),
        (IN_DOUBT, {"b": 3}, "b came 3 times"),
        (Row("a", State.FAILED, answer_lost=False), {"a": 1}, "a ended as failed"),
        (ONCE, {"a": 1, "z": 1}, "z is nobody's"),
    ],
    ids=["copied", "lost", "thrice", "failed", "strange"],
)
def test_what_was_promised_and_did_not_happen_is_named(
    row: Row, copies: dict[str, int], found: str
) -> None:
    assert judge([row], Counter(copies)).broken == [found]
