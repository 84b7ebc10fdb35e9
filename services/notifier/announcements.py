"""The only place where what happened to mail becomes an event."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.notifier.domain.fates import Stopping
from shared.events import data
from shared.events.envelope import Event, tell

SOURCE: Final = "notifier"


def address_bounced(person_id: UUID, reminder_id: UUID, reason: Stopping, *, at: datetime) -> Event:
    told = data.AddressBounced(person_id=person_id, reminder_id=reminder_id, fate=reason)
    return tell(told, source=SOURCE, at=at)


def mail_failed(person_id: UUID, reminder_id: UUID, fault: str, *, at: datetime) -> Event:
    told = data.MailFailed(person_id=person_id, reminder_id=reminder_id, fault=fault[:64])
    return tell(told, source=SOURCE, at=at)


def sending_refused(channel: str, fault: str, *, at: datetime) -> Event:
    told = data.SendingRefused(channel=channel[:16], fault=fault[:64])
    return tell(told, source=SOURCE, at=at)
