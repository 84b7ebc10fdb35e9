"""What a feed may be asked to show, every address it ever had, and who reads it.

What was told is read again from the start, since more of it is kept now; until then the entries
that are known stay as they are, so that no reader finds an empty calendar.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.store.first_tables import create_event_log

revision = "calendar_feed_0002"
down_revision = "calendar_feed_0001"


def upgrade() -> None:
    create_event_log()
    op.execute("DELETE FROM consumer_positions")
    _widen_entries()
    _create_clients()
    _create_addresses()
    _widen_feeds()
    _create_bodies()
    _create_ledger()


def _widen_entries() -> None:
    op.add_column("entries", sa.Column("course_id", sa.Uuid))
    op.create_index("ix_entries_course_id", "entries", ["course_id"])
    for column in (
        sa.Column("kind", sa.String(16), nullable=False, server_default="course"),
        sa.Column("timezone", sa.String(64), nullable=False, server_default="UTC"),
        sa.Column("clients", sa.Integer, nullable=False, server_default="1"),
    ):
        op.add_column("entries", column)
    op.create_table(
        "entry_clients",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("client_id", sa.Uuid, primary_key=True),
    )
    op.create_index("ix_entry_clients_client_id", "entry_clients", ["client_id"])


def _create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("initials", sa.String(8), nullable=False),
        sa.Column("link_generation", sa.BigInteger, nullable=False),
        sa.Column("links_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )


def _create_addresses() -> None:
    op.create_table(
        "feed_addresses",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("feed_id", sa.Uuid, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("good_until", UtcDateTime),
    )
    op.create_index("ix_feed_addresses_feed_id", "feed_addresses", ["feed_id"])
    op.execute(
        "INSERT INTO feed_addresses (token_sha256, feed_id, made_at, good_until)"
        " SELECT token_sha256, id, COALESCE(rotated_at, created_at), revoked_at FROM feeds"
    )


def _widen_feeds() -> None:
    with op.batch_alter_table("feeds") as feeds:
        feeds.drop_column("token_sha256")
        feeds.add_column(sa.Column("shown", sa.JSON, nullable=False, server_default="{}"))
        feeds.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="0"))
        feeds.add_column(sa.Column("changed_at", UtcDateTime))
        feeds.add_column(sa.Column("ends_on", sa.Date))


def _create_bodies() -> None:
    op.create_table(
        "feed_bodies",
        sa.Column("feed_id", sa.Uuid, primary_key=True),
        sa.Column("rendering", sa.String(16), nullable=False),
        sa.Column("feed_version", sa.Integer, nullable=False),
        sa.Column("diary_version", sa.BigInteger, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("etag", sa.String(80), nullable=False),
        sa.Column("gzipped_etag", sa.String(80), nullable=False),
        sa.Column("plain", sa.LargeBinary, nullable=False),
        sa.Column("gzipped", sa.LargeBinary, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )


def _create_ledger() -> None:
    op.create_table(
        "feed_readers",
        sa.Column("feed_id", sa.Uuid, primary_key=True),
        sa.Column("program", sa.String(24), primary_key=True),
        sa.Column("first_at", UtcDateTime, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False),
        sa.Column("fetches", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "feed_fetches",
        sa.Column("feed_id", sa.Uuid, primary_key=True),
        sa.Column("at", UtcDateTime, primary_key=True),
        sa.Column("program", sa.String(24), primary_key=True),
        sa.Column("status", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("ix_feed_fetches_at", "feed_fetches", ["at"])
