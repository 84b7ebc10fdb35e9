"""Every state that something planned can be in, and every reason for it to end unsent."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a mail is for."""

    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CHANGED = "changed"  # several appointments at once
    OFFER = "offer"  # a time that is kept for one person for a while
    ENDED = "ended"  # nothing of the course is to come
    FOLLOW_UP = "follow_up"  # it is time for another appointment
    ADDRESS = "address"  # to an address that nobody vouches for yet
    DIGEST = "digest"  # a clinician's day
    NEWS = "news"  # to a clinician: what of their appointments is not as they were told
    UNSEEN = "unseen"  # to a clinician: their calendar may show a change too late
    TASK = "task"  # to staff: mail to someone does not arrive


# What these say is the difference between what their reader was told and what is true.
NOTICES: Final = frozenset({Kind.CONFIRMATION, Kind.MOVED, Kind.CANCELLED, Kind.CHANGED, Kind.NEWS})


class State(StrEnum):
    """Where one planned mail stands."""

    PLANNED = "planned"  # waits for its time, or for the next try
    SENDING = "sending"  # an attempt is recorded, its answer is not
    UNKNOWN = "unknown"  # the answer of an attempt was lost; a repeat is due
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


OPEN: Final = frozenset({State.PLANNED, State.SENDING, State.UNKNOWN})
ENDED: Final = frozenset(State) - OPEN


class Unsent(StrEnum):
    """Why something planned was skipped."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    CONCLUDED = "concluded"
    SUPERSEDED = "superseded"  # another one says it, and says it better
    UNDONE = "undone"  # the person already knows what is true now
    TOO_LATE = "too_late"
    NOT_IN_IT = "not_in_it"
    NOT_WANTED = "not_wanted"  # as people and the practice have it now, there is no such reminder
    OPTED_OUT = "opted_out"  # the person wants no such mail
    NOT_VOUCHED = "not_vouched"  # nobody has said yet that the address is theirs
    ADDRESS_STOPPED = "address_stopped"  # mail came back from it for good
    NOTHING_TO_SAY = "nothing_to_say"  # an empty day
    WITHDRAWN = "withdrawn"  # the person hears nothing more at all
