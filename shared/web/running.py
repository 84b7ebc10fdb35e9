"""`python -m services.NAME` serves; `python -m services.NAME migrate` only migrates."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from aiohttp import web

from shared.heap import share_one_heap
from shared.logs import log, set_up_logs
from shared.settings import BadSettings, Reading
from shared.store.database import Database
from shared.store.migrations import upgrade
from shared.web.serving import Serving, default_database
from shared.zones import TZ_VERSION, use_packaged_zones

# Requests in hand have this long, then the loops have five: below the eight that we promise.
REQUEST_SECONDS: Final = 2.5
# New objects before a look for cycles: at CPython's 700 it looks some ten times a booking, which
# makes almost none (a course of 16 took 3.3 instead of 3.5 times its bare rows, in turns).
OBJECTS_BETWEEN_LOOKS: Final = 20_000


class HasServing(Protocol):
    """A service's settings, of which serving itself needs this part."""

    @property
    def serving(self) -> Serving: ...


S = TypeVar("S", bound=HasServing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[S]):
    """One service as its `__main__` names it."""

    name: str
    read_settings: Callable[[], S]
    create_app: Callable[[S], web.Application]
    migrations: Path


def run(service: Service[S], arguments: Sequence[str]) -> int:
    """Serve until SIGTERM, or migrate; return the exit code, 2 for what cannot start."""
    use_packaged_zones()
    if arguments not in ([], ["migrate"]):
        print(f"usage: python -m services.{service.name} [migrate]", file=sys.stderr)  # noqa: T201 # for the person who typed it
        return 2
    try:
        return _only_migrate(service) if arguments else _serve(service, service.read_settings())
    except BadSettings as bad:
        print(f"{service.name} cannot start:\n{bad}", file=sys.stderr)  # noqa: T201 # read before logs exist
        return 2


def _only_migrate(service: Service[S]) -> int:
    """Migrate with nothing but the database's address: keys and secrets are not needed."""
    reading = Reading()
    database_url = reading.database_url(default_database(service.name))
    reading.settle()
    set_up_logs(service.name, "INFO")
    return migrate(database_url, service.migrations)


def _serve(service: Service[S], settings: S) -> int:
    serving = settings.serving
    set_up_logs(service.name, serving.log_level)
    if migrate(serving.database_url, service.migrations) != 0:
        return 1
    _look_for_cycles_less()
    share_one_heap()
    log.info("service.starting", port=serving.port, tzversion=TZ_VERSION)
    try:
        web.run_app(
            service.create_app(settings),
            host=serving.host,
            port=serving.port,
            shutdown_timeout=REQUEST_SECONDS,
            access_log=None,
            print=None,
        )
    except Exception:  # the database or the port is not to be had: whoever starts us tries again
        log.exception("service.cannot_run")
        return 1
    log.info("service.stopped")
    return 0


def _look_for_cycles_less() -> None:
    """What was imported stays for good, so it is not looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)


def migrate(database_url: str, migrations: Path) -> int:
    """Bring the database up to date in a child process; return 0, or 1 after saying why not.

    What migrating imports would otherwise stay in memory for as long as we serve: 9 MB (measured).
    """
    child = os.fork()  # before there is any thread or loop
    if child == 0:
        os._exit(asyncio.run(_migrated(database_url, migrations)))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


async def _migrated(database_url: str, migrations: Path) -> int:
    database = Database.at(database_url)
    try:
        await upgrade(database, migrations)
        log.info("database.migrated")
    except Exception:
        log.exception("database.not_migrated")
        return 1
    else:
        return 0
    finally:
        await database.close()
