"""What a series is beyond a weekly course, and hours that staff overbook on purpose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0002"
down_revision = "scheduler_0001"

_SIDES = (("sessions", "clinician_id"), ("session_clients", "client_id"))


def upgrade() -> None:
    _widen_courses()
    op.add_column("sessions", _no("cancelled_late"))
    op.add_column("session_clients", _no("confirmed"))
    for table, person in _SIDES:
        op.add_column(table, _no("overbooked"))
        if op.get_bind().dialect.name == "postgresql":
            _exclude_overlaps(table, person)
        else:
            _refuse_overlaps(table, person)


def _widen_courses() -> None:
    for column in (
        sa.Column("kind", sa.String(16), nullable=False, server_default="course"),
        sa.Column("every_weeks", sa.Integer, nullable=False, server_default="1"),
        sa.Column("follows_id", sa.Uuid),
        sa.Column("planned", sa.Integer, nullable=False, server_default="1"),
        sa.Column("wall_clock", sa.String(16), nullable=False, server_default="named"),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("end_reason", sa.Text),
        sa.Column("minimum", sa.Integer),
        sa.Column("maximum", sa.Integer),
        sa.Column("join_until", sa.Integer),
    ):
        op.add_column("courses", column)
    op.execute(
        "UPDATE courses SET planned = "
        "(SELECT count(*) FROM sessions WHERE sessions.course_id = courses.id)"
    )


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _exclude_overlaps(table: str, person: str) -> None:
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist "
        f"({person} WITH =, tstzrange(starts_at, ends_at) WITH &&) "
        "WHERE (active AND NOT overbooked)"
    )


def _refuse_overlaps(table: str, person: str) -> None:
    """Look back 25 hours, a day and some rounding: the search is one short range of an index."""
    overlap = (
        f"SELECT RAISE(ABORT, 'overlap: {person}') WHERE EXISTS ("
        f"SELECT 1 FROM {table} WHERE active AND NOT overbooked AND {person} = NEW.{person} "
        "AND starts_at > strftime('%Y-%m-%d %H:%M:%f', NEW.starts_at, '-25 hours') "
        "AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
    )
    for moment in ("insert", "update"):
        op.execute(f"DROP TRIGGER {table}_no_overlap_{moment}")
    op.execute(
        f"CREATE TRIGGER {table}_no_overlap_insert BEFORE INSERT ON {table} "
        f"WHEN NEW.active AND NOT NEW.overbooked BEGIN {overlap}); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_overlap_update "
        f"BEFORE UPDATE OF {person}, starts_at, ends_at, active, overbooked ON {table} "
        f"WHEN NEW.active AND NOT NEW.overbooked BEGIN {overlap} AND rowid <> OLD.rowid); END"
    )
