"""The running notifier answers what its reference says, whatever it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from services.notifier.app import create_app
from services.notifier.keys import SWEEP
from shared.clock import HeldClock
from shared.web.reference.document import openapi
from tests.cast import KIM_ID
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
from tests.notifier.api.desk import get
from tests.notifier.api.running import ADMIN, SERVICE, running, settings, tell_directly
from tests.notifier.diary import client as kim
from tests.notifier.diary import course

DOCUMENT: Final = openapi(create_app(settings("sqlite:///nowhere.db", Path("nowhere"))))
OPERATIONS: Final = operations_of(DOCUMENT)
PARAMETER: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A notifier on a port of its own, with Kim's course; `reminder` is one of its mails."""

    url: str
    reminder: str

    def id_in(self, path: str) -> str:
        return str(KIM_ID) if path.startswith("/v1/people") else self.reminder

    def move_in(self, case: Case) -> None:
        known: Mapping[str, str] = {"id": self.id_in(case.operation.path)}
        case.path_parameters = {
            name: known.get(name, value) for name, value in case.path_parameters.items()
        }


@pytest.fixture(scope="module")
def notifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("contract")
    chosen = settings(f"sqlite:///{folder / 'mails.db'}", folder / "mail")
    with in_a_thread() as run:
        service = running(chosen, HeldClock(NOW))
        client = run(service.__aenter__())
        client.app[SWEEP].progress.caught_up = True
        run(tell_directly(client, kim(), course(weeks=5)))
        page = run(get(client, "/v1/reminders"))
        yield Running(url=url_of(client), reminder=page["reminders"][-1]["id"])
        run(service.__aexit__(None, None, None))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))
def test_every_answer_is_one_that_was_described(operation: Operation, notifier: Running) -> None:
    headers = SERVICE if operation.path == "/v1/events" else ADMIN
    check_answers(operation, notifier.url, headers, notifier.move_in)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_another_method_is_refused_with_those_that_are_taken(path: str, notifier: Running) -> None:
    there = PARAMETER.sub(notifier.id_in(path), path)
    taken = {method.upper() for method in DOCUMENT["paths"][path]}
    check_other_methods(taken, notifier.url + there)
