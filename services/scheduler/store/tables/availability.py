"""What the practice has settled, and when clinicians can be had beside their weekly hours."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

# One row, which the migration brings.
THE_PRACTICE: Final = 1

practice = sa.Table(
    "practice",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holidays", sa.JSON(none_as_null=True)),
    sa.Column("buffer_minutes", sa.Integer, nullable=False),
    sa.Column("minimum_notice_minutes", sa.Integer, nullable=False),
    sa.Column("horizon_weeks", sa.Integer, nullable=False),
    sa.Column("late_cancel_hours", sa.Integer, nullable=False),
    sa.Column("missed_week_extends", sa.Boolean, nullable=False),
    sa.Column("offer_hours", sa.Integer, nullable=False),
    sa.Column("concerns", sa.JSON, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("mail", sa.JSON, nullable=False),
)

# The dates are kept where whole days were asked for; the instants are what is searched.
time_off = sa.Table(
    "time_off",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("first_date", sa.Date),
    sa.Column("last_date", sa.Date),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("ix_time_off_clinician_ends_at", "clinician_id", "ends_at"),
)

# Minutes of a day on the clinician's own wall clock; 1440 is 24:00.
extra_hours = sa.Table(
    "extra_hours",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("ix_extra_hours_clinician_date", "clinician_id", "date"),
)

# What clinicians' own calendars outside were last told to hold; only hours, never by what.
# `stale`: staff were told that it was not read for a day.
busy_calendars = sa.Table(
    "busy_calendars",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("read_at", UtcDateTime, nullable=False),
    sa.Column("stale", sa.Boolean, nullable=False),
)

busy_blocks = sa.Table(
    "busy_blocks",
    metadata,
    sa.Column("calendar_id", sa.Uuid, primary_key=True),
    sa.Column("starts_at", UtcDateTime, primary_key=True),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("clinician_id", sa.Uuid, nullable=False),
    sa.Index("ix_busy_blocks_clinician_ends_at", "clinician_id", "ends_at"),
)
