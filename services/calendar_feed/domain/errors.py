"""Every way in which the calendar feed can refuse, as one family."""

from __future__ import annotations

from shared.refusals import Refusal


class CalendarFeedRefusal(Refusal):
    """The calendar feed cannot do this."""


class UnknownClinician(CalendarFeedRefusal):
    """No such clinician."""


class UnknownFeed(CalendarFeedRefusal):
    """No such feed."""


class UnknownEntry(CalendarFeedRefusal):
    """No such entry in this calendar."""


class FeedGone(CalendarFeedRefusal):
    """This calendar is no longer here."""


class AnotherDiary(CalendarFeedRefusal):
    """A clinician's key opens that clinician's own diary only."""


class DetailNotOffered(CalendarFeedRefusal):
    """A feed cannot tell this much."""


class TooManyFeeds(CalendarFeedRefusal):
    """This clinician has as many feeds as anyone may have."""


class UnknownCalendar(CalendarFeedRefusal):
    """No such calendar."""


class BadAddress(CalendarFeedRefusal):
    """This is not the address of a calendar."""


class TooManyCalendars(CalendarFeedRefusal):
    """This clinician has as many calendars as anyone may have."""


class ReadTooOften(CalendarFeedRefusal):
    """This calendar was just read."""


class TooManyFetches(CalendarFeedRefusal):
    """This calendar is asked for too often."""
