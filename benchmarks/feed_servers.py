"""The calendar feed, and a bare handler, as processes; and what asks them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import aiohttp
import psutil

from demo.processes import ROOT, DidNotStart, free_ports

TURN_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 30
KEY: Final = "0123456789abcdef0123456789abcdef"


@contextmanager
def feed_service(file: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Run the calendar feed over this SQLite file, with a scheduler that is away."""
    port = free_ports()["calendar_feed"]
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{file}",
        "SCHEDULER_URL": "http://127.0.0.1:9",
        "FEED_FETCHES_PER_MINUTE": "0",
        "ADMIN_API_KEY": f"a{KEY}",
        "SERVICE_API_KEY": f"b{KEY}",
        "SECRET_KEY": f"c{KEY}",
    }
    with _running("services.calendar_feed", [], port, environment) as pid:
        yield port, psutil.Process(pid)


@contextmanager
def bare_feed(folder: Path, body: bytes) -> Iterator[int]:
    """Serve these bytes by the least that can."""
    port, file = free_ports()["scheduler"], folder / "bare.gz"
    file.write_bytes(body)
    with _running("benchmarks.bare_feed", [str(port), str(file)], port, os.environ):
        yield port


async def fetch(port: int, path: str) -> tuple[bytes, str]:
    """Return the compressed bytes at `path`, as sent, and their ETag."""
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.get(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        answer.raise_for_status()
        return await answer.read(), answer.headers.get("ETag", "")


async def gets(port: int, path: str, seen: str | None) -> float:
    """Return how many GETs a second are answered, 304 if `seen` is what stands there."""
    headers = ["Accept-Encoding: gzip", *([f"If-None-Match: {seen}"] if seen else [])]
    rate, answers = await asked(port, path, headers)
    if set(answers) != {"304" if seen else "200"}:
        raise RuntimeError(f"answered otherwise than expected: {answers}")
    return rate


async def asked(port: int, path: str, headers: Sequence[str]) -> tuple[float, dict[str, int]]:
    """Return how many GETs a second are answered, and how many with which status."""
    told = [str(port), path, str(TURN_SECONDS), *headers]
    asking = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.many_gets", *told, cwd=ROOT, stdout=subprocess.PIPE
    )
    out, _ = await asking.communicate()
    answers: dict[str, int] = json.loads(out)
    return sum(answers.values()) / TURN_SECONDS, answers


@contextmanager
def _running(
    module: str, arguments: Sequence[str], port: int, environment: Mapping[str, str]
) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        awaited(process, port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def awaited(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once something answers there, whatever it says."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DidNotStart(f"http://127.0.0.1:{port}")
