"""The demo's people and hours, entered over HTTP as staff would."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from yarl import URL

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
DANA: Final = {
    "name": "Dana Reyes",
    "email": "dana@practice.example",
    "timezone": "America/New_York",
    "room_url": "https://meet.example/dana",
    "working_hours": [{"weekday": d, "start": "09:00", "end": "18:00"} for d in WEEKDAYS],
}
KIM: Final = {"name": "Kim Park", "email": "kim@mail.example", "timezone": "America/New_York"}
WEEKS: Final = 16
TUESDAY: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One service's `/v1`, as the holder of a key sees it."""

    url: str
    key: str

    def post(self, path: str, body: dict[str, Any], *, once: str = "") -> dict[str, Any]:
        """Post `body`; with `once`, a repeat of an interrupted start makes nothing twice."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if once:
            headers["Idempotency-Key"] = once
        request = urllib.request.Request(
            f"{self.url}/v1{path}", data=json.dumps(body).encode(), headers=headers
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            made: dict[str, Any] = json.load(answer)
            return made


def enter_practice(scheduler: Api, calendar_feed: Api, today: date) -> dict[str, str]:
    """Enter a clinician, a client, a course of Tuesdays at three and a feed; return their ids."""
    clinician = scheduler.post("/clinicians", DANA, once="demo-dana")
    client = scheduler.post("/clients", KIM, once="demo-kim")
    course = scheduler.post(
        "/courses",
        {
            "clinician_id": clinician["id"],
            "client_ids": [client["id"]],
            "first_date": next_tuesday(today).isoformat(),
            "time": "15:00",
            "sessions": WEEKS,
        },
        once="demo-tuesdays",
    )
    feed = calendar_feed.post("/feeds", {"clinician_id": clinician["id"], "name": "Appointments"})
    return {
        "clinician_id": clinician["id"],
        "client_id": client["id"],
        "course_id": course["id"],
        "feed_path": URL(feed["url"]).raw_path,
    }


def next_tuesday(today: date) -> date:
    """Return the first Tuesday at least two days from `today`."""
    return today + timedelta(days=(TUESDAY - today.weekday() - 2) % 7 + 2)
