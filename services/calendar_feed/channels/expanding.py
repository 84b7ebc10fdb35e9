"""Expand a calendar in a process that is killed when it takes too long.

What it told until then is kept: it tells each thing as soon as it knows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from services.calendar_feed.domain.outside import (
    MOST_UNREAD,
    Block,
    Complaint,
    Expanded,
    Flaw,
    Unread,
)

SECONDS: Final = 1.7  # of the two that an import may take; the rest is for its end
COMMAND: Final = (sys.executable, "-m", "services.calendar_feed.ics.expansion")
_PIPE: Final = asyncio.subprocess.PIPE
_LONGEST_LINE: Final = 16_000_000

Said = dict[str, Any]


class ExpandingFailed(Exception):
    """The calendar could not be expanded; nothing of what stands in it is in here."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.value)
        self.complaint = complaint


async def expand(body: bytes, *, zone: str, within: Block, seconds: float = SECONDS) -> Expanded:
    """Return what is taken in the calendar, within two seconds; raises `ExpandingFailed`."""
    lines = await ask(COMMAND, question(body, zone=zone, within=within), seconds=seconds)
    return heard([json.loads(line) for line in lines])


def question(body: bytes, *, zone: str, within: Block) -> bytes:
    """Return what the process reads."""
    asked = {
        "zone": zone,
        "from": within.starts_at.timestamp(),
        "to": within.ends_at.timestamp(),
    }
    return json.dumps(asked).encode() + b"\n" + body


async def ask(command: Sequence[str], question: bytes, *, seconds: float) -> list[bytes]:
    """Return the whole lines that a process says; after so many seconds it is killed."""
    ends_at = asyncio.get_running_loop().time() + seconds
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=_PIPE,
        stdout=_PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a traceback would show what stands in the calendar
        env={},
        limit=_LONGEST_LINE,
    )
    lines: list[bytes] = []
    try:
        async with asyncio.timeout_at(ends_at):
            await asyncio.gather(_tell(child, question), _hear(child, lines))
            await child.wait()
    except TimeoutError:
        pass
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return [line for line in lines if line.endswith(b"\n")]


async def _tell(child: asyncio.subprocess.Process, question: bytes) -> None:
    assert child.stdin is not None
    # It may end before it has heard all of it.
    with contextlib.suppress(ConnectionError):
        child.stdin.write(question)
        await child.stdin.drain()
        child.stdin.close()
        await child.stdin.wait_closed()


async def _hear(child: asyncio.subprocess.Process, lines: list[bytes]) -> None:
    assert child.stdout is not None
    while line := await child.stdout.readline():
        lines.append(line)


def heard(parts: Sequence[Said]) -> Expanded:
    """Return what the parts say together; raises `ExpandingFailed` if the first says nothing."""
    if not parts or "complaint" in parts[0]:
        raise ExpandingFailed(Complaint(parts[0]["complaint"] if parts else "too_costly"))
    told = [each for each in parts if "complaint" not in each]
    hours: dict[str, tuple[Block, ...]] = {}
    for part in told:
        for uid, stretches in part["hours"].items():
            hours[uid] = (*hours.get(uid, ()), *(_block(*each) for each in stretches))
    unread = _unread(each for part in told for each in part["unread"])
    done = {index for part in told for index in part["done"]}
    waiting = _unread(each for part in told for each in part["waiting"])
    untold = [each for each in waiting if each.index not in done]
    named = sorted([*unread, *untold], key=lambda each: each.index)
    return Expanded(
        hours=hours,
        unread=tuple(named[:MOST_UNREAD]),
        whole=len(named) <= MOST_UNREAD and all(part["whole"] for part in told),
    )


def _unread(listed: Iterable[Sequence[Any]]) -> list[Unread]:
    return [Unread(index=index, uid_sha256=uid, flaw=Flaw(flaw)) for index, uid, flaw in listed]


def _block(starts: float, ends: float) -> Block:
    return Block(
        starts_at=datetime.fromtimestamp(starts, UTC), ends_at=datetime.fromtimestamp(ends, UTC)
    )
