"""What a client may do by link, and what an undo brings back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.scheduler.domain import sessions
from services.scheduler.domain.self_service import (
    Act,
    Action,
    Before,
    Choices,
    Standing,
    choices_of,
    confirm,
    restore,
    said_by,
)
from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import Slot
from tests.cast import ANA_ID, KIM_ID
from tests.scheduler.domain.diary import NOW, SESSION, SLOT

DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def action(act: Act = Act.CANCEL, session: Session = SESSION, number: int = 1) -> Action:
    return Action(
        id=UUID(int=number),
        session_id=session.id,
        client_id=KIM_ID,
        number=number,
        act=act,
        made_at=NOW,
        seen="s",
        revision=2,
        before=Before.of(session, KIM_ID),
    )


def standing(session: Session = SESSION, last: Action | None = None) -> Standing:
    in_group = len(session.client_ids) > 1
    return Standing(session=session, client_id=KIM_ID, in_group=in_group, last=last)


def offered(standing: Standing, now: datetime = NOW) -> set[str]:
    choices = choices_of(standing, late_within=DAY, now=now)
    return {act.value for act in Act if choices.allow(act)}


def choices(now: datetime, last: Action | None = None) -> Choices:
    return choices_of(standing(last=last), late_within=DAY, now=now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, {"confirm", "cancel", "move", "ask"}),
        (SLOT.starts_at - DAY, {"confirm", "cancel", "move", "ask"}),
        (SLOT.starts_at - DAY + SECOND, {"confirm", "cancel", "ask"}),
        (SLOT.starts_at - SECOND, {"confirm", "cancel", "ask"}),
        (SLOT.starts_at, set()),
        (SLOT.ends_at, set()),
    ],
    ids=["early", "at the limit", "inside it", "just before", "begun", "over"],
)
def test_what_is_offered_by_the_clock(now: datetime, expected: set[str]) -> None:
    assert offered(standing(), now) == expected
    assert choices(now).late is (now > SLOT.starts_at - DAY)


def test_what_is_offered_by_how_it_stands() -> None:
    assert offered(standing(confirm(SESSION, KIM_ID))) == {"cancel", "move", "ask"}
    assert offered(standing(replace(SESSION, status=Status.CANCELLED))) == {"ask"}
    assert offered(standing(replace(SESSION, status=Status.ATTENDED))) == set()
    assert offered(standing(replace(SESSION, client_ids=(ANA_ID,)))) == {"ask"}


def test_nobody_moves_a_group_and_a_pair_without_a_course_only_asks() -> None:
    pair = replace(SESSION, client_ids=(ANA_ID, KIM_ID))
    assert offered(standing(pair)) == {"confirm", "ask"}
    in_course = replace(pair, kind=sessions.Kind.COURSE, course_id=UUID(int=8), ordinal=1)
    assert offered(standing(in_course)) == {"confirm", "cancel", "ask"}


def test_an_action_can_be_undone_for_three_minutes() -> None:
    last = action()
    assert choices(NOW + 3 * MINUTE - SECOND, last).undo == last
    assert choices(NOW + 3 * MINUTE, last).undo is None
    assert choices(NOW, replace(last, undone_at=NOW)).undo is None


def test_a_page_is_of_another_moment_when_what_it_shows_has_changed() -> None:
    now = standing()
    later = Slot.hour_from(SLOT.ends_at)
    changed = [
        standing(replace(SESSION, slot=later)),
        standing(replace(SESSION, status=Status.CANCELLED)),
        standing(confirm(SESSION, KIM_ID)),
        standing(replace(SESSION, client_ids=(ANA_ID,))),
        standing(last=action()),
        standing(last=replace(action(), undone_at=NOW)),
        standing(last=action(number=2)),
    ]
    assert len({now.seen, *(each.seen for each in changed)}) == len(changed) + 1


def test_what_others_in_a_group_do_leaves_a_page_as_it_is() -> None:
    pair = replace(SESSION, client_ids=(ANA_ID, KIM_ID))
    assert standing(confirm(pair, ANA_ID)).seen == standing(pair).seen


def test_a_second_click_is_known_by_the_page_it_comes_from() -> None:
    again = standing(last=action())
    assert again.did(Act.CANCEL, "s")
    assert not again.did(Act.CONFIRM, "s")
    assert not again.did(Act.CANCEL, "another")
    assert not standing(last=replace(action(), undone_at=NOW)).did(Act.CANCEL, "s")


@pytest.mark.parametrize("before", [SESSION, confirm(SESSION, KIM_ID)], ids=["not", "confirmed"])
@pytest.mark.parametrize("act", [Act.CANCEL, Act.MOVE, Act.CONFIRM])
def test_an_undo_brings_back_all_but_the_revision(before: Session, act: Act) -> None:
    done = {
        Act.CANCEL: replace(sessions.cancel(before, "ill", now=NOW), cancelled_late=True),
        Act.MOVE: sessions.move(before, Slot.hour_from(SLOT.ends_at), now=NOW),
        Act.CONFIRM: confirm(before, KIM_ID),
    }[act]
    restored = restore(done, action(act, before))
    assert restored == replace(before, revision=done.revision + 1)


def test_what_a_client_wrote_is_one_line() -> None:
    assert said_by(KIM_ID, "a\n b\t ") == f"client {KIM_ID}: a b"
    assert said_by(KIM_ID, "").startswith(f"client {KIM_ID}:")
