"""`make run`: start the three services with a small practice, and say what to open."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

from demo.practice import Api, enter_practice
from demo.processes import NAMES, ROOT, DidNotStart, Keys, Services
from shared.clock import SystemClock

FOLDER: Final = ROOT / ".run"
WHAT_TO_OPEN: Final = """
Standing Hour is running: a clinician, a client, and sixteen Tuesdays at three are booked.

  the mail it sends      {notifier}/mailbox
  the calendar feed      {calendar_feed}{feed_path}
  is all well?           {scheduler}/ready  {notifier}/ready  {calendar_feed}/ready
  the key for curl       export ADMIN="Authorization: Bearer $(cat .run/admin_key)"
  what the services say  .run/*.log

README.md tells the story with curl. Ctrl-C stops; .run/ keeps the practice for next time.
"""


def main() -> int:
    first = int(os.environ.get("PORT", "8080"))
    ports = {name: first + i for i, name in enumerate(NAMES)}
    taken = [port for port in ports.values() if is_taken(port)]
    if taken:
        print(f"port {taken[0]} is in use; try another: make run PORT=9080", file=sys.stderr)
        return 1
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    services = Services(folder=FOLDER, keys=keys_of(FOLDER), ports=ports)
    services.start()
    try:
        services.wait_ready()
        print(WHAT_TO_OPEN.format(**shown(services)), flush=True)
        return watch(services)
    except DidNotStart as why:
        print(f"it did not start: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        services.stop()


def watch(services: Services) -> int:
    """Stay until Ctrl-C or SIGTERM, or until a service ends by itself."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        for name, process in services.processes.items():
            if process.poll() is not None:
                raise DidNotStart(f"{name} has ended:\n{services.last_words(name)}")
        time.sleep(0.5)


def shown(services: Services) -> dict[str, object]:
    """Return what the text needs; the practice is entered the first time only."""
    kept = FOLDER / "practice.json"
    if not kept.exists():
        scheduler, feed = (
            Api(url=services.url(name), key=services.keys.admin)
            for name in ("scheduler", "calendar_feed")
        )
        kept.write_text(json.dumps(enter_practice(scheduler, feed, SystemClock().now().date())))
    return {
        **{name: services.url(name) for name in NAMES},
        **json.loads(kept.read_text()),
    }


def keys_of(folder: Path) -> Keys:
    """Return this practice's keys, made the first time and readable by its owner only."""
    kept = folder / "keys.json"
    if not kept.exists():
        kept.touch(mode=0o600)
        keys = Keys.new()
        kept.write_text(json.dumps(asdict(keys)))
        (folder / "admin_key").touch(mode=0o600)
        (folder / "admin_key").write_text(keys.admin)
    return Keys(**json.loads(kept.read_text()))


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
