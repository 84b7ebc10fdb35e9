"""The judge of the simulated practice finds what a worse notifier would leave behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.notifier.store import MIGRATIONS
from tests.cast import ANA_ID, KIM_ID
from tests.migrated import Migrated
from tests.notifier.diary import HOUR, MINUTE
from tests.notifier.simulation.crashes import quiet_evidence
from tests.notifier.simulation.evidence import Evidence, Handed, Row
from tests.notifier.simulation.promises import broken

Which = Callable[[Row], bool]
Worse = Callable[[Evidence], Evidence]


@pytest.fixture(scope="module")
def evidence(migrated: Migrated, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What the short story leaves behind when nothing goes wrong."""
    folder: Path = tmp_path_factory.mktemp("quiet")
    return asyncio.run(quiet_evidence(lambda: migrated.copy("sqlite", MIGRATIONS, folder)))


def a_reminder(row: Row) -> bool:
    return row.kind == "reminder"


def a_sent_reminder(row: Row) -> bool:
    return a_reminder(row) and row.state == "sent"


def of_kind(kind: str) -> Which:
    return lambda row: row.kind == kind


def ended(which: Which, state: str, reason: str | None) -> Worse:
    """Each of these ends so, at its time, and is not handed over."""

    def worse(before: Evidence) -> Evidence:
        rows = [each for each in before.rows if which(each)]
        changed = {
            each.id: replace(each, state=state, reason=reason, ended_at=each.due_at, attempts=0)
            for each in rows
        }
        return replace(
            before,
            rows=tuple(changed.get(each.id, each) for each in before.rows),
            handed=tuple(each for each in before.handed if each.delivery not in changed),
        )

    return worse


def half(which: Which) -> Which:
    dice = random.Random(3)
    return lambda row: which(row) and dice.random() < 0.5


def never_planned(which: Which) -> Worse:
    def worse(before: Evidence) -> Evidence:
        gone = {each.id for each in before.rows if which(each)}
        rows = tuple(each for each in before.rows if each.id not in gone)
        handed = tuple(each for each in before.handed if each.delivery not in gone)
        return replace(before, rows=rows, handed=handed)

    return worse


def handed_over(which: Which, **what: Any) -> Worse:
    """Each of these was handed over otherwise."""

    def worse(before: Evidence) -> Evidence:
        ids = {each.id for each in before.rows if which(each)}
        return replace(before, handed=tuple(_other(each, ids, what) for each in before.handed))

    return worse


def _other(handed: Handed, ids: set[Any], what: dict[str, Any]) -> Handed:
    if handed.delivery not in ids:
        return handed
    later = handed.at + what.get("later", timedelta())
    return replace(handed, at=later, **{k: v for k, v in what.items() if k != "later"})


def copied(times: int, *, marked: bool = False, silent: bool = False) -> Worse:
    """Each reminder that was sent arrives so many times more."""

    def worse(before: Evidence) -> Evidence:
        sent = {each.id for each in before.rows if a_sent_reminder(each)}
        first = [each for each in before.handed if each.delivery in sent]
        if silent:
            first = [replace(each, answer="lost") for each in first]
        return replace(
            before,
            rows=tuple(
                replace(each, answer_lost=marked, attempts=1 + times) if each.id in sent else each
                for each in before.rows
            ),
            handed=(*first * times, *before.handed),
        )

    return worse


def sent_after_all(reason: str) -> Worse:
    """What was skipped for that reason is handed over at its time."""

    def worse(before: Evidence) -> Evidence:
        rows = {each.id: each for each in before.rows if each.reason == reason}
        assert rows
        like = before.handed[-1]
        known = len(before.told)
        more = [
            replace(like, delivery=each.id, at=each.due_at, known=known, begun=known)
            for each in rows.values()
        ]
        changed = [replace(each, state="sent") if each.id in rows else each for each in before.rows]
        return replace(before, rows=tuple(changed), handed=(*before.handed, *more))

    return worse


def heard(status: str | None) -> Worse:
    """Nobody ever heard anything, or all of them something else."""

    def worse(before: Evidence) -> Evidence:
        if status is None:
            return replace(before, heard={})
        return replace(before, heard={key: (at, status) for key, (at, _) in before.heard.items()})

    return worse


