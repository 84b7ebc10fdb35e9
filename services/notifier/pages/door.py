"""Who may look at mails: anyone on this machine alone, else whoever has the admin key."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from services.notifier.domain.loopback import is_loopback
from services.notifier.keys import SETTINGS
from services.notifier.settings import MaildirSettings
from shared.web.auth import OWN_KEYS, Role, caller_with
from shared.web.keys import DATABASE
from shared.web.problems import BadRequest


async def open_mailbox(request: web.Request) -> Path:
    """Return the mailbox's folder; 404 for another channel, 401 without the key."""
    channel = request.app[SETTINGS].channel
    if not isinstance(channel, MaildirSettings):
        raise web.HTTPNotFound
    await let_in(request)
    return channel.folder


async def let_in(request: web.Request) -> None:
    """Return if the caller may look at mails; 401 without the key."""
    if not _is_local(request):
        holder = await caller_with(_key(request), request.app[OWN_KEYS], request.app[DATABASE])
        if holder is None or holder.role is not Role.ADMIN:
            raise BadRequest(
                "unauthorized",
                "Mails are shown to the admin key, as a bearer key or as the password.",
                status=HTTPStatus.UNAUTHORIZED,
                headers={"WWW-Authenticate": 'Basic realm="mailbox", charset="UTF-8"'},
            )


def _is_local(request: web.Request) -> bool:
    """A page elsewhere that points its name at us still says its own name in Host."""
    return is_loopback(request.app[SETTINGS].serving.host) and is_loopback(request.url.host or "")


def _key(request: web.Request) -> str:
    """Return the key from `Bearer KEY`, or the password from `Basic` (RFC 7617), else nothing."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
