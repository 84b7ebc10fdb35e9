"""Feeds as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Final, get_args

from yarl import URL

from services.calendar_feed.api.answers.feeds import Weekday
from services.calendar_feed.domain.feeds import Feed, Form
from services.calendar_feed.domain.readers import Reader
from services.calendar_feed.ics.reading import SeenEntry, SeenHours
from services.calendar_feed.use_cases.keeping import Opened, Page
from services.calendar_feed.use_cases.previewing import Page as Fetches
from services.calendar_feed.use_cases.previewing import Preview
from shared.subscribing import qr_svg, ways_to
from shared.web.cursors import cursor

SECRETS: Final = ("url", "webcal_url", "outlook_url", "google_url", "caldav_url", "qr_svg")
WEEKDAYS: Final = get_args(Weekday)


def feed_document(feed: Feed) -> dict[str, object]:
    """Return what may be shown at any time: never the address."""
    choices = feed.choices
    return {
        "id": str(feed.id),
        "clinician_id": str(feed.clinician_id),
        "name": feed.name,
        "detail": feed.detail.value,
        "form": feed.form.value,
        "back_days": choices.back.days,
        "ahead_days": choices.ahead.days,
        "kinds": sorted(choices.kinds),
        "course_id": None if choices.course_id is None else str(choices.course_id),
        "alarm_minutes": _minutes(choices.alarms),
        "join_links": choices.join_links,
        "office_hours": choices.office_hours,
        "ends_on": None if feed.ends_on is None else feed.ends_on.isoformat(),
        "created_at": feed.created_at.isoformat(),
        "rotated_at": feed.rotated_at.isoformat() if feed.rotated_at else None,
    }


def feeds_document(page: Page) -> dict[str, object]:
    return {
        "feeds": [
            {
                **feed_document(listed.feed),
                "ended": listed.ended,
                "left_out": asdict(listed.left_out),
                "readers": [_reader(each) for each in listed.readers],
            }
            for listed in page.feeds
        ],
        "next": cursor(page.next) if page.next else None,
    }


def opened_document(opened: Opened, feed_url: URL) -> dict[str, object]:
    """As `feed_document`, with every way to subscribe, shown this once."""
    ways = ways_to(feed_url / "feeds" / f"{opened.token}.ics")
    return {
        **feed_document(opened.feed),
        **asdict(ways),
        "caldav_url": None if opened.feed.form is Form.FREE_BUSY else _caldav(feed_url, opened),
        "qr_svg": qr_svg(ways.webcal_url),
    }


def fetches_document(page: Fetches) -> dict[str, object]:
    return {
        "fetches": [
            {
                "at": each.at.isoformat(),
                "program": each.program.value,
                "status": each.status,
                "version": each.version,
                "count": each.count,
            }
            for each in page.fetches
        ],
        "next": cursor(page.next) if page.next else None,
    }


def preview_document(preview: Preview) -> dict[str, object]:
    seen = preview.seen
    return {
        "name": seen.name,
        "size": seen.size,
        "ended": preview.ended,
        "left_out": asdict(preview.left_out),
        "entries": [_seen_entry(each) for each in seen.entries],
        "office_hours": [_seen_hours(each) for each in seen.office_hours],
    }


def _seen_entry(seen: SeenEntry) -> dict[str, object]:
    return {
        "starts_at": seen.starts_at.isoformat(),
        "ends_at": seen.ends_at.isoformat(),
        "summary": seen.summary,
        "status": seen.status,
        "has_link": seen.has_link,
        "description": seen.description,
        "alarm_minutes": _minutes(seen.alarms),
    }


def _seen_hours(seen: SeenHours) -> dict[str, object]:
    return {
        "weekday": WEEKDAYS[seen.weekday],
        "start": seen.start,
        "end": seen.end,
        "timezone": seen.timezone,
        "from": seen.since.isoformat(),
        "until": seen.until.isoformat() if seen.until else None,
    }


def _minutes(alarms: Iterable[timedelta]) -> list[int]:
    return [int(each.total_seconds()) // 60 for each in alarms]


def _caldav(feed_url: URL, opened: Opened) -> str:
    return f"{feed_url / 'dav' / opened.token}/"


def _reader(reader: Reader) -> dict[str, object]:
    return {
        "program": reader.program.value,
        "last_at": reader.last_at.isoformat(),
        "fetches": reader.fetches,
        "version": reader.version,
        "next_by": reader.next_at.isoformat(),
    }
