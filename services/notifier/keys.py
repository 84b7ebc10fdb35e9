"""Typed handles to what the running notifier owns."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.notifier.settings import Settings
from services.notifier.use_cases.sweeping import Sweep
from shared.waking import Signal

SETTINGS: Final = web.AppKey("SETTINGS", Settings)
SWEEP: Final = web.AppKey("SWEEP", Sweep)
TICK: Final = web.AppKey("TICK", Signal)
