"""What every event tells in the same way."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

THE_PRACTICE: Final = UUID(int=1)  # one practice an installation

Revision = Annotated[int, Field(ge=1, description="Rises by one with each change.")]
Generation = Annotated[int, Field(ge=0, description="Raised to revoke this person's links.")]
ZoneName = Annotated[str, Field(description="An IANA time zone name.")]


class Told(BaseModel):
    """What every piece of event data has: frozen, and fields it does not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EventData(Told):
    """The `data` of one event type."""

    type: ClassVar[str]

    @property
    @abstractmethod
    def subject(self) -> UUID:
        """The id of the one thing that this event is about."""
