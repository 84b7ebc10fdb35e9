"""Learn of people and the practice, and bring the reminders ahead in line with what they want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.people import (
    THE_STAFF,
    Notices,
    Person,
    QuietHours,
    Role,
    Wishes,
    unwanted,
)
from services.notifier.domain.plan import Change
from services.notifier.domain.practice import Practice
from services.notifier.domain.states import Kind, Unsent
from services.notifier.store import people, plans, practice, sessions
from services.notifier.use_cases.reminding import Rules, remind
from services.notifier.use_cases.resending import repeat_what_came_back
from shared.events import data as told
from shared.links import about_address

AT_ONCE: Final = 500  # sessions in one statement


async def learn_client(
    conn: AsyncConnection, client: told.ClientSaved, change: Change, rules: Rules
) -> None:
    """Learn of a client and of all who may hear of their sessions; the others hear no more."""
    saved = [_client(client), *(_guardian(client, each) for each in client.guardians)]
    known = await people.known_people(conn, [each.id for each in saved])
    before = known.get(client.client_id)
    if before is not None and before.revision >= client.revision:
        return
    gone = [
        replace(each, revision=client.revision, notices=Notices.NONE)
        for each in await people.guardians_of(conn, [client.client_id])
        if each.id not in {guardian.guardian_id for guardian in client.guardians}
    ]
    await people.save_people(conn, [*saved, *gone])
    for each in saved:
        if each.id in known:
            await _look_again(conn, known[each.id], each, change.at)
    await _ask(conn, saved, change)
    await _remind_again(conn, change.at, rules, clients=[client.client_id])


async def learn_clinician(
    conn: AsyncConnection, clinician: told.ClinicianSaved, change: Change, rules: Rules
) -> None:
    """Learn how a clinician wants their clients reminded, and what to mail to themselves."""
    saved = _clinician(clinician)
    before = (await people.known_people(conn, [saved.id])).get(saved.id)
    await people.save_people(conn, [saved])
    if before is None:
        return
    await _look_again(conn, before, saved, change.at)
    if before.wishes.offsets != saved.wishes.offsets:
        await _remind_again(conn, change.at, rules)


async def learn_practice(
    conn: AsyncConnection, settled: told.PracticeSaved, change: Change, rules: Rules
) -> None:
    before = await practice.read_practice(conn)
    weeks = settled.follow_up_weeks
    saved = Practice(
        revision=settled.revision,
        offsets=_offsets(settled.reminder_minutes),
        quiet_hours=_quiet(settled.quiet_hours),
        staff_address=settled.staff_address,
        follow_up_after=None if weeks is None else timedelta(weeks=weeks),
    )
    stored = await practice.save_practice(conn, saved)
    if stored and saved.staff_address not in (None, before.staff_address):
        await plans.reopen(conn, THE_STAFF, Unsent.ADDRESS_STOPPED, now=change.at)
    same = (before.offsets, before.quiet_hours) == (saved.offsets, saved.quiet_hours)
    if stored and not same:
        await _remind_again(conn, change.at, rules)


async def _remind_again(
    conn: AsyncConnection, now: datetime, rules: Rules, *, clients: Sequence[UUID] | None = None
) -> None:
    expected = await sessions.ahead_of(conn, now, clients=clients)
    for place in range(0, len(expected), AT_ONCE):
        await remind(conn, expected[place : place + AT_ONCE], rules, changed_at=now)


async def _look_again(conn: AsyncConnection, before: Person, now: Person, at: datetime) -> None:
    """Look again at what only the address, or what was said of it, kept from someone."""
    if now.vouched and not before.vouched:
        await plans.reopen(conn, now.id, Unsent.NOT_VOUCHED, now=at)
    if about_address(now.email) != about_address(before.email):
        await repeat_what_came_back(conn, now.id, about_address(now.email), at)


async def _ask(conn: AsyncConnection, saved: Sequence[Person], change: Change) -> None:
    """Ask whether mail arrives, once of each address, as soon as its owner is to hear anything."""
    checks = [
        plan.address_check(each, about_address(each.email), change)
        for each in saved
        if unwanted(each, Kind.ADDRESS) is None
    ]
    await plans.add(conn, checks)
    await plans.reopen_these(conn, checks, now=change.at)


def _client(client: told.ClientSaved) -> Person:
    return Person(
        id=client.client_id,
        revision=client.revision,
        name=client.name,
        email=client.email,
        timezone=client.timezone,
        locale=client.locale,
        link_generation=client.link_generation,
        vouched=client.address_vouched,
        wishes=_wishes(client.mail),
    )


def _guardian(client: told.ClientSaved, guardian: told.Guardian) -> Person:
    return Person(
        id=guardian.guardian_id,
        revision=client.revision,
        name=guardian.name,
        email=guardian.email,
        timezone=guardian.timezone or client.timezone,
        locale=guardian.locale or client.locale,
        link_generation=guardian.link_generation,
        role=Role.GUARDIAN,
        ward_id=client.client_id,
        notices=Notices(guardian.notices),
        vouched=guardian.address_vouched,
        wishes=_wishes(guardian.mail),
    )


def _clinician(clinician: told.ClinicianSaved) -> Person:
    mail = clinician.mail
    return Person(
        id=clinician.clinician_id,
        revision=clinician.revision,
        name=clinician.name,
        email=clinician.email,
        timezone=clinician.timezone,
        locale=mail.locale,
        link_generation=clinician.link_generation,
        role=Role.CLINICIAN,
        wishes=Wishes(
            opted_out=frozenset(mail.opted_out),
            offsets=_offsets(mail.reminder_minutes),
            digest_at=None if mail.digest_at is None else time.fromisoformat(mail.digest_at),
            news=mail.news,
        ),
    )


def _wishes(mail: told.MailWishes) -> Wishes:
    return Wishes(
        opted_out=frozenset(mail.opted_out),
        offsets=_offsets(mail.reminder_minutes),
        quiet_hours=_quiet(mail.quiet_hours),
        invitations=mail.invitations,
    )


def _offsets(minutes: Sequence[int] | None) -> tuple[timedelta, ...] | None:
    return None if minutes is None else tuple(timedelta(minutes=each) for each in minutes)


def _quiet(hours: told.QuietHours | None) -> QuietHours | None:
    if hours is None or hours.begin == hours.end:
        return None
    return QuietHours(time.fromisoformat(hours.begin), time.fromisoformat(hours.end))
