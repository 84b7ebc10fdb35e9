"""`POST /webhooks/sendgrid`: what became of mails, told by SendGrid and signed by it."""

from __future__ import annotations

import json
from http import HTTPStatus

from aiohttp import web

from services.notifier.channels.sendgrid_events import (
    NotFromSendGrid,
    check_signature,
    read_event,
    read_key,
)
from services.notifier.domain.errors import NotEvents, NoWebhook, WrongSignature
from services.notifier.keys import SETTINGS
from services.notifier.use_cases.provider_events import learn_fates
from shared.web.auth import public
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import Text, describe

routes = web.RouteTableDef()


@routes.post("/webhooks/sendgrid")
@public
@describe(
    "Hear what became of mails",
    body=Text("application/json"),
    answers={204: None},
    refusals=(NoWebhook, WrongSignature, NotEvents),
)
async def post_events(request: web.Request) -> web.Response:
    """Take in a batch of SendGrid's events, signed by it in the last five minutes.

    404 without `SENDGRID_WEBHOOK_PUBLIC_KEY`; 403 for anyone else's body, of which nothing is
    read. What is told twice, late, or of mails that are not ours, changes nothing.
    """
    key = request.app[SETTINGS].webhook_key
    if key is None:
        raise NoWebhook
    now = request.app[CLOCK].now()
    body = await request.read()
    try:
        check_signature(read_key(key), request.headers, body, now=now)
    except NotFromSendGrid as error:
        raise WrongSignature from error
    told = [event for event in map(read_event, _events(body)) if event is not None]
    await learn_fates(request.app[DATABASE], told, now)
    return web.Response(status=HTTPStatus.NO_CONTENT)


def _events(body: bytes) -> list[object]:
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotEvents from error
    if not isinstance(events, list):
        raise NotEvents
    return events
