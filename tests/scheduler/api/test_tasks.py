"""What staff are asked to look after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.scheduler.use_cases.tasks import raise_task
from shared.web.keys import DATABASE
from tests.cast import ANA_ID, KIM_ID
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of


async def raised(practice: Practice, kind: str, subject: UUID, note: str | None = None) -> None:
    app = practice.client.app
    assert app is not None
    now = practice.clock.now()
    await app[DATABASE].write(
        lambda conn: raise_task(conn, kind=kind, subject=subject, now=now, note=note)
    )
    practice.clock.advance(timedelta(minutes=1))


async def tasks(practice: Practice, **params: str) -> list[Any]:
    found: list[Any] = (await (await practice.get("/v1/tasks", **params)).json())["tasks"]
    return found


async def test_open_tasks_are_listed_the_oldest_first(practice: Practice) -> None:
    await raised(practice, "came_of_age", KIM_ID)
    await raised(practice, "consent_missing", ANA_ID, "Ask Ana.")
    first, second = await tasks(practice)
    assert (first["kind"], first["subject_id"], first["status"]) == (
        "came_of_age",
        str(KIM_ID),
        "open",
    )
    assert (second["subject_id"], second["note"]) == (str(ANA_ID), "Ask Ana.")
    assert (first["done_at"], first["done_by"]) == (None, None)


async def test_what_is_open_already_is_not_asked_again(practice: Practice) -> None:
    for _ in range(2):
        await raised(practice, "came_of_age", KIM_ID)
    await raised(practice, "came_of_age", ANA_ID)
    await raised(practice, "consent_missing", KIM_ID)
    assert len(await tasks(practice)) == 3


async def test_a_task_that_is_done_says_when_and_by_whom_and_stays_so(practice: Practice) -> None:
    await raised(practice, "came_of_age", KIM_ID)
    (task,) = await tasks(practice)
    done = await practice.made(f"/v1/tasks/{task['id']}/done", {})
    assert (done["status"], done["done_by"]) == ("done", "admin")
    practice.clock.advance(timedelta(hours=1))
    key = await practice.key("staff")
    again = await practice.post(f"/v1/tasks/{task['id']}/done", {}, key=key)
    assert await again.json() == done
    assert await tasks(practice) == []
    assert await tasks(practice, status="done") == [done]


async def test_after_it_was_done_the_same_can_be_asked_again(practice: Practice) -> None:
    await raised(practice, "came_of_age", KIM_ID)
    (task,) = await tasks(practice)
    await practice.made(f"/v1/tasks/{task['id']}/done", {})
    await raised(practice, "came_of_age", KIM_ID)
    assert len(await tasks(practice)) == 1
    assert len(await tasks(practice, status="all")) == 2


async def test_tasks_come_in_pages_without_a_gap(practice: Practice) -> None:
    for number in range(5):
        await raised(practice, "came_of_age", UUID(int=number + 1))
    seen: list[str] = []
    params = {"limit": "2"}
    for _ in range(3):
        page = await (await practice.get("/v1/tasks", **params)).json()
        seen.extend(each["subject_id"] for each in page["tasks"])
        params["next"] = page["next"]
    assert page["next"] is None
    assert seen == [str(UUID(int=number + 1)) for number in range(5)]


@AT_THE_DOOR
@pytest.mark.parametrize("id", [NOBODY, "a-task"])
async def test_a_task_that_is_not_there_cannot_be_done(practice: Practice, id: str) -> None:
    await problem_of(await practice.post(f"/v1/tasks/{id}/done", {}), 404)


@AT_THE_DOOR
async def test_a_clinicians_key_sees_no_tasks(practice: Practice) -> None:
    key = await practice.key("clinician", await practice.clinician())
    await problem_of(await practice.get("/v1/tasks", key=key), 403)
    await problem_of(await practice.post(f"/v1/tasks/{NOBODY}/done", {}, key=key), 403)


@AT_THE_DOOR
@pytest.mark.parametrize("query", [{"status": "late"}, {"limit": "0"}, {"next": "here"}])
async def test_what_cannot_be_asked_is_refused(practice: Practice, query: dict[str, str]) -> None:
    await problem_of(await practice.get("/v1/tasks", **query), 422)
