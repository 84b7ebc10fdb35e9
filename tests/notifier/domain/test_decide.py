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
    SayPlainly,
    Skip,
    Standing,
    Wait,
    decide_follow_up,
    decide_notice,
    decide_reminder,
    keep_back,
)
from services.notifier.domain.news import Booked, Cancelled, Moved, Told
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Unsent
from tests.conftest import NOW
from tests.notifier.diary import DAY, MINUTE, THURSDAY
from tests.notifier.domain.test_plan import session

STANDS = session(times_revision=2)
CANCELLED = replace(STANDS, status="cancelled")
OVER = replace(STANDS, status="no_show")
ALONE = Others()
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


def standing(told: Told = NOTHING, session: Session = STANDS, *, expected: bool = True) -> Standing:
    return Standing(session=session, expected=expected, told=told)


@pytest.mark.parametrize(
    ("told", "others", "decision"),
    [
        (NOTHING, ALONE, Say(items=(Item(session=STANDS, what=Booked()),))),
        (KNOWN, ALONE, Skip(Unsent.UNDONE)),
        (NOTHING, Others(later=True), Skip(Unsent.SUPERSEDED)),
        (NOTHING, Others(on_its_way=True), Wait()),
        (NOTHING, Others(later=True, on_its_way=True), Skip(Unsent.SUPERSEDED)),
        (
            replace(KNOWN, starts_at=THURSDAY - DAY),
            ALONE,
            Say(items=(Item(session=STANDS, what=Moved(before=THURSDAY - DAY)),)),
        ),
    ],
)
def test_a_notice_says_what_is_not_known_yet(
    told: Told, others: Others, decision: Decision
) -> None:
    assert decide_notice([standing(told)], others, now=NOW) == decision


def test_to_who_is_in_none_of_it_a_notice_says_nothing() -> None:
    assert decide_notice([], ALONE, now=NOW) == Skip(Unsent.NOT_IN_IT)


def test_to_who_is_not_expected_any_more_it_is_cancelled() -> None:
    found = decide_notice([standing(KNOWN, expected=False)], ALONE, now=NOW)
    assert found == Say(items=(Item(session=CANCELLED, what=Cancelled(expected=THURSDAY)),))


def test_a_cancel_is_worth_telling_until_the_hour_at_which_it_was_expected() -> None:
    def cancel_at(now: datetime) -> Decision:
        return decide_notice([standing(KNOWN, CANCELLED)], ALONE, now=now)

    assert isinstance(cancel_at(THURSDAY - MINUTE), Say)
    assert cancel_at(THURSDAY) == Skip(Unsent.TOO_LATE)


def test_a_confirmation_lists_what_takes_place_and_lies_ahead_in_order() -> None:
    later, past = standing(session=session(THURSDAY + DAY)), standing(session=session(NOW - DAY))
    off, stands = standing(session=CANCELLED), standing()
    both = tuple(Item(session=each.session, what=Booked()) for each in (stands, later))
    assert decide_notice([later, past, off, stands], ALONE, now=NOW) == Say(items=both)
    assert decide_notice([past], ALONE, now=NOW) == Skip(Unsent.TOO_LATE)
    assert decide_notice([off], ALONE, now=NOW) == Skip(Unsent.UNDONE)


def test_what_is_kept_back_is_not_said_and_not_forgotten() -> None:
    say = decide_notice([standing()], ALONE, now=NOW)
    assert keep_back(say, None) == say
    assert keep_back(say, Unsent.OPTED_OUT) == Skip(Unsent.OPTED_OUT, unsaid=(KNOWN,))
    assert keep_back(Skip(Unsent.UNDONE), Unsent.OPTED_OUT) == Skip(Unsent.UNDONE)


@pytest.mark.parametrize(
    ("latest", "later", "decision"),
    [
        (None, False, SayPlainly()),
        (NOW - 30 * DAY, False, SayPlainly()),
        (NOW - 29 * DAY, False, Skip(Unsent.SUPERSEDED)),
        (NOW + DAY, False, Skip(Unsent.SUPERSEDED)),
        (NOW - 30 * DAY, True, Skip(Unsent.SUPERSEDED)),
    ],
)
def test_it_is_time_for_another_appointment_so_long_after_the_last(
    latest: datetime | None, later: bool, decision: Decision
) -> None:
    assert decide_follow_up(latest, 30 * DAY, later=later, now=NOW) == decision


def test_a_practice_that_asks_for_none_any_more_asks_nobody() -> None:
    found = decide_follow_up(None, None, later=False, now=NOW)
    assert found == Skip(Unsent.NOT_WANTED)
