"""Which status each refusal has; whoever adds a refusal decides here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from services.scheduler.domain import errors
from shared.refusals import Refusal

STATUS: Final[dict[type[Refusal], HTTPStatus]] = {
    errors.UnknownClinician: HTTPStatus.NOT_FOUND,
    errors.UnknownClient: HTTPStatus.NOT_FOUND,
    errors.UnknownCourse: HTTPStatus.NOT_FOUND,
    errors.UnknownSession: HTTPStatus.NOT_FOUND,
    errors.UnknownKey: HTTPStatus.NOT_FOUND,
    errors.UnknownImport: HTTPStatus.NOT_FOUND,
    errors.UnknownTask: HTTPStatus.NOT_FOUND,
    errors.UnknownConsent: HTTPStatus.NOT_FOUND,
    errors.LogRewritten: HTTPStatus.CONFLICT,
    errors.DateAhead: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ConsentMissing: HTTPStatus.CONFLICT,
    errors.UnknownHold: HTTPStatus.NOT_FOUND,
    errors.UnknownTimeOff: HTTPStatus.NOT_FOUND,
    errors.UnknownExtraHours: HTTPStatus.NOT_FOUND,
    errors.UnknownHolidays: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotRecorded: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.HourPast: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SameTime: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.HourTaken: HTTPStatus.CONFLICT,
    errors.NotScheduled: HTTPStatus.CONFLICT,
    errors.SessionOver: HTTPStatus.CONFLICT,
    errors.NothingLeft: HTTPStatus.CONFLICT,
    errors.CourseOver: HTTPStatus.CONFLICT,
    errors.NotDisplaced: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotStarted: HTTPStatus.CONFLICT,
    errors.UnknownRequest: HTTPStatus.NOT_FOUND,
    errors.UnknownEntry: HTTPStatus.NOT_FOUND,
    errors.UnknownConcern: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AgeNotKnown: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.WrongOrder: HTTPStatus.CONFLICT,
    errors.NotSuitable: HTTPStatus.CONFLICT,
    errors.NotWaiting: HTTPStatus.CONFLICT,
    errors.RosterSize: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotAGroup: HTTPStatus.CONFLICT,
    errors.AlreadyMember: HTTPStatus.CONFLICT,
    errors.NotAMember: HTTPStatus.CONFLICT,
    errors.NotAway: HTTPStatus.CONFLICT,
    errors.GroupFull: HTTPStatus.CONFLICT,
    errors.JoiningOver: HTTPStatus.CONFLICT,
    errors.LastMember: HTTPStatus.CONFLICT,
}
