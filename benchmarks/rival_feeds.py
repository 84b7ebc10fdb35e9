"""The same calendar served by what others would take: Radicale and xandikos, over loopback."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import icalendar

from benchmarks.feed_servers import asked, awaited
from benchmarks.rival_drains import PYTHON, install
from demo.processes import free_ports

CHANGES: Final = 7
SIGNED_IN: Final = "Authorization: Basic dTo="  # the user u, of whom no password is asked
HEADERS: Final = ("Accept-Encoding: gzip", "Accept: text/calendar", SIGNED_IN)
CALENDARS: Final = {"Radicale": "/u/work/", "xandikos": "/user/calendars/calendar/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Rates a second, which status a conditional GET got, and seconds to the first GET after."""

    name: str
    warm: float
    unchanged: float
    status: str
    after_a_change: float


async def rival_feed(name: str, folder: Path, body: bytes, turns: int) -> Served:
    """Give a rival the events of a feed of ours, gzipped in `body`, and ask as we are asked."""
    await asyncio.to_thread(install)
    with _serving(name, folder / name) as port:
        at = f"http://127.0.0.1:{port}{CALENDARS[name]}"
        headers = dict(line.split(": ") for line in HEADERS)
        async with aiohttp.ClientSession(headers=headers) as http:
            await _filled(http, at, _events(gzip.decompress(body)))
            etag = await _etag(http, at)
            best = {"": 0.0, etag: 0.0}
            statuses = {}
            for _ in range(turns):
                for seen in best:
                    told = [*HEADERS, *([f"If-None-Match: {seen}"] if seen else [])]
                    rate, statuses[seen] = await asked(port, CALENDARS[name], told)
                    best[seen] = max(best[seen], rate)
            after = await _after_a_change(http, at, _events(gzip.decompress(body)))
    status = " ".join(sorted(statuses[etag]))
    return Served(
        name=name, warm=best[""], unchanged=best[etag], status=status, after_a_change=after
    )


def _events(body: bytes) -> dict[str, bytes]:
    """Return each VEVENT as a calendar of its own, by UID."""
    calendar: Any = icalendar.Calendar.from_ical(body)
    found = {}
    for event in calendar.walk("VEVENT"):
        alone = icalendar.Calendar()
        alone.add("PRODID", calendar["PRODID"])
        alone.add("VERSION", "2.0")
        alone.add_component(event)
        found[str(event["UID"])] = alone.to_ical()
    return found


async def _filled(http: aiohttp.ClientSession, at: str, events: Mapping[str, bytes]) -> None:
    async with http.request("MKCALENDAR", at):
        pass  # xandikos has made its own
    for uid, lines in events.items():
        await _put(http, at, uid, lines)


async def _put(http: aiohttp.ClientSession, at: str, uid: str, lines: bytes) -> None:
    kind = {"Content-Type": "text/calendar; charset=utf-8"}
    async with http.put(f"{at}{uid}.ics", data=lines, headers=kind) as answer:
        answer.raise_for_status()


async def _etag(http: aiohttp.ClientSession, at: str) -> str:
    async with http.get(at) as answer:
        answer.raise_for_status()
        await answer.read()
        return answer.headers["ETag"]


async def _after_a_change(
    http: aiohttp.ClientSession, at: str, events: Mapping[str, bytes]
) -> float:
    """Return the median seconds of the first GET after one event was put anew."""
    uid, lines = list(events.items())[len(events) // 2]
    took = []
    for number in range(CHANGES):
        changed = lines.replace(b"SUMMARY:", b"SUMMARY:%d " % number)
        await _put(http, at, uid, changed)
        begun = time.perf_counter()
        await _etag(http, at)
        took.append(time.perf_counter() - begun)
    return sorted(took)[CHANGES // 2]


@contextmanager
def _serving(name: str, folder: Path) -> Iterator[int]:
    port = free_ports()["notifier"]
    process = subprocess.Popen(
        [str(PYTHON), "-m", *_arguments(name, folder, port)],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        awaited(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _arguments(name: str, folder: Path, port: int) -> list[str]:
    if name == "Radicale":
        stored = ["--storage-filesystem-folder", str(folder), "--auth-type", "none"]
        return ["radicale", "--server-hosts", f"127.0.0.1:{port}", *stored]
    listening = ["-l", "127.0.0.1", "-p", str(port)]
    return ["xandikos", "serve", "-d", str(folder), *listening, "--defaults"]
