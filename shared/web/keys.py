"""Typed handles to what every running service owns."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from shared.clock import Clock
from shared.store.database import Database
from shared.web.health import Health
from shared.web.metrics import Metrics

SERVICE: Final = web.AppKey("SERVICE", str)
CLOCK: Final = web.AppKey("CLOCK", Clock)
DATABASE: Final = web.AppKey("DATABASE", Database)
HEALTH: Final = web.AppKey("HEALTH", Health)
METRICS: Final = web.AppKey("METRICS", Metrics)
STOPPING: Final = web.AppKey("STOPPING", asyncio.Event)
