"""Requests, the waiting list, and the offers of hours that came free.

What a request is about, its note, and who asks stay in these tables; nothing tells of them.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

requests = sa.Table(
    "requests",
    metadata,
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
    sa.Column("contact", sa.JSON(none_as_null=True)),  # until there is a client
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), index=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id")),
    sa.Column("consultation_id", sa.Uuid, sa.ForeignKey("sessions.id")),
    sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id")),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("close_reason", sa.Text),
    sa.Index("ix_requests_made_at_id", "made_at", "id"),
)

waiting_entries = sa.Table(
    "waiting_entries",
    metadata,
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
    sa.Index("ix_waiting_entries_status_made_at", "status", "made_at", "id"),
)

_OPEN = sa.text("status = 'open'")

# One offer of an hour at a time, and one for a person, whatever the code does.
offers = sa.Table(
    "offers",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("entry_id", sa.Uuid, sa.ForeignKey("waiting_entries.id"), nullable=False),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("first_date", sa.Date, nullable=False),
    sa.Column("local_time", sa.String(5), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("starts", sa.JSON, nullable=False),  # every hour that is kept
    sa.Column("hold_id", sa.Uuid, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Index("ix_offers_entry_id", "entry_id"),
    sa.Index("ix_offers_status_expires_at", "status", "expires_at"),
    sa.Index("ix_offers_made_at_id", "made_at", "id"),
    sa.Index(
        "ux_offers_open_entry",
        "entry_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    sa.Index(
        "ux_offers_open_hour",
        "clinician_id",
        "starts_at",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)
