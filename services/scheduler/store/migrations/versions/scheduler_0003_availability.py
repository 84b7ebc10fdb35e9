"""The practice, and when clinicians can be had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0003"
down_revision = "scheduler_0002"


def upgrade() -> None:
    _take_from_the_index()
    _create_practice()
    _create_time_off()
    _create_extra_hours()
    for column in (
        sa.Column("licenses", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("languages", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("accepting_clients", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("capacity", sa.Integer),
        sa.Column("buffer_minutes", sa.Integer),
        sa.Column("minimum_notice_minutes", sa.Integer),
    ):
        op.add_column("clinicians", column)


def _take_from_the_index() -> None:
    """What is taken of a clinician is then read without a look at the rows."""
    op.drop_index("ix_sessions_clinician_starts_at", "sessions")
    op.create_index(
        "ix_sessions_clinician_taken",
        "sessions",
        ["clinician_id", "starts_at", "ends_at", "active"],
    )


def _create_practice() -> None:
    """One row, with which nothing is limited yet."""
    practice = op.create_table(
        "practice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holidays", sa.JSON(none_as_null=True)),
        sa.Column("buffer_minutes", sa.Integer, nullable=False),
        sa.Column("minimum_notice_minutes", sa.Integer, nullable=False),
        sa.Column("horizon_weeks", sa.Integer, nullable=False),
        sa.Column("late_cancel_hours", sa.Integer, nullable=False),
        sa.Column("missed_week_extends", sa.Boolean, nullable=False),
        sa.Column("offer_hours", sa.Integer, nullable=False),
        sa.Column("concerns", sa.JSON, nullable=False),
    )
    row = {
        "id": 1,
        "buffer_minutes": 0,
        "minimum_notice_minutes": 0,
        "horizon_weeks": 104,
        "late_cancel_hours": 24,
        "missed_week_extends": False,
        "offer_hours": 24,
        "concerns": [],
    }
    op.bulk_insert(practice, [row])


def _create_time_off() -> None:
    op.create_table(
        "time_off",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("first_date", sa.Date),
        sa.Column("last_date", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_time_off_length"),
    )
    op.create_index("ix_time_off_clinician_ends_at", "time_off", ["clinician_id", "ends_at"])


def _create_extra_hours() -> None:
    op.create_table(
        "extra_hours",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_extra_hours_clinician_date", "extra_hours", ["clinician_id", "date"])
