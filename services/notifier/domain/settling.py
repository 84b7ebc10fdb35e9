"""What an attempt's outcome means for the thing that was planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.notifier.domain.backoff import pause
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from services.notifier.domain.states import ENDED, State

LOST_TWICE: Final = "answer_lost_twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The attempt that was made: its number from 1, and what was known before it.

    `repeatable` says that the channel makes one mail of any number of repeats.
    """

    attempt: int
    answer_lost: bool
    repeatable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Where it stands now; `again_in` is set exactly while it is open."""

    state: State
    reason: str | None = None
    message_id: str | None = None
    answer_lost: bool = False
    again_in: timedelta | None = None

    def __post_init__(self) -> None:
        if (self.again_in is None) is not (self.state in ENDED):
            raise ValueError("what is open is tried again, and what has ended is not")


def settle(outcome: Outcome, tried: Tried, *, chance: float) -> Settlement:
    """Return what follows from `outcome`.

    A lost answer is repeated once and marked; a second one ends it, since a person may by
    then hold two. While the channel rests, that alone holds a mail up: its own waits do not
    grow by it.
    """
    lost = tried.answer_lost
    match outcome:
        case Sent(message_id):
            return Settlement(state=State.SENT, message_id=message_id, answer_lost=lost)
        case Failed(reason):
            return Settlement(state=State.FAILED, reason=reason, answer_lost=lost)
        case Retry(reason, after):
            return Settlement(
                state=State.UNKNOWN if lost else State.PLANNED,
                reason=reason,
                answer_lost=lost,
                again_in=pause(tried.attempt, chance, at_least=after),
            )
        case Rest(reason):
            return Settlement(
                state=State.UNKNOWN if lost else State.PLANNED,
                reason=reason,
                answer_lost=lost,
                again_in=pause(1, chance),
            )
        case AnswerLost(reason):
            if may_not_repeat(tried):
                return Settlement(state=State.FAILED, reason=LOST_TWICE, answer_lost=True)
            again_in = pause(tried.attempt, chance)
            return Settlement(
                state=State.UNKNOWN, reason=reason, answer_lost=True, again_in=again_in
            )


def may_not_repeat(tried: Tried) -> bool:
    """Whether losing this answer too would risk a third copy."""
    return tried.answer_lost and not tried.repeatable
