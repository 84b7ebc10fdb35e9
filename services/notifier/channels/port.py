"""The port that every channel fills."""

from __future__ import annotations

from typing import Protocol

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Outcome


class Channel(Protocol):
    """Hands one mail over. `repeatable`: any number of repeats of one delivery is one mail.

    `at_once` is how many a batch may hand over side by side: what waited for its turn would
    outlast its lease.

    `send` answers within `SEND_SECONDS` and raises for nothing that a server or a network
    can do.
    """

    @property
    def name(self) -> str: ...

    @property
    def repeatable(self) -> bool: ...

    @property
    def at_once(self) -> int: ...

    async def send(self, mail: Mail) -> Outcome: ...


# Below the lease, so that an attempt is settled while it is still ours.
SEND_SECONDS = 8.0
