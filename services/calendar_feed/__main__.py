"""`python -m services.calendar_feed` serves; with `migrate` it only migrates."""

from __future__ import annotations

import sys

from services.calendar_feed.app import create_app
from services.calendar_feed.settings import Settings
from services.calendar_feed.store import MIGRATIONS
from shared.web.running import Service, run


def main() -> int:
    service = Service(
        name="calendar_feed",
        read_settings=Settings.from_environment,
        create_app=create_app,
        migrations=MIGRATIONS,
    )
    return run(service, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
