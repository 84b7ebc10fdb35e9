"""The three services as three processes on loopback, for the demo, the flows and the benchmarks."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

NAMES: Final = ("scheduler", "notifier", "calendar_feed")
ROOT: Final = Path(__file__).parent.parent
STOP_SECONDS: Final = 10


class DidNotStart(Exception):
    """A service ended, or was not ready in time; the text is the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the three services must agree on."""

    admin: str
    service: str
    secret: str

    @classmethod
    def new(cls) -> Keys:
        admin, service, secret = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(admin=admin, service=service, secret=secret)


@dataclass(slots=True, kw_only=True)
class Services:
    """Three processes whose files and logs are in `folder`; `settings` are added to all three.

    `databases` may name another database than the SQLite file in `folder`, by service.
    """

    folder: Path
    keys: Keys
    ports: Mapping[str, int]
    settings: Mapping[str, str] = field(default_factory=dict)
    databases: Mapping[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def start(self, *names: str) -> None:
        """Start these services, or all; they are not ready yet."""
        for name in names or NAMES:
            with self.log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", f"services.{name}"],
                    cwd=ROOT,
                    env=self._environment(name),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # a Ctrl-C is ours to pass on, once
                )

    def wait_ready(self, *names: str, seconds: float = 30) -> None:
        """Return when these services, or all, say that they are ready; else `DidNotStart`."""
        deadline = time.monotonic() + seconds
        for name in names or NAMES:
            while not self._ready(name):
                if self.processes[name].poll() is not None or time.monotonic() > deadline:
                    raise DidNotStart(f"{name}:\n{self.last_words(name)}")
                time.sleep(0.02)

    def last_words(self, name: str) -> str:
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-15:])

    def end(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a service and wait for it; by default as a power cut would, with nothing finished."""
        self.processes[name].send_signal(how)
        self.processes[name].wait()

    def stop(self) -> dict[str, float]:
        """Ask all to stop and wait; return the seconds that each took."""
        begun = time.monotonic()
        running = {name: p for name, p in self.processes.items() if p.poll() is None}
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        took = {}
        for name, process in running.items():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            took[name] = time.monotonic() - begun
        return took

    def _ready(self, name: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url(name)}/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _environment(self, name: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
        return {
            **kept,
            "HOST": "127.0.0.1",
            "PORT": str(self.ports[name]),
            "DATABASE_URL": self.databases.get(name, f"sqlite:///{self.folder / name}.db"),
            "PUBLIC_URL": self.url("scheduler"),
            "FEED_URL": self.url("calendar_feed"),
            "SCHEDULER_URL": self.url("scheduler"),
            "NOTIFIER_URL": self.url("notifier"),
            "CALENDAR_FEED_URL": self.url("calendar_feed"),
            "ADMIN_API_KEY": self.keys.admin,
            "SERVICE_API_KEY": self.keys.service,
            "SECRET_KEY": self.keys.secret,
            "PRACTICE_NAME": "Hudson Psychology",
            "PRACTICE_TIMEZONE": "America/New_York",
            "EMAIL_CHANNEL": "maildir",
            "MAIL_FROM": "appointments@practice.example",
            "MAILDIR": str(self.folder / "mail"),
            "NOTICE_GRACE": "PT0S",
            **self.settings,
        }


def free_ports() -> dict[str, int]:
    """Return a port for each service that nobody listens on now."""
    sockets = {name: socket.socket() for name in NAMES}
    for each in sockets.values():
        each.bind(("127.0.0.1", 0))
    ports = {name: each.getsockname()[1] for name, each in sockets.items()}
    for each in sockets.values():
        each.close()
    return ports
