"""Every way the notifier can refuse a request, as one family."""

from __future__ import annotations

from shared.refusals import Refusal


class NotifierRefusal(Refusal):
    """The notifier cannot do that."""


class UnknownSession(NotifierRefusal):
    """There is no session with this id."""
