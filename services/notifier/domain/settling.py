"""What an attempt's outcome means for the thing that was planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.notifier.domain.backoff import pause
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from services.notifier.domain.states import ENDED, Kind, State

LOST: Final = "answer_lost"
LOST_TWICE: Final = "answer_lost_twice"

# Whether a mail whose answer was lost is sent once more. It is where the want of it does more
# harm than a second copy: someone waits for an hour that was moved, or misses one.
REPEATED: Final[Mapping[Kind, bool]] = {
    Kind.CONFIRMATION: True,
    Kind.REMINDER: True,
    Kind.MOVED: True,
    Kind.CANCELLED: True,
    Kind.CHANGED: True,
    Kind.OFFER: True,
    Kind.ADDRESS: True,
    Kind.NEWS: True,
    Kind.UNSEEN: True,
    Kind.ENDED: False,
    Kind.FOLLOW_UP: False,
    Kind.DIGEST: False,
    Kind.TASK: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The attempt that was made: its number from 1, of what, and what was known before it.

    `repeatable` says that the channel makes one mail of any number of repeats.
    """

    kind: Kind
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

    A lost answer is marked, and repeated once if the kind is `REPEATED`; a second one ends it,
    since a person may by then hold two. While the channel rests, that alone holds a mail up: its
    own waits do not grow by it.
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
            given_up = ended_by_loss(tried)
            if given_up is not None:
                return Settlement(state=State.FAILED, reason=given_up, answer_lost=True)
            again_in = pause(tried.attempt, chance)
            return Settlement(
                state=State.UNKNOWN, reason=reason, answer_lost=True, again_in=again_in
            )


def ended_by_loss(tried: Tried) -> str | None:
    """Return why it is given up if this answer is lost; None if it is sent once more."""
    if tried.repeatable:
        return None
    if tried.answer_lost:
        return LOST_TWICE
    return None if REPEATED[tried.kind] else LOST
