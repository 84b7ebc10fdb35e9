"""Requests, the waiting list, and offers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0005"
down_revision = "scheduler_0004"

_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    _requests()
    _waiting_entries()
    _offers()
    for name, columns in (
        ("ux_offers_open_entry", ["entry_id"]),
        ("ux_offers_open_hour", ["clinician_id", "starts_at"]),
    ):
        op.create_index(
            name, "offers", columns, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        )


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("age_group", sa.String(16)),
        sa.Column("state", sa.String(16)),
        sa.Column("concerns", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("contact", sa.JSON(none_as_null=True)),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), index=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id")),
        sa.Column("consultation_id", sa.Uuid, sa.ForeignKey("sessions.id")),
        sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id")),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("close_reason", sa.Text),
    )
    op.create_index("ix_requests_made_at_id", "requests", ["made_at", "id"])


def _waiting_entries() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("state", sa.String(16)),
    )
    columns = ["status", "made_at", "id"]
    op.create_index("ix_waiting_entries_status_made_at", "waiting_entries", columns)


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("entry_id", sa.Uuid, sa.ForeignKey("waiting_entries.id"), nullable=False),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first_date", sa.Date, nullable=False),
        sa.Column("local_time", sa.String(5), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("starts", sa.JSON, nullable=False),
        sa.Column("hold_id", sa.Uuid, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_index("ix_offers_entry_id", "offers", ["entry_id"])
    op.create_index("ix_offers_status_expires_at", "offers", ["status", "expires_at"])
    op.create_index("ix_offers_made_at_id", "offers", ["made_at", "id"])
