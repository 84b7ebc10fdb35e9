"""`python -m services.scheduler` serves; with `migrate` it only migrates."""

from __future__ import annotations

import sys
from typing import Final

from services.scheduler.app import MIGRATIONS, create_app
from services.scheduler.settings import Settings
from shared.web.running import Service, run

SERVICE: Final = Service(
    name="scheduler",
    read_settings=Settings.from_environment,
    create_app=create_app,
    migrations=MIGRATIONS,
)

if __name__ == "__main__":
    sys.exit(run(SERVICE, sys.argv[1:]))
