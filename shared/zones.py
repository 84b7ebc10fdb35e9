"""One time zone database for every service: the tzdata package, never the machine's."""

from __future__ import annotations

import functools
import zoneinfo
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

import tzdata

TZ_VERSION: Final[str] = tzdata.IANA_VERSION


class UnknownZone(ValueError):
    """No such time zone."""


def use_packaged_zones() -> None:
    """Make every `ZoneInfo` of this process come from the tzdata package.

    A machine's own files may be a year older: 2025b has Vancouver an hour off from 2026 on.
    """
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name, such as `America/New_York`, or raise `UnknownZone`."""
    if name not in _names():
        raise UnknownZone(f"{name[:64]!r} is not a time zone name such as America/New_York")
    return ZoneInfo(name)


@functools.lru_cache(maxsize=64)
def tzif(name: str) -> bytes:
    """Return the zone's own data (RFC 9636), from the database that `zone` reads."""
    zone(name)
    return resources.files(tzdata).joinpath("zoneinfo", *name.split("/")).read_bytes()
