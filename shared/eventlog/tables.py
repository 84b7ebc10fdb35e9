"""The log of a service that tells, and the positions of a service that listens."""

from __future__ import annotations

import sqlalchemy as sa

log_metadata = sa.MetaData()
position_metadata = sa.MetaData()

events = sa.Table(
    "events",
    log_metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("type", sa.String(80), nullable=False),
    sa.Column("subject", sa.String(80), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

event_counter = sa.Table(
    "event_counter",
    log_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)

consumer_positions = sa.Table(
    "consumer_positions",
    position_metadata,
    sa.Column("source", sa.String(80), primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)
