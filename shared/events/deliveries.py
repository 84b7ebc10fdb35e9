"""What the notifier tells of mail that does not arrive: whose, which, and why in a word."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.telling import THE_PRACTICE, EventData

Why = Annotated[str, Field(max_length=64, description="One word, such as `sendgrid_401`.")]


class AddressBounced(EventData):
    """Mail to a person's address came back for good, and none is sent there any more."""

    type: ClassVar[str] = "address.bounced.v1"
    person_id: UUID
    reminder_id: UUID
    fate: Literal["bounced", "dropped", "spam", "refused"]

    @property
    def subject(self) -> UUID:
        return self.person_id


class MailFailed(EventData):
    """A mail to a person was given up; if its address was at fault, that is told before this."""

    type: ClassVar[str] = "mail.failed.v1"
    person_id: UUID
    reminder_id: UUID
    fault: Why

    @property
    def subject(self) -> UUID:
        return self.person_id


class SendingRefused(EventData):
    """A channel does not let the practice send: all mail waits until that is mended."""

    type: ClassVar[str] = "sending.refused.v1"
    channel: Annotated[str, Field(max_length=16)]
    fault: Why

    @property
    def subject(self) -> UUID:
        return THE_PRACTICE
