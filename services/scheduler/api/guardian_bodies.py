"""What may be said of the guardians of a minor, as frozen models."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from pydantic import AfterValidator, Field, StrictBool

from services.scheduler.api.fields import Email, LocaleTag, Name, ZoneName
from services.scheduler.api.mail_bodies import WishesBody
from services.scheduler.domain.people import Guardian, GuardianRequest, Notices, guardian
from shared.web.bodies import DoorModel

Vouched = Annotated[
    StrictBool,
    Field(description="False for what came from a public form: then only a check is mailed."),
]


class GuardianBody(DoorModel):
    """A guardian of a minor, who hears of nothing unless it is said what."""

    name: Name
    email: Email
    notices: Notices = Notices.NONE


class NewGuardian(GuardianBody):
    """A guardian, and how they want to be written to; a zone or a language of null is the client's.

    What is left out stays as it is.
    """

    timezone: ZoneName | None = None
    locale: LocaleTag | None = None
    address_vouched: Vouched = True
    mail: WishesBody = WishesBody()

    def request(self) -> GuardianRequest:
        return self._named(None)

    def guardian(self) -> Guardian:
        return guardian(self.request(), None, id=uuid4())

    def _named(self, id: UUID | None) -> GuardianRequest:
        facts: dict[str, Any] = {
            name: getattr(self, name) for name in _MAY_BE_LEFT_OUT & self.model_fields_set
        }
        if "mail" in facts:
            facts["mail"] = self.mail.said()
        return GuardianRequest(
            id=id, name=self.name, email=self.email, notices=self.notices, facts=facts
        )


class GuardianChange(NewGuardian):
    """A guardian as they are to be known; one who is known already is named by `id`."""

    id: UUID | None = None

    def request(self) -> GuardianRequest:
        return self._named(self.id)


def _each_guardian_once(said: tuple[GuardianChange, ...]) -> tuple[GuardianChange, ...]:
    ids = [each.id for each in said if each.id is not None]
    if len(set(ids)) < len(ids):
        raise ValueError("must name each guardian once")
    return said


GuardianChanges = Annotated[
    tuple[GuardianChange, ...], Field(max_length=10), AfterValidator(_each_guardian_once)
]
_MAY_BE_LEFT_OUT: Final = frozenset({"timezone", "locale", "address_vouched", "mail"})
