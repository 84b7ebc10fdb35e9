"""`rezone [--apply]`: what a change of the zone database did to the hours that were agreed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.scheduler.app import MIGRATIONS
from services.scheduler.domain.rezoning import AgreedHour
from services.scheduler.use_cases.rezoning import hours_off, rezone
from shared.clock import SystemClock
from shared.settings import BadSettings, Reading
from shared.store.database import Database
from shared.store.migrations import is_current
from shared.web.serving import default_database
from shared.zones import TZ_VERSION, use_packaged_zones

REZONE: Final = "rezone"


def rezone_hours(arguments: Sequence[str]) -> int:
    """List every session whose clock shows another hour than was agreed; with `--apply`, move it.

    Return 0, 1 if some are left to staff, or 2 for a database that cannot be read.
    """
    use_packaged_zones()
    parser = argparse.ArgumentParser(prog=f"python -m services.scheduler {REZONE}")
    parser.add_argument("--apply", action="store_true", help="move them, and tell everyone")
    apply = parser.parse_args(arguments).apply
    try:
        reading = Reading()
        database_url = reading.database_url(default_database("scheduler"))
        reading.settle()
    except BadSettings as bad:
        print(bad, file=sys.stderr)  # noqa: T201 # for the person who typed it
        return 2
    return asyncio.run(_ran(database_url, SystemClock().now(), apply=apply))


async def _ran(database_url: str, now: datetime, *, apply: bool) -> int:
    database = Database.at(database_url)
    try:
        if not await is_current(database, MIGRATIONS):
            print("this database is not migrated: start the scheduler once", file=sys.stderr)  # noqa: T201
            return 2
        for hour in await database.read(lambda conn: hours_off(conn, now)):
            print(_said(hour))  # noqa: T201
        if not apply:
            return 0
        settled = await rezone(database, now, TZ_VERSION)
        print(f"{settled.moved} moved and told, {settled.left} left to staff as tasks")  # noqa: T201
        return 1 if settled.left else 0
    finally:
        await database.close()


def _said(hour: AgreedHour) -> str:
    was, due = (f"{slot.starts_at:%Y-%m-%dT%H:%MZ}" for slot in (hour.slot, hour.due))
    return f"{hour.session_id} {hour.local:%Y-%m-%d %H:%M} {hour.timezone} {was} -> {due}"
