"""Which status each refusal is answered with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from services.notifier.domain import errors
from shared.refusals import Refusal

STATUS: Final[dict[type[Refusal], HTTPStatus]] = {
    errors.UnknownSession: HTTPStatus.NOT_FOUND,
    errors.UnknownReminder: HTTPStatus.NOT_FOUND,
    errors.UnknownPerson: HTTPStatus.NOT_FOUND,
    errors.AddressNotStopped: HTTPStatus.CONFLICT,
    errors.StillOpen: HTTPStatus.CONFLICT,
    errors.NothingToSend: HTTPStatus.CONFLICT,
    errors.NoWebhook: HTTPStatus.NOT_FOUND,
    errors.WrongSignature: HTTPStatus.FORBIDDEN,
    errors.NotEvents: HTTPStatus.BAD_REQUEST,
}
