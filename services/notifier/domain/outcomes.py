"""What came of one attempt, as a channel says it; what follows from it is the policy's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel has taken the mail; `message_id` is its name for it."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """The mail was certainly not taken, and may be later; not before `after`, if given."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """The mail was certainly not taken, and for a while no other would be.

    For `after`, if the channel asked for that; `ours_to_mend` when it does not let us in.
    """

    reason: str
    after: timedelta | None = None
    ours_to_mend: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The mail was refused, and trying again would change nothing.

    `of_address`: not this mail but the address was, as any other mail to it would be.
    """

    reason: str
    of_address: bool = False


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The mail was handed over, and nobody knows what became of it."""

    reason: str


Outcome = Sent | Retry | Rest | Failed | AnswerLost
