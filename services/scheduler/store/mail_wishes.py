"""How people want to be written to, as JSON in their own rows; what is left out is not settled."""

from __future__ import annotations

from datetime import time
from typing import Any

from services.scheduler.domain.mail_wishes import (
    ClinicianMail,
    MailKind,
    MailWishes,
    PracticeMail,
    QuietHours,
)

Row = dict[str, Any]


def wishes_row(mail: MailWishes) -> Row:
    return {
        "opted_out": [kind.value for kind in mail.opted_out],
        "reminder_minutes": _list(mail.reminder_minutes),
        "quiet_hours": _quiet_row(mail.quiet_hours),
        "invitations": mail.invitations,
    }


def wishes_in(row: Row) -> MailWishes:
    return MailWishes(
        opted_out=_kinds(row),
        reminder_minutes=_minutes(row),
        quiet_hours=_quiet(row),
        invitations=row.get("invitations", False),
    )


def clinician_mail_row(mail: ClinicianMail) -> Row:
    return {
        "opted_out": [kind.value for kind in mail.opted_out],
        "digest_at": None if mail.digest_at is None else mail.digest_at.isoformat("minutes"),
        "news": mail.news,
        "reminder_minutes": _list(mail.reminder_minutes),
        "locale": mail.locale,
    }


def clinician_mail_in(row: Row) -> ClinicianMail:
    digest_at = row.get("digest_at")
    return ClinicianMail(
        opted_out=_kinds(row),
        digest_at=None if digest_at is None else time.fromisoformat(digest_at),
        news=row.get("news", False),
        reminder_minutes=_minutes(row),
        locale=row.get("locale", "en"),
    )


def practice_mail_row(mail: PracticeMail) -> Row:
    return {
        "reminder_minutes": _list(mail.reminder_minutes),
        "quiet_hours": _quiet_row(mail.quiet_hours),
        "staff_address": mail.staff_address,
        "follow_up_weeks": mail.follow_up_weeks,
    }


def practice_mail_in(row: Row) -> PracticeMail:
    return PracticeMail(
        reminder_minutes=_minutes(row),
        quiet_hours=_quiet(row),
        staff_address=row.get("staff_address"),
        follow_up_weeks=row.get("follow_up_weeks"),
    )


def _kinds(row: Row) -> tuple[MailKind, ...]:
    return tuple(MailKind(each) for each in row.get("opted_out", ()))


def _minutes(row: Row) -> tuple[int, ...] | None:
    minutes = row.get("reminder_minutes")
    return None if minutes is None else tuple(minutes)


def _quiet(row: Row) -> QuietHours | None:
    quiet = row.get("quiet_hours")
    if quiet is None:
        return None
    return QuietHours(
        begin=time.fromisoformat(quiet["begin"]), end=time.fromisoformat(quiet["end"])
    )


def _quiet_row(quiet: QuietHours | None) -> Row | None:
    if quiet is None:
        return None
    return {"begin": quiet.begin.isoformat("minutes"), "end": quiet.end.isoformat("minutes")}


def _list(minutes: tuple[int, ...] | None) -> list[int] | None:
    return None if minutes is None else list(minutes)
