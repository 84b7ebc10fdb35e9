"""People who wait for one hour, what they are offered, and how they answer by link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.scheduler.jobs import offer_free_hours_once
from shared.links import Link, Purpose, sign
from tests.cast import KIM, Body
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

ONE_HOUR: Final = [{"weekday": "tuesday", "start": "15:00", "end": "16:00"}]
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
FIRST_TUESDAY: Final = "2026-11-24T15:00:00-05:00"


async def waits(practice: Practice, client_id: str, **other: object) -> Body:
    """Wait for a course on Tuesdays at three."""
    body = {"client_id": client_id, "weekday": "tuesday", "time": "15:00"}
    return await practice.made("/v1/waiting-list", body | other)


async def tick(practice: Practice) -> int:
    return await offer_free_hours_once(practice.client.app)


async def offers(practice: Practice, **other: str) -> list[Body]:
    listed = await (await practice.get("/v1/offers", **other)).json()
    found: list[Body] = listed["offers"]
    return found


async def entry(practice: Practice, id: str) -> str:
    """Return how the entry stands."""
    listed = await (await practice.get("/v1/waiting-list")).json()
    return str(next(each["status"] for each in listed["entries"] if each["id"] == id))


def link_of(offer: Body) -> Link:
    """Return the link that is mailed with the offer."""
    return Link(
        purpose=Purpose.OFFER,
        session_id=UUID(offer["id"]),
        person_id=UUID(offer["client_id"]),
        generation=0,
        expires_at=datetime.fromisoformat(offer["expires_at"]),
    )


async def answers(practice: Practice, offer: Body, chosen: str) -> int:
    """Press a button of the page, and return the status of its answer."""
    path = f"/offers/{sign(link_of(offer), SECRET)}"
    answer = await practice.client.post(path, data={"answer": chosen}, allow_redirects=False)
    return answer.status


async def busy_tuesday(practice: Practice) -> tuple[str, Body]:
    """Dana works one hour a week, and Kim has it."""
    dana, kim = await practice.clinician(working_hours=ONE_HOUR), await practice.person(KIM)
    course = await practice.course(dana, kim, first_date="2026-11-24", sessions=52)
    return dana, course


async def cancel_all(practice: Practice, course: Body) -> None:
    for session in course["sessions"]:
        await practice.made(f"/v1/sessions/{session['id']}/cancel", {})
