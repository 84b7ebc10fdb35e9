"""Ports of the loopback that nothing listens on."""

from __future__ import annotations

import secrets
import socket
from typing import Final

# Below those that the system hands out: until a port is used, nobody else is given it.
_OURS: Final = range(20_000, 32_000)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    while True:
        port = secrets.choice(_OURS)
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
