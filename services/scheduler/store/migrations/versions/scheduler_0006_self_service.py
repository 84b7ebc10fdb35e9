"""Holds, confirmations, and what can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0006"
down_revision = "scheduler_0005"


def upgrade() -> None:
    _create_held_hours()
    _create_self_service_actions()
    _create_link_posts()


def _create_held_hours() -> None:
    op.create_table(
        "held_hours",
        sa.Column("hold_id", sa.Uuid, primary_key=True),
        sa.Column("starts_at", UtcDateTime, primary_key=True),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id")),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_held_hours_length"),
    )
    op.create_index("ix_held_hours_expires_at", "held_hours", ["expires_at"])
    op.create_index(
        "ix_held_hours_clinician_starts_at", "held_hours", ["clinician_id", "starts_at"]
    )
    op.create_index("ix_held_hours_client_starts_at", "held_hours", ["client_id", "starts_at"])


def _create_self_service_actions() -> None:
    op.create_table(
        "self_service_actions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("seen", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("before_starts_at", UtcDateTime, nullable=False),
        sa.Column("before_ends_at", UtcDateTime, nullable=False),
        sa.Column("before_links_expire_at", UtcDateTime, nullable=False),
        sa.Column("before_confirmed", sa.Boolean, nullable=False),
        sa.Column("undone_at", UtcDateTime),
    )
    op.create_index(
        "ux_self_service_actions_number",
        "self_service_actions",
        ["session_id", "client_id", "number"],
        unique=True,
    )


def _create_link_posts() -> None:
    op.create_table(
        "link_posts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("client_id", sa.Uuid, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_link_posts_made_at", "link_posts", ["made_at"])
    op.create_index(
        "ix_link_posts_session_client", "link_posts", ["session_id", "client_id", "made_at"]
    )
