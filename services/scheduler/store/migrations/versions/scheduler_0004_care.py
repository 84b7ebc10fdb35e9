"""Consents, tasks of the staff, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0004"
down_revision = "scheduler_0003"

_OPEN = sa.text("done_at IS NULL")
_APPENDED = ("audit_entries", "audit_subjects")


def upgrade() -> None:
    _create_consents()
    _create_tasks()
    _create_audit()
    if op.get_bind().dialect.name == "postgresql":
        _only_append_on_postgresql()
    else:
        _only_append_on_sqlite()


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
    )


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("done_at", UtcDateTime),
        sa.Column("done_by", sa.String(80)),
    )
    op.create_index("ix_tasks_raised_at_id", "tasks", ["raised_at", "id"])
    op.create_index(
        "ux_tasks_open",
        "tasks",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(200), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_entries_actor_at", "audit_entries", ["actor", "at"])
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    entry = sa.ForeignKey("audit_entries.position")
    op.create_table(
        "audit_subjects",
        sa.Column("position", sa.BigInteger, entry, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("subject_id", sa.Uuid, nullable=False),
    )
    op.create_index("ix_audit_subjects_subject_id", "audit_subjects", ["subject_id", "position"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "position": 0, "hash": "0" * 64}])


def _only_append_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$"
    )
    for table in _APPENDED:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
        )
    for table in (*_APPENDED, "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()"
        )
    op.execute(
        "CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
    )


def _only_append_on_sqlite() -> None:
    """REPLACE removes a row without the trigger of a DELETE, so it is refused when it inserts."""
    same = {
        "audit_entries": "position = NEW.position",
        "audit_subjects": "position = NEW.position AND place = NEW.place",
        "audit_head": "id = NEW.id",
    }
    refuse = "SELECT RAISE(ABORT, 'the audit log is only ever added to')"
    for table in _APPENDED:
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END")
    for table, known in same.items():
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {known}) BEGIN {refuse}; END"
        )
