"""What an outcome means, and how long to wait for the next try."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.backoff import pause
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Retry, Sent
from services.notifier.domain.settling import REPEATED, Settlement, Tried, settle
from services.notifier.domain.states import ENDED, Kind, State

CHANCES = st.floats(min_value=0, max_value=1, exclude_max=True)


def tried(kind: Kind = Kind.REMINDER, *, lost: bool = False, repeatable: bool = False) -> Tried:
    return Tried(kind=kind, attempt=1, answer_lost=lost, repeatable=repeatable)


@given(CHANCES)
def test_the_first_retry_comes_after_one_to_three_seconds(chance: float) -> None:
    assert timedelta(seconds=1) <= pause(1, chance) <= timedelta(seconds=3)


@given(st.integers(min_value=1, max_value=10_000), CHANCES)
def test_pauses_double_and_end_at_a_quarter_of_an_hour(attempt: int, chance: float) -> None:
    assert pause(attempt, chance) <= pause(attempt + 1, chance) <= timedelta(minutes=15)
    if attempt < 8:
        doubled = pause(attempt + 1, chance) - 2 * pause(attempt, chance)
        assert abs(doubled) <= timedelta(microseconds=1)  # each is rounded to one


def test_a_channel_that_asks_for_more_time_gets_it_and_never_less_than_ours() -> None:
    hour = timedelta(hours=1)
    assert pause(1, 0.5, at_least=hour) == hour
    assert pause(9, 0.5, at_least=timedelta(seconds=1)) == pause(9, 0.5)


@pytest.mark.parametrize(
    ("outcome", "before", "state"),
    [
        (Sent("id"), tried(), State.SENT),
        (Failed("no such mailbox"), tried(), State.FAILED),
        (Retry("busy"), tried(), State.PLANNED),
        (Retry("busy"), tried(lost=True), State.UNKNOWN),
        (AnswerLost("hang"), tried(), State.UNKNOWN),
        (AnswerLost("hang"), tried(lost=True), State.FAILED),
        (AnswerLost("hang"), tried(lost=True, repeatable=True), State.UNKNOWN),
        (AnswerLost("hang"), tried(Kind.DIGEST), State.FAILED),
        (AnswerLost("hang"), tried(Kind.DIGEST, repeatable=True), State.UNKNOWN),
    ],
)
def test_every_outcome_leads_to_one_state(outcome: Outcome, before: Tried, state: State) -> None:
    settlement = settle(outcome, before, chance=0.5)
    assert settlement.state is state
    assert (settlement.again_in is None) == (state in ENDED)
    assert settlement.answer_lost == (before.answer_lost or isinstance(outcome, AnswerLost))


def test_every_kind_says_whether_a_lost_answer_is_worth_a_second_copy() -> None:
    assert set(REPEATED) == set(Kind)
    assert {kind for kind, repeated in REPEATED.items() if not repeated} == {
        Kind.ENDED,
        Kind.FOLLOW_UP,
        Kind.DIGEST,
        Kind.TASK,
    }


def test_the_table_of_the_docs_is_that_of_the_code() -> None:
    text = (Path(__file__).parents[3] / "docs" / "lifecycles.md").read_text(encoding="utf-8")
    _, _, table = text.partition("| an answer is lost of |")
    rows = [line.split("|")[1:3] for line in table.partition("\n\n")[0].splitlines()[2:]]
    told = {kind.strip(" `"): then for kinds, then in rows for kind in kinds.split(",")}
    assert {kind: "once more" in then for kind, then in told.items()} == {
        str(kind): repeated for kind, repeated in REPEATED.items()
    }


def test_a_settlement_cannot_be_both_ended_and_tried_again() -> None:
    with pytest.raises(ValueError, match="tried again"):
        Settlement(state=State.SENT, again_in=timedelta(seconds=1))
    with pytest.raises(ValueError, match="tried again"):
        Settlement(state=State.PLANNED)
