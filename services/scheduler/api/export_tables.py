"""Sessions as a table for a spreadsheet, in which no cell is a formula.

A cell that begins with =, +, -, @, a tab or a carriage return would be run by a spreadsheet; an
apostrophe before it makes it text. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from services.scheduler.domain.sessions import Session
from shared.zones import zone

COLUMNS: Final = ("id", "starts_at", "ends_at", "timezone", "kind", "status", "cancel_reason")
_RUN: Final = ("=", "+", "-", "@", "\t", "\r")


def sessions_table(sessions: Iterable[Session], *, reasons: bool) -> str:
    """Return a line for each session, times on its own wall clock; `reasons` if they are given.

    The reason of a group's session may be about another member, so it never is.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for session in sessions:
        reason = session.cancel_reason if reasons and len(session.client_ids) == 1 else None
        writer.writerow(defused(cell) for cell in _cells(session, reason or ""))
    return written.getvalue()


def defused(cell: str) -> str:
    """Return `cell` as a spreadsheet takes it for text."""
    return f"'{cell}" if cell.startswith(_RUN) else cell


def _cells(session: Session, reason: str) -> tuple[str, ...]:
    there = zone(session.timezone)
    return (
        str(session.id),
        session.slot.starts_at.astimezone(there).isoformat(),
        session.slot.ends_at.astimezone(there).isoformat(),
        session.timezone,
        session.kind.value,
        session.status.value,
        reason,
    )
