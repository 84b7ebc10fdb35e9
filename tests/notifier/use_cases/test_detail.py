"""A mail names nobody, unless the practice has an agreement with whoever carries it."""

from __future__ import annotations

import json

from services.notifier.channels.mime import message
from services.notifier.channels.sendgrid_mail import payload
from services.notifier.domain.mail import Mail
from services.notifier.domain.names import Letterhead
from services.notifier.domain.states import Kind
from shared.clock import HeldClock
from shared.store.database import Database
from tests.notifier.season import play
from tests.notifier.stage import LETTERHEAD, Stage

CANARY = "Zyzzyva Qwortle"
SIGNED = Letterhead(address=LETTERHEAD.address, practice="Hudson Psychology")


def everything(mail: Mail, clock: HeldClock) -> str:
    """Return every letter of a mail as a channel has it and as it goes over either wire."""
    raw = bytes(message(mail, sender=LETTERHEAD.address, at=clock.now()))
    arguments = json.dumps(payload(mail, sender=LETTERHEAD.address), ensure_ascii=False)
    return repr(mail) + raw.decode("ascii", "replace") + arguments


async def test_without_an_agreement_no_name_is_in_any_mail_of_any_kind(stage: Stage) -> None:
    sent = await play(stage, name=CANARY, invitations=True)
    assert set(sent) == set(Kind)
    for mail in stage.channel.sent:
        assert mail.from_name is None
        said = everything(mail, stage.clock).casefold()
        assert not [word for word in CANARY.casefold().split() if word in said]


async def test_with_one_the_practice_signs_and_who_comes_reads_with_whom(
    database: Database, clock: HeldClock
) -> None:
    stage = Stage(database, clock, letterhead=SIGNED)
    sent = await play(stage, name=CANARY)
    for mail in stage.channel.sent:
        assert mail.from_name == "Hudson Psychology"
        assert CANARY not in mail.subject
        assert "\nHudson Psychology\n" in mail.text
    for kind in (Kind.CONFIRMATION, Kind.REMINDER, Kind.MOVED, Kind.CANCELLED, Kind.CHANGED):
        assert all(f"\nWith {CANARY}\n" in mail.text for mail in sent[kind])
    for kind in (Kind.DIGEST, Kind.NEWS, Kind.OFFER, Kind.TASK, Kind.ADDRESS):
        assert all(CANARY not in mail.text + mail.html for mail in sent[kind])
