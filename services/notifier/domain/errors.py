"""Every way the notifier can refuse a request, as one family."""

from __future__ import annotations

from shared.refusals import Refusal


class NotifierRefusal(Refusal):
    """The notifier cannot do that."""


class UnknownSession(NotifierRefusal):
    """There is no session with this id."""


class UnknownReminder(NotifierRefusal):
    """There is no planned mail with this id."""


class UnknownPerson(NotifierRefusal):
    """There is nobody with this id to write to."""


class AddressNotStopped(NotifierRefusal):
    """Mail to this address was not stopped."""


class StillOpen(NotifierRefusal):
    """It has not ended: it will be sent by itself, or skipped for a reason."""


class NothingToSend(NotifierRefusal):
    """What it was about is not to be said any more."""


class NoWebhook(NotifierRefusal):
    """Nobody's news are heard here: the key that they are signed with is not set."""


class WrongSignature(NotifierRefusal):
    """SendGrid has not signed this just now."""


class NotEvents(NotifierRefusal):
    """The body is not a list of events."""
