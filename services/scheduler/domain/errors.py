"""Every way in which the scheduler can refuse, as one family."""

from __future__ import annotations

from collections.abc import Sequence

from services.scheduler.domain.conflicts import Conflict
from shared.refusals import Refusal


class SchedulerRefusal(Refusal):
    """The scheduler cannot do this."""


class UnknownClinician(SchedulerRefusal):
    """No such clinician."""


class UnknownClient(SchedulerRefusal):
    """No such client."""


class UnknownCourse(SchedulerRefusal):
    """No such course."""


class UnknownSession(SchedulerRefusal):
    """No such session."""


class UnknownHold(SchedulerRefusal):
    """No such hold."""


class UnknownKey(SchedulerRefusal):
    """No such key."""


class UnknownImport(SchedulerRefusal):
    """No such import."""


class UnknownTask(SchedulerRefusal):
    """No such task."""


class UnknownConsent(SchedulerRefusal):
    """No such consent."""


class LogRewritten(SchedulerRefusal):
    """The audit log is not as it was written: run verify-audit."""


class DateAhead(SchedulerRefusal):
    """That date is still to come."""


class ConsentMissing(SchedulerRefusal):
    """Someone under 18 needs a recorded consent first."""

    def __init__(self, pointers: Sequence[str]) -> None:
        super().__init__(
            f"no consent is recorded for {len(pointers)} of those named",
            pointer=pointers[0],
            members={"without_consent": list(dict.fromkeys(pointers))},
        )


class UnknownTimeOff(SchedulerRefusal):
    """No such time off."""


class UnknownExtraHours(SchedulerRefusal):
    """No such extra hours."""


class UnknownHolidays(SchedulerRefusal):
    """No calendar knows these holidays."""


class NotRecorded(SchedulerRefusal):
    """The request names someone who is not recorded."""


class HourTaken(SchedulerRefusal):
    """The hour cannot be had on every date."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        found = [conflict.document() for conflict in conflicts]
        super().__init__(f"dates in the way: {len(found)}", members={"conflicts": found})
        self.conflicts = tuple(conflicts)


class HourPast(SchedulerRefusal):
    """That time has passed."""


class SameTime(SchedulerRefusal):
    """The session is at that time already."""


class NotScheduled(SchedulerRefusal):
    """Only a session that is still scheduled can be changed."""


class SessionOver(SchedulerRefusal):
    """The session's hour is over; it can only be concluded."""


class NothingLeft(SchedulerRefusal):
    """No session is left that this would change."""


class CourseOver(SchedulerRefusal):
    """The course has ended; what comes after it is booked as follow-ups."""


class NotDisplaced(SchedulerRefusal):
    """The time off does not fall on this session."""


class NotStarted(SchedulerRefusal):
    """A session can be concluded once it has started."""


class UnknownRequest(SchedulerRefusal):
    """No such request."""


class UnknownEntry(SchedulerRefusal):
    """No such entry on the waiting list."""


class UnknownConcern(SchedulerRefusal):
    """The request is about something that is on no list."""


class AgeNotKnown(SchedulerRefusal):
    """The request does not say for whom it is: an adult or a teen."""


class WrongOrder(SchedulerRefusal):
    """The request is not at that point."""


class NotSuitable(SchedulerRefusal):
    """The clinician does not suit those whom they are to see."""

    def __init__(self, reasons: Sequence[dict[str, object]]) -> None:
        super().__init__(
            f"limits in the way: {len(reasons)}",
            pointer="#/clinician_id",
            members={"reasons": list(reasons)},
        )


class NotWaiting(SchedulerRefusal):
    """The waiting list has this person no more."""


class RosterSize(SchedulerRefusal):
    """A group has more or fewer members than it may begin with."""


class NotAGroup(SchedulerRefusal):
    """The course is not a group that one can join."""


class AlreadyMember(SchedulerRefusal):
    """The client is a member already."""


class NotAMember(SchedulerRefusal):
    """The client is not expected there."""


class NotAway(SchedulerRefusal):
    """The client is not recorded as away from this session."""


class GroupFull(SchedulerRefusal):
    """The group is full."""


class JoiningOver(SchedulerRefusal):
    """It is too late to join the group."""


class LastMember(SchedulerRefusal):
    """Nobody else is expected there."""
