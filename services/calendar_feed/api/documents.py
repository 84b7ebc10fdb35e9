"""Feeds as JSON."""

from __future__ import annotations

from typing import Final

from yarl import URL

from services.calendar_feed.domain.feeds import Feed
from services.calendar_feed.use_cases.keeping import Opened

SECRETS: Final = ("url", "webcal_url")


def feed_document(feed: Feed) -> dict[str, object]:
    """Return what may be shown at any time: never the address."""
    return {
        "id": str(feed.id),
        "clinician_id": str(feed.clinician_id),
        "name": feed.name,
        "detail": feed.detail.value,
        "form": feed.form.value,
        "created_at": feed.created_at.isoformat(),
        "rotated_at": feed.rotated_at.isoformat() if feed.rotated_at else None,
    }


def opened_document(opened: Opened, feed_url: URL) -> dict[str, object]:
    """As `feed_document`, with the address that is shown this once."""
    url = feed_url / "feeds" / f"{opened.token}.ics"
    return {
        **feed_document(opened.feed),
        "url": str(url),
        "webcal_url": f"webcal://{str(url).partition('://')[2]}",
    }
