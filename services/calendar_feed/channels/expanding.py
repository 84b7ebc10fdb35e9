"""Expand a calendar in a process that is killed when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any, Final

from services.calendar_feed.domain.outside import Block, Complaint, Expanded, Flaw, Unread

SECONDS: Final = 2.0
_PROGRAM: Final = "services.calendar_feed.ics.expansion"


class ExpandingFailed(Exception):
    """The calendar could not be expanded; nothing of what stands in it is in here."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.value)
        self.complaint = complaint


async def expand(body: bytes, *, zone: str, within: Block, seconds: float = SECONDS) -> Expanded:
    """Return what is taken in the calendar, within two seconds; raises `ExpandingFailed`."""
    asked = {
        "zone": zone,
        "from": within.starts_at.timestamp(),
        "to": within.ends_at.timestamp(),
    }
    said = await _ask(json.dumps(asked).encode() + b"\n" + body, seconds)
    if "complaint" in said:
        raise ExpandingFailed(Complaint(said["complaint"]))
    return Expanded(
        blocks=tuple(_block(starts, ends) for starts, ends in said["blocks"]),
        unread=tuple(
            Unread(index=index, uid_sha256=uid, flaw=Flaw(flaw))
            for index, uid, flaw in said["unread"]
        ),
    )


async def _ask(question: bytes, seconds: float) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a traceback would show what stands in the calendar
        env={},
    )
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await child.communicate(question)
    except TimeoutError:
        raise ExpandingFailed(Complaint.TOO_COSTLY) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise ExpandingFailed(Complaint.TOO_COSTLY)
    said: dict[str, Any] = json.loads(answer)
    return said


def _block(starts: float, ends: float) -> Block:
    return Block(
        starts_at=datetime.fromtimestamp(starts, UTC), ends_at=datetime.fromtimestamp(ends, UTC)
    )
