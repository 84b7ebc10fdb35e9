"""`GET /v1/reminders`: what staff may see of each planned mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest

from services.notifier.api.refusals import STATUS
from services.notifier.domain.errors import NotifierRefusal
from shared.clock import HeldClock
from tests.cast import KIM_ID
from tests.notifier.api.running import ADMIN, SERVICE, Client, running, settings, tell_directly
from tests.notifier.diary import client as kim
from tests.notifier.diary import course


@pytest.fixture
async def notifier(database_url: str, tmp_path: Path, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(settings(database_url, tmp_path / "mail"), clock) as client:
        yield client


async def test_everything_planned_for_a_session_is_shown_without_any_address(
    notifier: Client,
) -> None:
    fact = course(weeks=2)
    await tell_directly(notifier, kim(), fact)
    session = fact.sessions[0].session_id
    response = await notifier.get(f"/v1/reminders?session_id={session}", headers=ADMIN)
    assert response.status == HTTPStatus.OK
    body = await response.json()
    assert [(r["kind"], r["due_at"], r["state"]) for r in body["reminders"]] == [
        ("confirmation", "2026-11-23T09:03:00-05:00", "planned"),
        ("reminder", "2026-12-02T15:00:00-05:00", "planned"),
        ("reminder", "2026-12-03T14:00:00-05:00", "planned"),
    ]
    assert {r["person_id"] for r in body["reminders"]} == {str(KIM_ID)}
    assert set(body["reminders"][0]) == {
        "id", "kind", "person_id", "session_id", "course_id", "due_at", "state", "reason",
        "attempts", "sent_at", "answer_lost", "fate", "fate_at",
    }  # fmt: skip
    assert "@" not in await response.text()


async def test_a_session_that_nobody_knows_is_404(notifier: Client) -> None:
    response = await notifier.get(f"/v1/reminders?session_id={uuid4()}", headers=ADMIN)
    assert response.status == HTTPStatus.NOT_FOUND
    assert (await response.json())["type"] == "urn:standing-hour:problem:unknown-session"


@pytest.mark.parametrize(
    ("query", "named"), [("?state=lost", "state"), ("?session_id=7", "session_id"), ("?x=1", "x")]
)
async def test_a_wrong_query_is_named(notifier: Client, query: str, named: str) -> None:
    response = await notifier.get(f"/v1/reminders{query}", headers=ADMIN)
    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert named in {error["parameter"] for error in (await response.json())["errors"]}


async def test_it_needs_the_key_of_someone_on_the_staff(notifier: Client) -> None:
    path = f"/v1/reminders?session_id={uuid4()}"
    assert (await notifier.get(path)).status == HTTPStatus.UNAUTHORIZED
    assert (await notifier.get(path, headers=SERVICE)).status == HTTPStatus.FORBIDDEN


def test_every_refusal_has_a_status() -> None:
    assert set(STATUS) == set(NotifierRefusal.__subclasses__())
