"""The port that every channel fills."""

from __future__ import annotations

from typing import Protocol

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Outcome


class Channel(Protocol):
    """Hands one mail over. `repeatable`: any number of repeats of one delivery is one mail.

    `at_once` is how many it carries side by side: a process has no more than those in hand.

    `send` answers within what its protocol gives an answer, since giving up may be sending twice,
    and raises for nothing that a server or a network can do.
    """

    @property
    def name(self) -> str: ...

    @property
    def repeatable(self) -> bool: ...

    @property
    def at_once(self) -> int: ...

    async def send(self, mail: Mail) -> Outcome: ...
