"""The calendar feed's own tables: what it was told (projections), its feeds, and its window."""

from __future__ import annotations

import sqlalchemy as sa

from shared.store.columns import UtcDateTime

metadata = sa.MetaData()

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid),  # the one client; a group's members are not kept
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("dtstart", UtcDateTime, nullable=False),
    sa.Column("dtend", UtcDateTime, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("last_modified", UtcDateTime, nullable=False),
    sa.Column("links_expire_at", UtcDateTime, nullable=False),
    sa.Index("ix_entries_clinician_id_dtstart", "clinician_id", "dtstart"),
)

# `version` rises with each change of what the clinician's feeds show.
clinicians = sa.Table(
    "clinicians",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("links_at", UtcDateTime, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

# Not a projection: only requests change it. Revoked feeds stay, so that a token never revives.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("detail", sa.String(16), nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("rotated_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
)

# One row, so that the days a feed shows are state and no request can move them.
feed_window = sa.Table(
    "feed_window",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_day", sa.Date, nullable=False),
)
