"""Typed handles to what the running calendar feed owns."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.calendar_feed.settings import Settings
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.fetching import Fetching
from services.calendar_feed.use_cases.noting import Ledger
from services.calendar_feed.use_cases.reading_outside import Reading
from services.calendar_feed.use_cases.serving import Feeds
from services.calendar_feed.use_cases.syncing import Shelves
from services.calendar_feed.use_cases.writing import Writer

READING: Final = web.AppKey("READING", Reading)
SETTINGS: Final = web.AppKey("SETTINGS", Settings)
COUNTS: Final = web.AppKey("COUNTS", Counts)
FEEDS: Final = web.AppKey("FEEDS", Feeds)
FETCHING: Final = web.AppKey("FETCHING", Fetching)
LEDGER: Final = web.AppKey("LEDGER", Ledger)
SHELVES: Final = web.AppKey("SHELVES", Shelves)
WRITER: Final = web.AppKey("WRITER", Writer)
