"""What a request may be about: the four problem areas of IPT, and the practice's own list.

Concerns stay in the scheduler: no event, log line, metric or page ever holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.scheduler.domain.errors import UnknownConcern

IPT: Final = (
    "grief_and_loss",
    "role_transition",
    "role_dispute",
    "interpersonal_deficit",
)


def every_concern(own: Sequence[str]) -> tuple[str, ...]:
    """Return the four problem areas, then the practice's `own`, each once."""
    return (*IPT, *(each for each in own if each not in IPT))


def require_known(concerns: Sequence[str], own: Sequence[str]) -> None:
    """Raise `UnknownConcern`, naming the field, for one that is on neither list."""
    known = every_concern(own)
    for place, concern in enumerate(concerns):
        if concern not in known:
            raise UnknownConcern(
                f"is not one of: {', '.join(known)}", pointer=f"#/concerns/{place}"
            )
