"""Typed handles to what the running scheduler owns, beside what every service has."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.scheduler.settings import Settings
from services.scheduler.use_cases.making_rooms import Doorway
from shared.waking import Signal

SETTINGS: Final = web.AppKey("SETTINGS", Settings)
DOORWAY: Final = web.AppKey("DOORWAY", Doorway)
IMPORTS_WAITING: Final = web.AppKey("IMPORTS_WAITING", Signal)
