"""The three services, or three bare ones, in a folder that goes away; ready when they say so."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo.processes import ROOT, DidNotStart, Keys, Services, free_ports

POLL_SECONDS: Final = 0.01
PATIENCE_SECONDS: Final = 30


@contextmanager
def practice(databases: Mapping[str, str] | None = None) -> Iterator[Services]:
    """Yield the three services, not yet started; stop them and forget their files at the end."""
    with tempfile.TemporaryDirectory(prefix="standing-hour-bench-") as folder:
        services = Services(
            folder=Path(folder), keys=Keys.new(), ports=free_ports(), databases=databases or {}
        )
        try:
            yield services
        finally:
            services.stop()


@contextmanager
def bare_services() -> Iterator[Mapping[str, subprocess.Popen[bytes]]]:
    """Yield three bare services by their address, just started; they end with the block."""
    started = {
        f"http://127.0.0.1:{port}": subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare_service", str(port)], cwd=ROOT
        )
        for port in free_ports().values()
    }
    try:
        yield started
    finally:
        for process in started.values():
            process.terminate()
            process.wait()


def running(services: Services) -> Mapping[str, subprocess.Popen[bytes]]:
    """Return the started services by their address."""
    return {services.url(name): process for name, process in services.processes.items()}


def wait_all_ready(started: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Return when each of these addresses answers /ready with 200, seen within 10 ms."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    for url, process in started.items():
        while not _is_ready(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(url)
            time.sleep(POLL_SECONDS)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
