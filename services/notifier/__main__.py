"""`python -m services.notifier` serves; `python -m services.notifier migrate` migrates."""

from __future__ import annotations

import sys

from services.notifier.app import create_app
from services.notifier.settings import Settings
from services.notifier.store import MIGRATIONS
from shared.web.running import Service, run


def main() -> int:
    service = Service(
        name="notifier",
        read_settings=Settings.from_environment,
        create_app=create_app,
        migrations=MIGRATIONS,
    )
    return run(service, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
