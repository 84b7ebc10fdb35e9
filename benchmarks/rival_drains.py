"""The same posts by what others would take: APScheduler, procrastinate and pgqueuer.

They live in an environment of their own, `.venv-bench`, which is made when it is first needed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import psutil

from benchmarks.draining import Drained, taken, until_taken
from shared.clock import SystemClock
from tests.fakes.sendgrid_server import LOCAL_KEY
from tests.notifier.crowd import sendgrid

ROOT: Final = Path(__file__).parents[1]
RIVALS: Final = Path(__file__).with_name("rivals")
PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
NAMES: Final = ("APScheduler", "procrastinate", "pgqueuer")
PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """How many mails one process sent, how many a second, and the most memory that it had."""

    sent: int
    rate: float
    memory: int


async def rival(name: str, database: str, bodies: Sequence[bytes], held: int) -> Rival:
    """Let a rival enter its jobs and send what is due, for a minute at most."""
    await asyncio.to_thread(install)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(bodies))
        file.flush()
        async with sendgrid() as port:
            url = f"http://127.0.0.1:{port}/v3/mail/send"
            given = [database, url, LOCAL_KEY, file.name, len(bodies), held]
            program = [PYTHON, RIVALS / f"{name.lower()}_drain.py", *given]
            process = await asyncio.create_subprocess_exec(
                *map(str, program), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            try:
                return await _timed(process, port, len(bodies))
            finally:
                process.kill()
                await process.wait()


async def _timed(process: asyncio.subprocess.Process, port: int, due: int) -> Rival:
    if process.stdin is None or process.stdout is None or not await process.stdout.readline():
        raise RuntimeError("a rival ended before it had entered its jobs")
    begun = SystemClock().now()
    process.stdin.write(b"go\n")
    async with aiohttp.ClientSession() as http:
        seen = [psutil.Process(process.pid)]
        memory = await until_taken(http, port, due, seen, patience=PATIENCE_SECONDS)
        drained = Drained(mails=await taken(http, port), begun=begun, memory=memory)
    rate = drained.rate if drained.mails else 0.0
    return Rival(sent=len(drained.mails), rate=rate, memory=memory)


def install() -> None:
    """Make their environment as it is locked, unless it is there already."""
    locked = RIVALS / "requirements.txt"
    made = PYTHON.parents[1] / "requirements.txt"
    if made.exists() and made.read_bytes() == locked.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", locked]
    subprocess.run([str(part) for part in pip], check=True)
    made.write_bytes(locked.read_bytes())
