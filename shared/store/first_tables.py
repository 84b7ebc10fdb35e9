"""The shared tables as the first revision of each history makes them; frozen, never edited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime


def create_event_log() -> None:
    """`events` and the one counter row that gives each its position."""
    op.create_table(
        "events",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "event_counter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO event_counter (id, position) VALUES (1, 0)")


def create_positions() -> None:
    """`consumer_positions`: how far this service has applied each source's log."""
    op.create_table(
        "consumer_positions",
        sa.Column("source", sa.String(80), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )


def create_idempotency() -> None:
    """`idempotent_answers`: what was answered to whom under which key."""
    op.create_table(
        "idempotent_answers",
        sa.Column("caller", sa.String(80), primary_key=True),
        sa.Column("route", sa.String(200), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_idempotent_answers_made_at", "idempotent_answers", ["made_at"])


def create_api_keys() -> None:
    """`api_keys`: hashes of the keys that open this service."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("clinician_id", sa.Uuid),
        sa.Column("revoked", sa.Boolean, nullable=False),
    )
