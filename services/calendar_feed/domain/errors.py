"""Every way in which the calendar feed can refuse, as one family."""

from __future__ import annotations

from shared.refusals import Refusal


class CalendarFeedRefusal(Refusal):
    """The calendar feed cannot do this."""


class UnknownClinician(CalendarFeedRefusal):
    """No such clinician."""


class UnknownFeed(CalendarFeedRefusal):
    """No such feed."""


class AnotherDiary(CalendarFeedRefusal):
    """A clinician's key opens that clinician's own diary only."""


class DetailNotOffered(CalendarFeedRefusal):
    """A feed cannot tell this much."""


class FormNotOffered(CalendarFeedRefusal):
    """This form of a feed is not offered yet."""
