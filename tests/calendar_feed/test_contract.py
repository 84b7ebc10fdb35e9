"""The running calendar feed answers what its reference says, whatever it is asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import pytest
from yarl import URL

from services.calendar_feed.app import create_app
from shared.clock import HeldClock
from shared.web.reference.document import openapi
from tests.calendar_feed.api.running import (
    ADMIN,
    SERVICE,
    Client,
    open_feed,
    running,
    settings,
    tell_directly,
)
from tests.calendar_feed.diary import course_booked, dana_saved
from tests.cast import DANA_ID
from tests.conftest import NOW
from tests.contract import (
    Case,
    Operation,
    check_answers,
    check_other_methods,
    in_a_thread,
    operations_of,
    url_of,
)

DOCUMENT: Final = openapi(create_app(settings("sqlite:///nowhere.db", URL("http://127.0.0.1:9"))))
# Whatever address one might think of would be asked for: what it answers is tested by hand.
OPERATIONS: Final = {
    label: each for label, each in operations_of(DOCUMENT).items() if label != "POST /v1/calendars"
}
PARAMETER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A calendar feed on a port of its own, and Dana's feed in it, by parameter."""

    url: str
    known: Mapping[str, str]

    def move_in(self, case: Case) -> None:
        case.path_parameters = {
            name: self.known.get(name, value) for name, value in case.path_parameters.items()
        }
        if isinstance(case.body, dict) and "clinician_id" in case.body:
            moved: Any = {**case.body, "clinician_id": str(DANA_ID)}
            case.body = moved


@pytest.fixture(scope="module")
def calendar_feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database_url = f"sqlite:///{tmp_path_factory.mktemp('contract') / 'feeds.db'}"
    with in_a_thread() as run:
        service = running(database_url, HeldClock(NOW))
        client = run(service.__aenter__())
        run(tell_directly(client, dana_saved(), course_booked()))
        feed = run(open_feed(client))
        run(caught_up(client))
        token = feed["url"].rpartition("/")[2].removesuffix(".ics")
        yield Running(url=url_of(client), known={"id": feed["id"], "token": token})
        run(service.__aexit__(None, None, None))


async def caught_up(client: Client) -> None:
    """Wait until it has heard that the scheduler's log has nothing more."""
    async with asyncio.timeout(10):
        while True:
            answer = await client.get("/ready")
            if answer.status == HTTPStatus.OK:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))
def test_every_answer_is_one_that_was_described(
    operation: Operation, calendar_feed: Running
) -> None:
    headers = SERVICE if operation.path == "/v1/events" else ADMIN
    check_answers(operation, calendar_feed.url, headers, calendar_feed.move_in)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_another_method_is_refused_with_those_that_are_taken(
    path: str, calendar_feed: Running
) -> None:
    there = PARAMETER.sub(lambda found: calendar_feed.known.get(found[1], found[1]), path)
    taken = {method.upper() for method in DOCUMENT["paths"][path]}
    check_other_methods(taken, calendar_feed.url + there)
