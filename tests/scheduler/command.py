"""A command of the scheduler, in a process of its own, as the person who runs it sees it."""

from __future__ import annotations

import asyncio
import sys

from tests.architecture.sources import ROOT


async def ran(command: str, database_url: str, *arguments: str) -> tuple[int | None, str]:
    """Return its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.scheduler",
        command,
        *arguments,
        cwd=ROOT,
        env={"DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
