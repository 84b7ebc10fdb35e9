"""Mail into a folder, where a person can read it: https://cr.yp.to/proto/maildir.html.

A file is named by its delivery, so a repeat replaces it and nothing is ever there twice.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from services.notifier.channels.mime import message
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Outcome, Retry, Sent
from shared.clock import Clock


class Maildir:
    """Writes to `new/` below `folder`, durably, by a rename."""

    name = "maildir"
    repeatable = True
    at_once = 300

    def __init__(self, folder: Path, *, sender: str, clock: Clock) -> None:
        self._folder, self._sender, self._clock = folder, sender, clock

    async def send(self, mail: Mail) -> Outcome:
        built = message(mail, sender=self._sender, at=self._clock.now())
        try:
            await asyncio.to_thread(self._write, str(mail.delivery_id), bytes(built))
        except OSError as error:
            return Retry(f"folder_{type(error).__name__}")
        return Sent(str(mail.delivery_id))

    def _write(self, name: str, content: bytes) -> None:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / "tmp" / name
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / "new" / name)
        _sync_folder(self._folder / "new")


def _sync_folder(folder: Path) -> None:
    """A rename is durable once the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
