"""Which status each refusal has; whoever adds a refusal decides here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from services.calendar_feed.domain import errors
from shared.refusals import Refusal

STATUS: Final[dict[type[Refusal], HTTPStatus]] = {
    errors.UnknownClinician: HTTPStatus.NOT_FOUND,
    errors.UnknownFeed: HTTPStatus.NOT_FOUND,
    errors.UnknownEntry: HTTPStatus.NOT_FOUND,
    errors.AnotherDiary: HTTPStatus.FORBIDDEN,
    errors.FeedGone: HTTPStatus.GONE,
    errors.DetailNotOffered: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyFeeds: HTTPStatus.CONFLICT,
    errors.UnknownCalendar: HTTPStatus.NOT_FOUND,
    errors.BadAddress: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyCalendars: HTTPStatus.CONFLICT,
    errors.ReadTooOften: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyFetches: HTTPStatus.TOO_MANY_REQUESTS,
}
