"""Clinicians, clients, guardians, and what keys are called."""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

clinicians = sa.Table(
    "clinicians",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("room_url", sa.String(2000)),
    sa.Column("working_hours", sa.JSON, nullable=False),
    sa.Column("age_groups", sa.JSON, nullable=False),
    sa.Column("concerns", sa.JSON, nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("licenses", sa.JSON, nullable=False),
    sa.Column("languages", sa.JSON, nullable=False),
    sa.Column("accepting_clients", sa.Boolean, nullable=False),
    sa.Column("capacity", sa.Integer),
    sa.Column("buffer_minutes", sa.Integer),
    sa.Column("minimum_notice_minutes", sa.Integer),
    sa.Column("mail", sa.JSON, nullable=False),
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("date_of_birth", sa.Date),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("address_vouched", sa.Boolean, nullable=False),
    sa.Column("mail", sa.JSON, nullable=False),
)

guardians = sa.Table(
    "guardians",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("notices", sa.String(16), nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("timezone", sa.String(64)),
    sa.Column("locale", sa.String(35)),
    sa.Column("address_vouched", sa.Boolean, nullable=False),
    sa.Column("mail", sa.JSON, nullable=False),
)

# What a key is called, so that people know which one to revoke; its hash is in api_keys.
key_names = sa.Table(
    "key_names",
    metadata,
    sa.Column("key_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
