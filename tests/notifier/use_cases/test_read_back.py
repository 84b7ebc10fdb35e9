"""Every mail of every kind as the standard library reads it: headers, both parts, their links."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final

import pytest

from services.notifier.channels.mime import message
from services.notifier.domain.mail import Mail
from services.notifier.domain.names import Letterhead
from services.notifier.domain.people import THE_STAFF
from services.notifier.domain.states import Kind
from shared.clock import HeldClock
from shared.links import Purpose, read
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID
from tests.notifier.diary import JO_ID
from tests.notifier.season import STAFF, play
from tests.notifier.stage import LETTERHEAD, LINKS, Stage

READERS: Final = {
    "kim@clients.example": KIM_ID,
    "ana@clients.example": ANA_ID,
    "jo@clients.example": JO_ID,
    "dana@clinicians.example": DANA_ID,
    STAFF: THE_STAFF,
}
PURPOSES: Final = {
    "join": Purpose.JOIN,
    "appointments": Purpose.APPOINTMENT,
    "offers": Purpose.OFFER,
    "unsubscribe": Purpose.MAIL,
    "addresses": Purpose.ADDRESS,
}
ALWAYS: Final = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}
LEAVING: Final = {"List-Unsubscribe", "List-Unsubscribe-Post"}
VOID: Final = {"meta", "br", "link"}


class Page(HTMLParser):
    """Collects what a page links to and says, and holds that every element is closed in turn."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert not [name for name in values if name.startswith("on")]
        assert tag not in {"script", "img", "iframe", "form", "object"}
        if tag == "a":
            self.links.append(str(values["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.said += data.split()


def part(whole: EmailMessage, subtype: str) -> str:
    found = whole.get_body((subtype,))
    assert isinstance(found, EmailMessage)
    assert found.get_content_charset() == "utf-8"
    return str(found.get_content()).replace("\r\n", "\n")


def holds(mail: Mail, sender: str, at: datetime) -> None:
    """Read a mail back, and hold every header, both parts, and all that they link to."""
    raw = bytes(message(mail, sender=sender, at=at))
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    whole = email.message_from_bytes(raw, policy=email.policy.default)
    assert whole.defects == []
    assert set(whole.keys()) == ALWAYS | (LEAVING if mail.unsubscribe else set())
    assert len(whole.keys()) == len(set(whole.keys()))
    assert [each.addr_spec for each in whole["From"].addresses] == [sender]
    assert whole["From"].addresses[0].display_name == (mail.from_name or "")
    assert [each.addr_spec for each in whole["To"].addresses] == [mail.to]
    assert whole["To"].addresses[0].display_name == ""
    assert whole["Subject"] == mail.subject
    assert whole["Date"].datetime == at
    assert whole["Message-ID"] == f"<{mail.delivery_id}@hour.example>"
    if mail.unsubscribe:
        assert whole["List-Unsubscribe"] == f"<{mail.unsubscribe}>"
    text, page = part(whole, "plain"), Page(part(whole, "html"))
    linked = set(re.findall(r"https?://\S+", text))
    assert linked == set(page.links)
    for link in linked:
        _works(link, mail, at)
    _says_the_same(text, page)


def _works(link: str, mail: Mail, at: datetime) -> None:
    """Hold a link against its signature, as the page behind it does: it is the reader's own."""
    base, purpose, token = link.rsplit("/", 2)
    assert base == LINKS.public_url
    signed = read(token, LINKS.secret, purpose=PURPOSES[purpose])
    assert signed.person_id == READERS[mail.to]
    assert signed.expires_at > at


def _says_the_same(text: str, page: Page) -> None:
    """Hold that what a part says of times is in the other, in the same words."""
    times = re.findall(r"\d{1,2}:\d\d\s\S+(?:\sm\.)?\s[A-Z]{3,4}\S*", text)
    said = " ".join(page.said)
    assert all(" ".join(time.split()).rstrip("):") in said for time in times)


@pytest.mark.parametrize(
    ("practice", "locale"),
    [(None, "en-US"), ("Hudson Psychology", "es-MX"), ("Práctica «ñandú», كيم", "xx")],
)
async def test_every_mail_reads_back_as_it_was_written(
    database: Database, clock: HeldClock, practice: str | None, locale: str
) -> None:
    letterhead = Letterhead(address=LETTERHEAD.address, practice=practice)
    stage = Stage(database, clock, letterhead=letterhead)
    written: list[datetime] = []

    async def note(_mail: Mail) -> None:
        written.append(stage.clock.now().astimezone(UTC).replace(microsecond=0))

    stage.channel.before = note
    sent = await play(stage, locale=locale, invitations=True)
    assert set(sent) == set(Kind)
    for mail, at in zip(stage.channel.sent, written, strict=True):
        holds(mail, LETTERHEAD.address, at)
