"""Every route, asked with every kind of key, about one's own and about another's.

The routes are those of the running scheduler, so one that is added is asked too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp.client import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.web.auth import Role
from shared.web.openapi import Text
from shared.web.reference.operations import Operation
from shared.web.reference.schemas import examples
from tests.conftest import NOW
from tests.scheduler.furnished import Furnished, Owned, furnish
from tests.scheduler.practice import Practice, settings_for

# Nobody posts these one by one: who may ask for them is asked all the same.
MADE_ELSEWHERE: Final = {"imports", "tasks"}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def furnished(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Furnished]:
    """One practice for all: only the last of these changes anything in it."""
    database_url = f"sqlite:///{tmp_path_factory.mktemp('access') / 'practice.db'}"
    clock = HeldClock(NOW)
    app = create_app(settings_for(database_url), clock=clock)
    async with TestClient(TestServer(app)) as client:
        yield await furnish(Practice(client=client, clock=clock))


async def test_there_is_one_of_each_kind(furnished: Furnished) -> None:
    missing = {
        operation.path.split("/")[2]
        for operation in furnished.operations
        for owned in (furnished.dana, furnished.ortiz)
        if not owned.has(operation.path)
    }
    assert missing <= MADE_ELSEWHERE


async def test_a_route_opens_only_to_the_roles_that_it_names(furnished: Furnished) -> None:
    revoked = await _revoked(furnished.practice)
    strangers = {"none": None, "revoked": revoked, "garbage": "sh_" + 43 * "g"}
    wrong = {}
    for operation in furnished.operations:
        for name, key in {**strangers, **furnished.keys}.items():
            if name in operation.roles or not operation.roles:
                continue
            asked = await _ask(furnished, operation, furnished.dana, key)
            if asked.status != (401 if name in strangers else 403):
                wrong[f"{operation.method} {operation.path} as {name}"] = asked.status
    assert wrong == {}


async def test_what_is_anothers_does_not_exist_for_a_clinician(furnished: Furnished) -> None:
    wrong, count = {}, 0
    for operation in _of_clinicians(furnished):
        if "{" not in operation.path:
            continue
        asked = await _ask(furnished, operation, furnished.dana, furnished.ortiz.key)
        count += 1
        if asked.status != 404:
            wrong[f"{operation.method} {operation.path}"] = asked.status
    assert count > 10
    assert wrong == {}


async def test_a_clinician_sees_nothing_of_anothers_in_a_list(furnished: Furnished) -> None:
    dana, shown = furnished.dana, {}
    for operation in _of_clinicians(furnished):
        if operation.method != "GET" or "{" in operation.path:
            continue
        for query in _queries(operation, dana):
            asked = await furnished.practice.get(operation.path, key=furnished.ortiz.key, **query)
            text = await asked.text()
            if found := [kind for kind, id in dana.things.items() if id in text]:
                shown[f"{operation.path} {sorted(query)}"] = found
    assert shown == {}


async def test_a_clinician_changes_nothing_of_anothers_by_naming_them(
    furnished: Furnished,
) -> None:
    wrong = {}
    for operation in _of_clinicians(furnished):
        if operation.method == "GET" or "{" in operation.path:
            continue
        asked = await _ask(furnished, operation, furnished.dana, furnished.ortiz.key)
        if asked.status < 400:
            wrong[f"{operation.method} {operation.path}"] = asked.status
    assert wrong == {}


async def test_what_is_public_asks_for_no_key(furnished: Furnished) -> None:
    public = [each for each in furnished.operations if not each.roles]
    assert {each.path for each in public} == {"/live", "/ready", "/metrics"}
    for operation in public:
        assert (await _ask(furnished, operation, furnished.dana, None)).status == 200


async def test_a_role_reaches_what_it_is_for(furnished: Furnished) -> None:
    """It may be refused for another reason, but what is there is found, and nothing breaks."""
    wrong, found = {}, set[str]()
    for operation in sorted(furnished.operations, key=_gentle_first):
        for role in reversed(operation.roles):
            asked = await _ask(furnished, operation, furnished.dana, furnished.keys[role])
            gone = operation.method == "DELETE" and operation.id in found
            hidden = asked.status == 404 and furnished.dana.has(operation.path) and not gone
            if asked.status in (401, 403) or asked.status >= 500 or hidden:
                wrong[f"{operation.method} {operation.path} as {role}"] = await asked.text()
            found.add(operation.id)
    assert len(found) > 40
    assert wrong == {}


def _of_clinicians(furnished: Furnished) -> Iterator[Operation]:
    return (each for each in furnished.operations if Role.CLINICIAN in each.roles)


def _gentle_first(operation: Operation) -> int:
    """Reading changes nothing, and what is deleted cannot be changed any more."""
    return ("GET", "PUT", "PATCH", "POST", "DELETE").index(operation.method)


def _queries(operation: Operation, dana: Owned) -> list[dict[str, str]]:
    """Ask for everything, and for Dana's by each name that the query has for it."""
    query = operation.description.query
    members = query.model_fields if query else {}
    named = {"clinician_id": dana.things["clinicians"], "client_id": dana.things["clients"]}
    return [{}, *({name: id} for name, id in named.items() if name in members)]


async def _ask(
    furnished: Furnished, operation: Operation, whose: Owned, key: str | None
) -> ClientResponse:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    body = operation.description.body
    sent: dict[str, Any] = {}
    if isinstance(body, Text):
        sent = {"data": "name", "headers": {"Content-Type": body.media_type}}
    elif body is not None:
        sent = {"json": whose.body(examples(body)[0])}
    sent["headers"] = {**sent.get("headers", {}), **headers}
    return await furnished.practice.client.request(
        operation.method, whose.path(operation.path), **sent
    )


async def _revoked(practice: Practice) -> str:
    made = await practice.made("/v1/keys", {"role": "admin", "name": "a key that leaked"})
    assert (await practice.delete(f"/v1/keys/{made['id']}")).status == 204
    return str(made["key"])
