"""People, courses, sessions, and the database's own refusal of an overlap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.store.first_tables import create_api_keys, create_event_log, create_idempotency

revision = "scheduler_0001"
down_revision = None


def upgrade() -> None:
    create_event_log()
    create_idempotency()
    create_api_keys()
    _create_clinicians()
    _create_clients()
    _create_key_names()
    _create_courses()
    _create_sessions()
    _create_session_clients()
    for table, person in (("sessions", "clinician_id"), ("session_clients", "client_id")):
        if op.get_bind().dialect.name == "postgresql":
            _exclude_overlaps(table, person)
        else:
            _refuse_overlaps(table, person)


def _create_clinicians() -> None:
    op.create_table(
        "clinicians",
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
    )


def _create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("link_generation", sa.BigInteger, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "guardians",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("notices", sa.String(16), nullable=False),
        sa.Column("link_generation", sa.BigInteger, nullable=False),
    )


def _create_key_names() -> None:
    op.create_table(
        "key_names",
        sa.Column("key_id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def _create_courses() -> None:
    op.create_table(
        "courses",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("first_date", sa.Date, nullable=False),
        sa.Column("local_time", sa.String(5), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "course_clients",
        sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id"), primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id"), index=True),
        sa.Column("ordinal", sa.Integer),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("links_expire_at", UtcDateTime, nullable=False),
        sa.Column("cancel_reason", sa.Text),
        _positive_and_at_most_a_day("sessions"),
    )
    op.create_index("ix_sessions_starts_at_id", "sessions", ["starts_at", "id"])
    op.create_index("ix_sessions_clinician_starts_at", "sessions", ["clinician_id", "starts_at"])


def _create_session_clients() -> None:
    op.create_table(
        "session_clients",
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        _positive_and_at_most_a_day("session_clients"),
    )
    op.create_index(
        "ix_session_clients_client_starts_at", "session_clients", ["client_id", "starts_at"]
    )


def _positive_and_at_most_a_day(table: str) -> sa.CheckConstraint:
    """The longest session bounds how far back the look-up of an overlap must go."""
    if op.get_bind().dialect.name == "postgresql":
        a_day = "ends_at - starts_at <= interval '24 hours'"
    else:
        a_day = "strftime('%s', ends_at) - strftime('%s', starts_at) <= 86400"
    return sa.CheckConstraint(f"ends_at > starts_at AND {a_day}", name=f"ck_{table}_length")


def _exclude_overlaps(table: str, person: str) -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist "
        f"({person} WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (active)"
    )


def _refuse_overlaps(table: str, person: str) -> None:
    """Look back 25 hours, a day and some rounding: the search is one short range of an index."""
    overlap = (
        f"SELECT RAISE(ABORT, 'overlap: {person}') WHERE EXISTS ("
        f"SELECT 1 FROM {table} WHERE active AND {person} = NEW.{person} "
        "AND starts_at > strftime('%Y-%m-%d %H:%M:%f', NEW.starts_at, '-25 hours') "
        "AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_overlap_insert BEFORE INSERT ON {table} "
        f"WHEN NEW.active BEGIN {overlap}); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_overlap_update "
        f"BEFORE UPDATE OF {person}, starts_at, ends_at, active ON {table} "
        f"WHEN NEW.active BEGIN {overlap} AND rowid <> OLD.rowid); END"
    )
