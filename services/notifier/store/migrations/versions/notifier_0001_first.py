"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.store.first_tables import create_api_keys, create_positions

revision = "notifier_0001"
down_revision = None


def upgrade() -> None:
    create_positions()
    create_api_keys()
    _create_projections()
    _create_told()
    _create_reminders()


def _create_projections() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("link_generation", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("course_id", sa.Uuid, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("times_revision", sa.Integer, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("links_expire_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "participants",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, primary_key=True),
    )


def _create_told() -> None:
    op.create_table(
        "told",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, primary_key=True),
        sa.Column("starts_at", UtcDateTime),
        sa.Column("status", sa.String(16)),
        sa.Column("doubted", sa.Boolean, nullable=False),
    )


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_key", sa.String(160), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.Uuid, index=True),
        sa.Column("course_id", sa.Uuid, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("offset_seconds", sa.Integer),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("next_at", UtcDateTime),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("answer_lost", sa.Boolean, nullable=False),
        sa.Column("message_id", sa.String(255)),
        sa.Column("ended_at", UtcDateTime),
    )
    for column in ("next_at", "due_at"):
        op.create_index(
            f"ix_reminders_open_{column}",
            "reminders",
            [column],
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
