"""Typed handles to what the running calendar feed owns."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.calendar_feed.settings import Settings
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.serving import Feeds

SETTINGS: Final = web.AppKey("SETTINGS", Settings)
COUNTS: Final = web.AppKey("COUNTS", Counts)
FEEDS: Final = web.AppKey("FEEDS", Feeds)
