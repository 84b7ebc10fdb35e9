"""The maildir: durable files that any mail program reads, one a delivery."""

from __future__ import annotations

import mailbox as standard
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.notifier.channels import mailbox
from services.notifier.channels.maildir import Maildir
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import Retry, Sent
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.notifier.channels.mails import DELIVERY, LINK, SENDER, mail


@pytest.fixture
def maildir(tmp_path: Path, clock: HeldClock) -> Maildir:
    return Maildir(tmp_path / "mail", sender=SENDER, clock=clock)


def named(delivery_id: UUID) -> Mail:
    return Mail(delivery_id=delivery_id, to="kim@clients.example", subject="S", text="T", html="H")


async def test_a_mail_is_a_file_that_the_standard_library_reads(
    maildir: Maildir, tmp_path: Path
) -> None:
    assert await maildir.send(mail()) == Sent(str(DELIVERY))
    (found,) = standard.Maildir(str(tmp_path / "mail"), create=False)
    assert found["To"] == "kim@clients.example"
    assert not list((tmp_path / "mail" / "tmp").iterdir())


async def test_a_repeat_replaces_what_is_there(
    maildir: Maildir, clock: HeldClock, tmp_path: Path
) -> None:
    await maildir.send(mail())
    clock.advance(timedelta(minutes=1))
    await maildir.send(mail())
    (found,) = mailbox.newest(tmp_path / "mail")
    assert found.name == str(DELIVERY)
    assert maildir.repeatable


async def test_a_folder_that_cannot_be_written_is_tried_again(
    tmp_path: Path, clock: HeldClock
) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    outcome = await Maildir(tmp_path / "mail", sender=SENDER, clock=clock).send(mail())
    assert isinstance(outcome, Retry)


async def test_the_mailbox_shows_the_newest_first(maildir: Maildir, tmp_path: Path) -> None:
    names = [uuid4() for _ in range(3)]
    for age, name in enumerate(names):
        await maildir.send(named(name))
        written = NOW.timestamp() - age
        os.utime(tmp_path / "mail" / "new" / str(name), (written, written))
    assert [each.name for each in mailbox.newest(tmp_path / "mail")] == [str(n) for n in names]
    assert mailbox.newest(tmp_path / "nowhere") == []


async def test_a_mail_is_opened_by_its_name_alone(maildir: Maildir, tmp_path: Path) -> None:
    await maildir.send(mail())
    opened = mailbox.read(tmp_path / "mail", str(DELIVERY))
    assert opened is not None
    assert LINK in opened.text
    assert LINK in opened.html
    (tmp_path / "mail" / "new" / "other").write_text("not a delivery")
    for name in ("other", "../../etc/passwd", "..", "", str(DELIVERY).upper(), DELIVERY.hex):
        assert mailbox.read(tmp_path / "mail", name) is None
    assert len(mailbox.newest(tmp_path / "mail")) == 1
