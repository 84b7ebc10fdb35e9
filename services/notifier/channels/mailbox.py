"""What the maildir channel has written, read back for a person to look at."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from uuid import UUID

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One mail in the list; `name` is its delivery's id, `written_at` is UTC."""

    name: str
    written_at: datetime
    to: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """One mail, opened."""

    headline: Headline
    text: str
    html: str


def newest(folder: Path) -> list[Headline]:
    """Return the newest mails, newest first, at most 200."""
    files = sorted(
        ((path.stat().st_mtime_ns, path) for path in (folder / "new").glob("*") if _id(path.name)),
        reverse=True,
    )
    return [_headline(path, _parse(path)) for _, path in files[:MOST_SHOWN]]


def read(folder: Path, name: str) -> ReadMail | None:
    """Return the mail of that name, None if there is none; only a delivery's id is a name."""
    path = folder / "new" / (_id(name) or "none")
    if not path.is_file():
        return None
    parsed = _parse(path)
    return ReadMail(
        headline=_headline(path, parsed), text=_body(parsed, "plain"), html=_body(parsed, "html")
    )


def _id(name: str) -> str | None:
    """Return the id that `name` spells, in its one spelling; nothing else is ever opened."""
    try:
        return name if str(UUID(name)) == name else None
    except ValueError:
        return None


def _parse(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _headline(path: Path, parsed: EmailMessage) -> Headline:
    return Headline(
        name=path.name,
        written_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
    )


def _body(parsed: EmailMessage, subtype: str) -> str:
    part = parsed.get_body((subtype,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""
