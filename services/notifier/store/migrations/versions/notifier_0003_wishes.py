"""Everyone who is written to, how they want it, what became of it, and what staff can stop.

What was told is forgotten and read again from the start, since more of it is kept now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.store.first_tables import create_event_log, create_idempotency

revision = "notifier_0003"
down_revision = "notifier_0002"


def upgrade() -> None:
    create_event_log()
    create_idempotency()
    for table in ("people", "sessions", "participants", "consumer_positions"):
        op.execute(f"DELETE FROM {table}")
    _widen_projections()
    _widen_reminders()
    _create_what_came_of_it()
    _create_switches()


def _widen_projections() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("role", sa.String(16), nullable=False))
        people.add_column(sa.Column("ward_id", sa.Uuid))
        people.add_column(sa.Column("notices", sa.String(8)))
        people.add_column(sa.Column("vouched", sa.Boolean, nullable=False))
        people.add_column(sa.Column("wishes", sa.JSON, nullable=False))
    op.create_index("ix_people_ward_id", "people", ["ward_id"])
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("clinician_id", sa.Uuid, nullable=False))
        sessions.add_column(sa.Column("ends_at", UtcDateTime, nullable=False))
        sessions.add_column(sa.Column("confirmed_by", sa.JSON, nullable=False))
    op.create_index("ix_sessions_clinician_starts_at", "sessions", ["clinician_id", "starts_at"])
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("settled", sa.JSON, nullable=False),
    )


def _widen_reminders() -> None:
    op.add_column("reminders", sa.Column("subject_id", sa.Uuid))
    op.add_column("reminders", sa.Column("day", sa.Date))
    op.add_column("reminders", sa.Column("attempted_at", UtcDateTime))
    op.add_column("reminders", sa.Column("fate", sa.String(16)))
    op.add_column("reminders", sa.Column("fate_at", UtcDateTime))
    op.create_index("ix_reminders_person_due_at", "reminders", ["person_id", "due_at"])
    op.create_index("ix_reminders_state_ended_at", "reminders", ["state", "ended_at"])


def _create_what_came_of_it() -> None:
    op.create_table(
        "attempts",
        sa.Column("reminder_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
    )
    op.create_table(
        "provider_events",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("reminder_id", sa.Uuid, nullable=False, index=True),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(64)),
    )
    op.create_table(
        "stopped_addresses",
        sa.Column("person_id", sa.Uuid, primary_key=True),
        sa.Column("address", sa.Uuid, primary_key=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("reminder_id", sa.Uuid, nullable=False),
    )


def _create_switches() -> None:
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("paused_at", UtcDateTime),
        sa.Column("paused_by", sa.String(80)),
        sa.Column("reason", sa.String(200)),
    )
    op.execute("INSERT INTO sending (id) VALUES (1)")
    op.create_table(
        "channel_rests",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("staff_told_at", UtcDateTime),
    )
