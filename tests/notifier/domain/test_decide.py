"""Whether something planned is still to be sent, asked right before each attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from services.notifier.domain.decide import (
    Decision,
    Item,
    Others,
    Say,
    Skip,
    Wait,
    decide_course,
    decide_notice,
    decide_reminder,
)
from services.notifier.domain.news import Booked, Moved, Told
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Unsent
from tests.conftest import NOW
from tests.notifier.diary import DAY, MINUTE, THURSDAY
from tests.notifier.domain.test_plan import session

STANDS = session(times_revision=2)
CANCELLED = replace(STANDS, status="cancelled")
OVER = replace(STANDS, status="no_show")
ALONE = Others(later=False, confirmation=False)
NOTHING = Told(session_id=STANDS.id)
KNOWN = Told(session_id=STANDS.id, starts_at=THURSDAY, status="scheduled")


@pytest.mark.parametrize(
    ("now_is", "revision", "now", "decision"),
    [
        (STANDS, 2, NOW, Say(items=(Item(session=STANDS),))),
        (STANDS, 1, NOW, Skip(Unsent.MOVED)),
        (STANDS, 3, NOW, Wait()),
        (CANCELLED, 2, NOW, Skip(Unsent.CANCELLED)),
        (OVER, 2, NOW, Skip(Unsent.CONCLUDED)),
        (STANDS, 2, THURSDAY - MINUTE, Say(items=(Item(session=STANDS),))),
        (STANDS, 2, THURSDAY, Skip(Unsent.TOO_LATE)),
    ],
)
def test_a_reminder_goes_only_for_a_time_that_still_holds(
    now_is: Session, revision: int, now: datetime, decision: Decision
) -> None:
    found = decide_reminder(now_is, revision=revision, nearer_is_due=False, now=now)
    assert found == decision


def test_of_two_reminders_that_are_due_the_nearer_goes() -> None:
    found = decide_reminder(STANDS, revision=2, nearer_is_due=True, now=NOW)
    assert found == Skip(Unsent.SUPERSEDED)


@pytest.mark.parametrize(
    ("told", "others", "decision"),
    [
        (NOTHING, ALONE, Say(items=(Item(session=STANDS, what=Booked()),))),
        (KNOWN, ALONE, Skip(Unsent.UNDONE)),
        (NOTHING, Others(later=True, confirmation=False), Skip(Unsent.SUPERSEDED)),
        (NOTHING, Others(later=False, confirmation=True), Skip(Unsent.SUPERSEDED)),
        (
            replace(KNOWN, starts_at=THURSDAY - DAY),
            Others(later=False, confirmation=True),
            Say(items=(Item(session=STANDS, what=Moved(before=THURSDAY - DAY)),)),
        ),
    ],
)
def test_a_notice_says_what_is_not_known_yet(
    told: Told, others: Others, decision: Decision
) -> None:
    assert decide_notice(STANDS, told, others, revision=5, now=NOW) == decision


def test_a_notice_of_a_change_that_is_not_known_again_yet_waits() -> None:
    assert decide_notice(STANDS, NOTHING, ALONE, revision=6, now=NOW) == Wait()


def test_a_cancel_is_worth_telling_until_the_hour_at_which_it_was_expected() -> None:
    def cancel_at(now: datetime) -> Decision:
        return decide_notice(CANCELLED, KNOWN, ALONE, revision=5, now=now)

    assert isinstance(cancel_at(THURSDAY - MINUTE), Say)
    assert cancel_at(THURSDAY) == Skip(Unsent.TOO_LATE)


def test_a_confirmation_lists_what_takes_place_and_lies_ahead_in_order() -> None:
    later, past = session(THURSDAY + DAY), session(NOW - DAY)
    found = decide_course([later, past, CANCELLED, STANDS], now=NOW)
    both = (Item(session=STANDS, what=Booked()), Item(session=later, what=Booked()))
    assert found == Say(items=both)
    assert decide_course([past], now=NOW) == Skip(Unsent.TOO_LATE)
    assert decide_course([CANCELLED], now=NOW) == Skip(Unsent.UNDONE)
    assert decide_course([], now=NOW) == Wait()
