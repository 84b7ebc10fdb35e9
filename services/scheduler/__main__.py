"""`python -m services.scheduler` serves; with `migrate` it only migrates.

With `rezone [--apply]` it lists what the zone database moved, and moves it back to its hour.
With `verify-audit [--head HASH]` it proves that nobody has rewritten the audit log.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from services.scheduler.app import MIGRATIONS, create_app
from services.scheduler.rezone_command import REZONE, rezone_hours
from services.scheduler.settings import Settings
from services.scheduler.use_cases.auditing import Verdict, verify
from shared.settings import BadSettings, Reading
from shared.store.database import Database
from shared.store.migrations import is_current
from shared.web.running import Service, run
from shared.web.serving import default_database

SERVICE: Final = Service(
    name="scheduler",
    read_settings=Settings.from_environment,
    create_app=create_app,
    migrations=MIGRATIONS,
)
VERIFY: Final = "verify-audit"


def verify_audit(arguments: Sequence[str]) -> int:
    """Say how many entries there are and the head; return 0 if all hold, 1 if not, 2 if unread."""
    parser = argparse.ArgumentParser(prog=f"python -m services.scheduler {VERIFY}")
    parser.add_argument("--head", metavar="HASH", help="a head that was printed earlier")
    asked = parser.parse_args(arguments)
    try:
        reading = Reading()
        database_url = reading.database_url(default_database("scheduler"))
        reading.settle()
        verdict = asyncio.run(_verified(database_url, asked.head))
    except BadSettings as bad:
        print(bad, file=sys.stderr)  # noqa: T201 # for the person who typed it
        return 2
    if verdict is None:
        print("this database is not migrated: there is no audit log to verify", file=sys.stderr)  # noqa: T201
        return 2
    print(_said(verdict))  # noqa: T201
    return 0 if verdict.sound else 1


async def _verified(database_url: str, saved: str | None) -> Verdict | None:
    database = Database.at(database_url)
    try:
        return await verify(database, saved) if await is_current(database, MIGRATIONS) else None
    finally:
        await database.close()


def _said(verdict: Verdict) -> str:
    if verdict.broken is not None:
        return f"BROKEN at entry {verdict.broken}: it is not what was written, or it is missing"
    counted = f"{verdict.head.position} entries, head {verdict.head.hash}"
    if not verdict.holds_saved:
        return f"BROKEN: {counted}, but the saved head is not among them: some were cut off"
    return f"whole: {counted}"


if __name__ == "__main__":
    if sys.argv[1:2] == [REZONE]:
        sys.exit(rezone_hours(sys.argv[2:]))
    if sys.argv[1:2] == [VERIFY]:
        sys.exit(verify_audit(sys.argv[2:]))
    sys.exit(run(SERVICE, sys.argv[1:]))
