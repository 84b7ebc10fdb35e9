"""CloudEvents 1.0 around an event's data."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, SerializeAsAny

from shared.events.data import EVERY_TYPE, EventData
from shared.zones import TZ_VERSION

DATA_OF: Final[dict[str, type[EventData]]] = {data.type: data for data in EVERY_TYPE}


class Event(BaseModel):
    """One fact, as it is stored and sent; `position` is its place in the source's log."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: SerializeAsAny[EventData]
    tzversion: str = TZ_VERSION
    position: int | None = None


def tell(data: EventData, *, source: str, at: datetime) -> Event:
    """Return a new event that tells `data`, not yet in any log."""
    return Event(
        id=uuid4(), source=source, type=data.type, subject=str(data.subject), time=at, data=data
    )


def read_event(raw: dict[str, object]) -> Event | None:
    """Return the event in `raw`, or None for a type that this version does not know.

    A known type with data that does not fit raises pydantic's `ValidationError`: such an
    event is never passed over.
    """
    known = DATA_OF.get(str(raw.get("type")))
    if known is None:
        return None
    return Event.model_validate({**raw, "data": known.model_validate(raw.get("data"))})
