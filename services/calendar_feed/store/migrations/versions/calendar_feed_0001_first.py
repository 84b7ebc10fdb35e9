"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.store.first_tables import create_api_keys, create_idempotency, create_positions

revision = "calendar_feed_0001"
down_revision = None


def upgrade() -> None:
    create_positions()
    create_idempotency()
    create_api_keys()
    _create_projections()
    _create_feeds()


def _create_projections() -> None:
    op.create_table(
        "entries",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, nullable=False),
        sa.Column("client_id", sa.Uuid),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("dtstart", UtcDateTime, nullable=False),
        sa.Column("dtend", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("last_modified", UtcDateTime, nullable=False),
        sa.Column("links_expire_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_entries_clinician_id_dtstart", "entries", ["clinician_id", "dtstart"])
    op.create_table(
        "clinicians",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("link_generation", sa.BigInteger, nullable=False),
        sa.Column("links_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("detail", sa.String(16), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("rotated_at", UtcDateTime),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_index("ix_feeds_clinician_id", "feeds", ["clinician_id"])
    op.create_table(
        "feed_window",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("first_day", sa.Date, nullable=False),
    )
