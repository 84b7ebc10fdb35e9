"""Routes about addresses that mail came back from for good."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import Field

from services.notifier.api.answers.sending import StoppedAddressesAnswer
from services.notifier.domain.errors import AddressNotStopped, UnknownPerson
from services.notifier.store.addresses import StoppedPage
from services.notifier.use_cases import steering
from services.notifier.use_cases.looking import stopped
from shared.logs import log
from shared.store.database import Connection
from shared.web.answers import Answer, answer, answer_once, was_done
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, path_id, query_of
from shared.web.cursors import Cursor, cursor
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


class StoppedQuery(DoorModel):
    """All of them, a page at a time."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None


@routes.get("/v1/stopped-addresses")
@allow(Role.ADMIN, Role.STAFF)
@describe("List whom no mail reaches", query=StoppedQuery, answers={200: StoppedAddressesAnswer})
async def get_stopped(request: web.Request) -> web.Response:
    """Answer whose present address gets no mail, longest stopped first; never the address."""
    query = query_of(request, StoppedQuery)
    return answer(_page(await stopped(request.app[DATABASE], query.next, query.limit)))


@routes.post("/v1/people/{id}/address/start")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Send to an address again",
    answers={204: None},
    refusals=(UnknownPerson, AddressNotStopped),
)
async def post_start(request: web.Request) -> web.Response:
    """Send to a person's present address again, from which mail had come back for good.

    What did not arrive, and is still of use, goes out.
    """
    id, now = path_id(request, "id", UnknownPerson), request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        await steering.start_address(conn, now, id)
        return Answer(status=HTTPStatus.NO_CONTENT)

    response = await answer_once(request, work)
    if was_done(response):
        log.warning("address.started", by=caller(request).id, person_id=str(id))
    return response


def _page(page: StoppedPage) -> dict[str, object]:
    return {
        "stopped_addresses": [
            {
                "person_id": str(each.person_id),
                "reason": each.reason,
                "since": each.since.isoformat(),
                "reminder_id": str(each.reminder_id),
            }
            for each in page.stopped
        ],
        "next": cursor(page.next) if page.next else None,
    }
