"""Consents, tasks of the staff, and the audit log.

That entries of the audit log are only ever added is held by the database: triggers in the
migration refuse to change or to remove one.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
    sa.Column("basis", sa.String(16), nullable=False),
    sa.Column("given_by", sa.String(200), nullable=False),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
)

_OPEN = sa.text("done_at IS NULL")

# One open task of a kind about one subject, whoever raises it and however often.
tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("raised_at", UtcDateTime, nullable=False),
    sa.Column("done_at", UtcDateTime),
    sa.Column("done_by", sa.String(80)),
    sa.Index("ix_tasks_raised_at_id", "raised_at", "id"),
    sa.Index(
        "ux_tasks_open",
        "kind",
        "subject_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

audit_entries = sa.Table(
    "audit_entries",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(200), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_audit_entries_actor_at", "actor", "at"),
    sa.Index("ix_audit_entries_at", "at"),
)

# Whom each entry is about; its hash covers these rows too.
audit_subjects = sa.Table(
    "audit_subjects",
    metadata,
    sa.Column("position", sa.BigInteger, sa.ForeignKey("audit_entries.position"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Index("ix_audit_subjects_subject_id", "subject_id", "position"),
)

# One row: whoever writes an entry holds it until the commit, so there is one chain.
THE_HEAD = 1

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