def told_in_pieces(before: Evidence) -> Evidence:
    """What changed is told to each reader once more, two minutes later."""
    moved = {each.id: each for each in before.rows if each.kind == "moved"}
    names = {id: type(id)(int=id.int ^ 1) for id in moved}
    rows = [
        replace(each, id=names[each.id], due_at=each.due_at + 2 * MINUTE) for each in moved.values()
    ]
    handed = [
        replace(each, delivery=names[each.delivery], at=each.at + 2 * MINUTE)
        for each in before.handed
        if each.delivery in names
    ]
    return replace(before, rows=(*before.rows, *rows), handed=(*before.handed, *handed))


WORSE: dict[str, Worse] = {
    **{
        f"each reminder is skipped as {reason}": ended(a_reminder, "skipped", reason)
        for reason in (
            *("too_late", "cancelled", "moved", "concluded", "superseded", "opted_out"),
            *("withdrawn", "not_in_it", "not_wanted", "address_stopped", "undone", "whatever"),
        )
    },
    "half of them are superseded": ended(half(a_sent_reminder), "skipped", "superseded"),
    "half of them are too late": ended(half(a_sent_reminder), "skipped", "too_late"),
    "one that is to be tried again fails": ended(a_sent_reminder, "failed", "sendgrid_503"),
    "one fails as in doubt, and is not": ended(a_sent_reminder, "failed", "answer_lost_twice"),
    "one counts as sent, and is not": ended(a_sent_reminder, "sent", None),
    "one is never looked at": ended(a_sent_reminder, "planned", None),
    "none is planned": never_planned(a_reminder),
    "a client's are planned, a guardian's not": never_planned(
        lambda row: a_reminder(row) and row.person_id not in (KIM_ID, ANA_ID)
    ),
    "half an hour late": handed_over(a_sent_reminder, later=30 * MINUTE),
    "half an hour early": handed_over(a_sent_reminder, later=-30 * MINUTE),
    "to somebody else": handed_over(a_sent_reminder, to="jo@elsewhere.example"),
    "of another hour": handed_over(a_sent_reminder, text="Friday, December 4, 2026, 3:00 PM EST"),
    "not taken, and counted as sent": handed_over(a_sent_reminder, answer="retry", arrived=False),
    "twice, unasked": copied(1, marked=True),
    "twice, unmarked": copied(1, silent=True),
    "three times": copied(2, marked=True, silent=True),
    "after a cancel": sent_after_all("cancelled"),
    "after a move": sent_after_all("moved"),
    "after an opt-out": sent_after_all("opted_out"),
    "a cancel is not told": ended(of_kind("cancelled"), "skipped", "undone"),
    "a move is not told": ended(of_kind("moved"), "skipped", "superseded"),
    "a cancel is told when it is over": handed_over(of_kind("cancelled"), later=24 * HOUR),
    "a move tells another hour": handed_over(of_kind("moved"), text="Soon."),
    "nobody has heard": heard(None),
    "everybody has heard that it is off": heard("cancelled"),
    "everybody has heard that it is on": heard("scheduled"),
    "a change in two pieces": told_in_pieces,
}


def test_a_notifier_that_keeps_its_promises_is_found_to(evidence: Evidence) -> None:
    assert broken(evidence) == []


@pytest.mark.parametrize("worse", WORSE.values(), ids=WORSE)
def test_what_a_worse_notifier_leaves_behind_is_found(evidence: Evidence, worse: Worse) -> None:
    assert broken(worse(evidence))


def test_an_outage_excuses_what_it_covers_and_nothing_else(evidence: Evidence) -> None:
    """All of the last hour before Kim's first date, but for what came before it."""
    late = ended(lambda row: a_sent_reminder(row) and row.offset_seconds == 3600, "skipped", "x")
    rows = [each for each in late(evidence).rows if each.reason == "x"]
    over = {each.id: replace(each, reason="too_late", ended_at=each.due_at + HOUR) for each in rows}
    without = replace(
        late(evidence), rows=tuple(over.get(each.id, each) for each in late(evidence).rows)
    )
    pauses = tuple(sorted({(each.due_at, each.due_at + HOUR) for each in rows}))
    assert broken(replace(without, pauses=pauses)) == []
    shorter = tuple((begins, ends - 10 * MINUTE) for begins, ends in pauses)
    assert broken(replace(without, pauses=shorter))
