"""A real Thunderbird without a screen, asked over Marionette.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html: each message is its
length, a colon, and `[type, id, command, parameters]`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.calendar_feed.readers.engines import Missing
from tests.fakes.ports import free_port

Ask = Callable[..., Any]  # a script, and what is given to it

STARTS_WITHIN: Final = 90
OPTIONS: Final = ("--marionette", "--remote-allow-system-access")


@contextmanager
def thunderbird_asked() -> Iterator[Ask]:
    """Yield what runs a script in a Thunderbird with a profile of its own.

    The script's last argument is what it calls with `{found}` or `{error}` in the end.
    """
    with _running() as port, _connected(port) as wire:
        _heard(wire)  # its greeting
        _told(wire, "WebDriver:NewSession", {"capabilities": {}})
        _told(wire, "Marionette:SetContext", {"value": "chrome"})
        _told(wire, "WebDriver:SetTimeouts", {"script": 600_000})

        def ask(script: str, *given: object) -> Any:
            said = {"script": script, "args": list(given), "newSandbox": True}
            answer = _told(wire, "WebDriver:ExecuteAsyncScript", said)["value"]
            if "error" in answer:
                raise AssertionError(answer["error"])
            return answer["found"]

        yield ask


@contextmanager
def _running() -> Iterator[int]:
    program = shutil.which("thunderbird")
    if program is None:
        raise Missing("thunderbird")
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        prefs = f'user_pref("marionette.port", {port});\nuser_pref("app.update.enabled", false);\n'
        (Path(profile) / "user.js").write_text(prefs)
        process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", profile, *OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _connected(port: int) -> socket.socket:
    last = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=600)
        except ConnectionRefusedError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)


def _told(wire: socket.socket, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
    said = json.dumps([0, 1, command, parameters]).encode()
    wire.sendall(b"%d:%s" % (len(said), said))
    _, _, error, result = _heard(wire)
    if error:
        raise AssertionError(error)
    answer: dict[str, Any] = result
    return answer


def _heard(wire: socket.socket) -> Any:
    length = b""
    while (byte := wire.recv(1)) != b":":
        length += byte
    body = b""
    while len(body) < int(length):
        body += wire.recv(int(length) - len(body))
    return json.loads(body)
