"""Clinicians, clients and guardians, as far as booking needs to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.scheduler.domain.mail_wishes import ClinicianMail, MailWishes
from services.scheduler.domain.working_hours import WorkingHours
from shared.zones import zone

OF_AGE: Final = 18


class Notices(StrEnum):
    """What a guardian hears of a client's sessions."""

    NONE = "none"
    TIMES = "times"
    COPIES = "copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """Leave to practise where the client is, such as in US-NY; both dates are included."""

    state: str
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueError("a license ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """Someone who holds sessions; `timezone` is the wall clock of the working hours.

    `capacity` is how many courses at a time; a buffer or a notice of None is the practice's.
    """

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    room_url: str | None = field(default=None, repr=False)
    working_hours: tuple[WorkingHours, ...] = ()
    age_groups: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()
    languages: tuple[str, ...] = ()
    accepting_clients: bool = True
    capacity: int | None = None
    buffer_minutes: int | None = None
    minimum_notice_minutes: int | None = None
    link_generation: int = 0
    mail: ClinicianMail = field(default_factory=ClinicianMail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Someone who may hear of a minor's sessions; a zone or a language of None is the client's.

    Until `address_vouched`, only the check of the address is mailed there.
    """

    id: UUID
    name: str = field(repr=False)
    email: str = field(repr=False)
    notices: Notices
    link_generation: int = 0
    timezone: str | None = None
    locale: str | None = None
    address_vouched: bool = True
    mail: MailWishes = field(default_factory=MailWishes)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRequest:
    """What is to be known of a guardian; one who is known already is named by `id`.

    `facts` are the fields that may be left out, and then stay as they are.
    """

    id: UUID | None = None
    name: str = field(repr=False)
    email: str = field(repr=False)
    notices: Notices = Notices.NONE
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Someone whom sessions are for; times are shown to them in `timezone` and `locale`.

    `guardians` are all that are recorded; who may hear of what is `guardians_on` a day.
    Until `address_vouched`, only the check of the address is mailed there.
    """

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    locale: str = "en"
    date_of_birth: date | None = field(default=None, repr=False)
    guardians: tuple[Guardian, ...] = ()
    link_generation: int = 0
    address_vouched: bool = True
    mail: MailWishes = field(default_factory=MailWishes)

    def day_of(self, moment: datetime) -> date:
        """Return the date on the client's own wall calendar."""
        return moment.astimezone(zone(self.timezone)).date()

    def is_born_by(self, moment: datetime) -> bool:
        """Whether the date of birth has begun where the client is, as far as it is recorded."""
        return self.date_of_birth is None or self.date_of_birth <= self.day_of(moment)

    def guardians_on(self, day: date) -> tuple[Guardian, ...]:
        """Return the guardians who have a say on that day: none from the 18th birthday on."""
        return () if is_of_age(self.date_of_birth, day) else self.guardians


def comes_of_age(born: date) -> date:
    """Return the 18th birthday; someone born on 29 February has it on 1 March."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def born_by(day: date) -> date:
    """Return the last date of birth of those who have come of age by that day."""
    try:
        return day.replace(year=day.year - OF_AGE)
    except ValueError:
        return date(day.year - OF_AGE, 2, 28)


def is_of_age(born: date | None, day: date) -> bool:
    """Whether someone is known to be 18 on that day; without a date of birth nobody is."""
    return born is not None and comes_of_age(born) <= day


def is_minor(born: date | None, day: date) -> bool:
    """Whether someone is known to be under 18 on that day; what is not recorded is not checked."""
    return born is not None and day < comes_of_age(born)


def guardian(said: GuardianRequest, known: Guardian | None, *, id: UUID) -> Guardian:
    """Return the guardian as `said`; one who is to hear nothing any more loses all links too."""
    if known is None:
        known = Guardian(id=id, name=said.name, email=said.email, notices=said.notices)
    silenced = said.notices is Notices.NONE and known.notices is not Notices.NONE
    return replace(
        known,
        name=said.name,
        email=said.email,
        notices=said.notices,
        link_generation=known.link_generation + silenced,
        **with_mail(known.mail, said.facts),
    )


def with_mail(mail: MailWishes | ClinicianMail, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return `facts` with whole wishes: what is left out of `mail` there stays as it is."""
    said = dict(facts)
    if "mail" in said:
        said["mail"] = replace(mail, **said["mail"])
    return said


def close_to_guardians(client: Client) -> Client:
    """Return the client with guardians who hear of nothing, and whose links open nothing."""
    return replace(
        client,
        revision=client.revision + 1,
        guardians=tuple(
            replace(each, notices=Notices.NONE, link_generation=each.link_generation + 1)
            for each in client.guardians
        ),
    )


def revoke_links(client: Client) -> Client:
    """Return the client after whom no link works that was made before, nor any guardian's."""
    return replace(
        client,
        revision=client.revision + 1,
        link_generation=client.link_generation + 1,
        guardians=tuple(
            replace(each, link_generation=each.link_generation + 1) for each in client.guardians
        ),
    )
