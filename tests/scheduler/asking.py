"""Kim asks for herself, and staff take each step of it."""

from __future__ import annotations

from typing import Final

from tests.cast import KIM, NEW_YORK, Body
from tests.scheduler.practice import Practice

MONDAYS: Final = [{"weekday": "monday", "start": "09:00", "end": "18:00"}]
IPT: Final = ["grief_and_loss", "role_transition", "role_dispute", "interpersonal_deficit"]
AFTER_SCHOOL: Final = [{"weekday": "tuesday", "start": "15:00", "end": "17:00"}]
FIRST_MEETING: Final = "2027-02-09T15:00:00-05:00"
# Thirteen weeks ahead, so that the story's Tuesdays are found.
COURSE: Final = {"sessions": "16", "from": "2027-02-16", "until": "2027-02-22", "exceptions": "0"}


def asked(**other: object) -> Body:
    """Kim asks for herself: a teen in New York who lost someone, and can after school."""
    return {
        "name": KIM["name"],
        "email": KIM["email"],
        "timezone": NEW_YORK,
        "date_of_birth": "2011-05-04",
        "state": "US-NY",
        "concerns": ["grief_and_loss"],
        "windows": AFTER_SCHOOL,
        "languages": ["es"],
        "note": "Her teacher suggested it.",
    } | other


async def request(practice: Practice, **other: object) -> Body:
    return await practice.made("/v1/requests", asked(**other))


async def matches(practice: Practice, request: Body, **other: str) -> Body:
    answer = await practice.get(f"/v1/requests/{request['id']}/matches", **(COURSE | other))
    assert answer.status == 200, await answer.text()
    found: Body = await answer.json()
    return found


async def consultation(practice: Practice, request: Body, dana: str) -> Body:
    body = {"clinician_id": dana, "starts_at": FIRST_MEETING}
    return await practice.made(f"/v1/requests/{request['id']}/consultation", body)


async def consent(practice: Practice, client_id: str) -> None:
    """Kim is fifteen: her mother agrees to a course."""
    body = {"basis": "guardian", "given_by": "Min Park", "given_on": "2026-11-20"}
    await practice.made(f"/v1/clients/{client_id}/consents", body)


async def read(practice: Practice, request: Body) -> Body:
    found: Body = await (await practice.get(f"/v1/requests/{request['id']}")).json()
    return found
