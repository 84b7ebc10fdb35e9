"""Words that stand nowhere else, planted wherever a person may write, and looked for afterwards."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from typing import Final

import sqlalchemy as sa

from demo.processes import NAMES, Services
from shared.store.database import Connection, Database
from tests.cast import DANA, KIM
from tests.flows.stranger import ALWAYS, Json, Stranger, now, soon

PERSON: Final = "Zephyrine Quagmire"
PRACTICE: Final = "Quillfeather Practice"
GUARDIAN: Final = "Umberling Tansy"
CANCELLED: Final = "Wobblethorpe is unwell"
PAUSED: Final = "Fizzlewick asked for it"
ROOM: Final = "https://rooms.example/snickersnee"
ROLE: Final = "Quagmire"
WORDS: Final = (
    *("Zephyrine", "Quagmire", "Quillfeather", "Umberling", "Tansy", "Wobblethorpe"),
    *("Fizzlewick", "snickersnee"),
)
ADDRESSES: Final = (KIM["email"], DANA["email"], "clients.example")
FAILING: Final = "failing@clients.example"


async def sending_is_paused_and_then_fails(staff: Stranger) -> None:
    """Pause all sending, spoil what the notifier knows of a reader, and let it go on."""
    services = staff.services
    clinician = await staff.clinician(name=PERSON, room_url=ROOM, working_hours=ALWAYS)
    jo = {"name": GUARDIAN, "email": "guardian@clients.example", "notices": "copies"}
    failing = await staff.client(name=PERSON, email=FAILING, guardians=[jo])
    await _sending(staff, "pause", {"reason": PAUSED})
    session = await staff.consultation(clinician, failing, now() + timedelta(hours=3))
    await soon(lambda: staff.reminders(session["id"]))
    await _spoil(services)
    await _sending(staff, "resume", {})

    async def failed() -> bool:
        return '"error": "ValueError"' in services.log("notifier").read_text()

    await soon(failed)


async def _sending(staff: Stranger, how: str, body: Json) -> None:
    await staff.ask("POST", "notifier", f"/v1/sending/{how}", status=200, body=body)


async def _spoil(services: Services) -> None:
    """Give a reader a role that does not exist: what is raised by it says the role."""
    file = f"sqlite:///{services.folder / 'notifier'}.db"
    database = Database.at(services.databases.get("notifier", file))

    async def work(conn: Connection) -> None:
        spoilt = sa.text("UPDATE people SET role = :role WHERE email = :email")
        await conn.execute(spoilt, {"role": ROLE, "email": FAILING})

    await database.write(work)
    await database.close()


async def nothing_personal_was_written_down(staff: Stranger, *secrets: str) -> None:
    """No log line and no metric holds a name, an address, what was said, or a link's secret."""
    services = staff.services
    for name in NAMES:
        written = services.log(name).read_text()
        async with staff.http.get(services.url(name) + "/metrics") as answer:
            figures = await answer.text()
        assert "http_request" in figures
        for text in (written, figures):
            assert text.strip()
            assert [each for each in (*WORDS, *ADDRESSES, *secrets) if each in text] == []
            assert "/join/AQ" not in text


def no_mail_names_anyone(services: Services) -> None:
    """No header and no part of any mail holds what was planted."""
    mails = [file.read_bytes() for file in (services.folder / "mail" / "new").iterdir()]
    assert mails
    for raw in mails:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        said = [raw.decode(), *(f"{header}" for header in mail.items()), *map(_content, parts)]
        assert [word for word in WORDS if any(word in text for text in said)] == []


def _content(part: EmailMessage) -> str:
    return str(part.get_content())
