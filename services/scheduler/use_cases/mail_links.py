"""What someone does by a link about their mail: end one kind of it, or say that it arrives.

Whoever holds the link is taken for the person it was mailed to. Nothing of them is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.audit import Entry
from services.scheduler.domain.mail_wishes import MailKind, kind_of, wishing
from services.scheduler.domain.people import Client, Clinician, Guardian
from services.scheduler.domain.self_service import MOST_POSTS
from services.scheduler.store import guardians, people, self_service
from services.scheduler.use_cases.auditing import record
from shared.eventlog import log
from shared.links import Link, about_address


class Pressed(StrEnum):
    """What became of a press of a button."""

    DONE = "done"
    PACED = "paced"  # too many in an hour
    CHANGED = "changed"  # the person has another address by now


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose link it is, and who has the row: a guardian's is with the client."""

    person: Client | Guardian | Clinician
    holder: Client | Clinician
    link: Link = field(repr=False)

    @property
    def locale(self) -> str:
        """The language that their mail is in."""
        match self.person:
            case Clinician(mail=mail):
                return mail.locale
            case Guardian(locale=own):
                return own or (self.holder.locale if isinstance(self.holder, Client) else "en")
        return self.person.locale

    @property
    def kind(self) -> MailKind | None:
        """Which mail the link would end; None if it is about none that we know."""
        return kind_of(self.link.session_id)

    @property
    def has_opted_out(self) -> bool:
        return self.kind in self.person.mail.opted_out

    @property
    def has_vouched_address(self) -> bool:
        return isinstance(self.person, Clinician) or self.person.address_vouched

    @property
    def has_another_address(self) -> bool:
        """Whether the link is about an address that is not theirs any more."""
        return about_address(self.person.email) != self.link.session_id


async def reader_of(conn: AsyncConnection, now: datetime, link: Link) -> Reader | None:
    """Return whose link this is, or None if it has ended, was revoked, or fits nobody."""
    return await _reader(conn, now, link, held=False)


async def opt_out(conn: AsyncConnection, now: datetime, link: Link) -> Pressed | None:
    """End mail of the link's kind to this person; a second press changes nothing more."""
    return await _wish(conn, now, link, wanted=False)


async def opt_in(conn: AsyncConnection, now: datetime, link: Link) -> Pressed | None:
    """Take it back: the person wants mail of this kind after all."""
    return await _wish(conn, now, link, wanted=True)


async def confirm_address(conn: AsyncConnection, now: datetime, link: Link) -> Pressed | None:
    """Note that the address is the person's own, unless they have another one by now."""
    reader = await _reader(conn, now, link, held=True)
    if reader is None:
        return None
    if await _is_paced(conn, now, link):
        return Pressed.PACED
    if reader.has_another_address:
        return Pressed.CHANGED
    if not isinstance(reader.person, Clinician) and not reader.person.address_vouched:
        person = replace(reader.person, address_vouched=True)
        await _save(conn, now, replace(reader, person=person), "address.confirm")
    return Pressed.DONE


async def _wish(
    conn: AsyncConnection, now: datetime, link: Link, *, wanted: bool
) -> Pressed | None:
    reader = await _reader(conn, now, link, held=True)
    if reader is None or reader.kind is None:
        return None
    if await _is_paced(conn, now, link):
        return Pressed.PACED
    if reader.has_opted_out is wanted:
        person = _wishing(reader.person, reader.kind, wanted=wanted)
        action = "mail.resume" if wanted else "mail.stop"
        await _save(conn, now, replace(reader, person=person), action)
    return Pressed.DONE


def _wishing(
    person: Client | Guardian | Clinician, kind: MailKind, *, wanted: bool
) -> Client | Guardian | Clinician:
    if isinstance(person, Clinician):
        return replace(person, mail=wishing(person.mail, kind, wanted=wanted))
    return replace(person, mail=wishing(person.mail, kind, wanted=wanted))


async def _reader(conn: AsyncConnection, now: datetime, link: Link, *, held: bool) -> Reader | None:
    if link.expires_at <= now:
        return None
    client = people.lock_client if held else people.find_client
    clinician = people.lock_clinician if held else people.find_clinician
    ward_id = await guardians.ward_of(conn, link.person_id)
    holder = await client(conn, ward_id or link.person_id) or await clinician(conn, link.person_id)
    if holder is None:
        return None
    person = _person(holder, link)
    if person is None or person.link_generation != link.generation:
        return None
    return Reader(person=person, holder=holder, link=link)


def _person(holder: Client | Clinician, link: Link) -> Client | Guardian | Clinician | None:
    """Return whom the link was mailed to; a guardian may have gone meanwhile."""
    everyone = [holder, *(holder.guardians if isinstance(holder, Client) else ())]
    return next((each for each in everyone if each.id == link.person_id), None)


async def _is_paced(conn: AsyncConnection, now: datetime, link: Link) -> bool:
    """Count this press, after the lock of its person, unless there were too many already."""
    about, person_id = link.session_id, link.person_id
    if await self_service.posts_of_the_hour(conn, about, person_id, now) >= MOST_POSTS:
        return True
    await self_service.count_post(conn, about, person_id, now)
    return False


async def _save(conn: AsyncConnection, now: datetime, reader: Reader, action: str) -> None:
    """Store the person as they now are, tell of them, and write down what they did."""
    person, holder = reader.person, reader.holder
    match person:
        case Clinician():
            saved = replace(person, revision=person.revision + 1)
            await people.change_clinician(conn, saved)
            event = announcements.clinician_saved(saved, at=now)
        case _:
            assert isinstance(holder, Client)  # only a client has guardians
            ward = _with_person(holder, person)
            await people.change_client(conn, ward)
            event = announcements.client_saved(ward, at=now)
    await log.append(conn, [event])
    kind = reader.kind
    entry = Entry(
        actor=f"{type(person).__name__.lower()}:{person.id}",
        action=action,
        at=now,
        subject=person.id,
        others=(holder.id,),
        details={} if kind is None else {"kind": kind.value},
    )
    await record(conn, entry)


def _with_person(client: Client, person: Client | Guardian) -> Client:
    """Return the client with what has changed of themselves or of one guardian."""
    if isinstance(person, Client):
        return replace(person, revision=client.revision + 1)
    others = (person if each.id == person.id else each for each in client.guardians)
    return replace(client, revision=client.revision + 1, guardians=tuple(others))
