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
    sa.Column("course_id", sa.Uuid, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("clients", sa.Integer, nullable=False),  # how many are expected
    sa.Index("ix_entries_clinician_id_dtstart", "clinician_id", "dtstart"),
)

# Who is expected at a session, for the calendars that clients have of their own.
entry_clients = sa.Table(
    "entry_clients",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, primary_key=True, index=True),
)

# Of a client's name only its initials are kept.
clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("initials", sa.String(8), nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("links_at", UtcDateTime, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
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

# When clinicians work, for the feeds that show it.
office_hours = sa.Table(
    "office_hours",
    metadata,
    sa.Column("clinician_id", sa.Uuid, primary_key=True),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("hours", sa.JSON, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

# At which version of a diary each session came into it, and last changed in it or left it.
diary_changes = sa.Table(
    "diary_changes",
    metadata,
    sa.Column("clinician_id", sa.Uuid, primary_key=True),
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("joined", sa.BigInteger, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Index("ix_diary_changes_clinician_id_version", "clinician_id", "version"),
)

# How many changes of a course each diary was told of, and the last of them when.
course_changes = sa.Table(
    "course_changes",
    metadata,
    sa.Column("clinician_id", sa.Uuid, primary_key=True),
    sa.Column("course_id", sa.Uuid, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
)

# Not a projection. Revoked feeds stay, so that their addresses can say so. `version` rises, at
# `changed_at`, with each change of what a feed shows that is of no session.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("detail", sa.String(16), nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("rotated_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("shown", sa.JSON, nullable=False),  # what of each session, and which
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcDateTime),
    sa.Column("ends_on", sa.Date),
)

# Every address that a feed ever had, by the hash of its token; NULL: it is the present one.
feed_addresses = sa.Table(
    "feed_addresses",
    metadata,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("feed_id", sa.Uuid, nullable=False, index=True),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("good_until", UtcDateTime),
)

# What each feed was last rendered to, and the state that it was rendered from.
feed_bodies = sa.Table(
    "feed_bodies",
    metadata,
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

# How much those bytes leave out; no row: nothing. Apart from them, for to read past them is slow.
feed_gaps = sa.Table(
    "feed_gaps",
    metadata,
    sa.Column("feed_id", sa.Uuid, primary_key=True),
    sa.Column("unwritable", sa.Integer, nullable=False),
    sa.Column("no_room", sa.Integer, nullable=False),
)

# Which programs read a feed, as far as they say, and what each saw last.
feed_readers = sa.Table(
    "feed_readers",
    metadata,
    sa.Column("feed_id", sa.Uuid, primary_key=True),
    sa.Column("program", sa.String(24), primary_key=True),
    sa.Column("first_at", UtcDateTime, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Column("fetches", sa.BigInteger, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
)

# Each fetch of the last days; no address of anyone, and no secret.
feed_fetches = sa.Table(
    "feed_fetches",
    metadata,
    sa.Column("feed_id", sa.Uuid, primary_key=True),
    sa.Column("at", UtcDateTime, primary_key=True),
    sa.Column("program", sa.String(24), primary_key=True),
    sa.Column("status", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Index("ix_feed_fetches_at", "at"),
)

# One row, so that the days a feed shows are state and no request can move them.
feed_window = sa.Table(
    "feed_window",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_day", sa.Date, nullable=False),
)

# Calendars that clinicians keep elsewhere. `sealed` is the address, which nobody reads here;
# `next_at` is when to read it (again), and the end of the lease of whoever does. `zone` and
# `tzversion` are those that it was read by; `asked_at` is when someone last had it read at once.
outside_calendars = sa.Table(
    "outside_calendars",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("blocks", sa.JSON, nullable=False),
    sa.Column("read_at", UtcDateTime),
    sa.Column("stale", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("complaint", sa.String(32)),
    sa.Column("unread", sa.JSON, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("zone", sa.String(64)),
    sa.Column("tzversion", sa.String(32)),
    sa.Column("told_at", UtcDateTime),
    sa.Column("asked_at", UtcDateTime),
)

# The hours of each event of such a calendar, by the SHA-256 of its UID: what is kept of an event
# that cannot be read any more.
outside_hours = sa.Table(
    "outside_hours",
    metadata,
    sa.Column("calendar_id", sa.Uuid, primary_key=True),
    sa.Column("hours", sa.JSON, nullable=False),
)
