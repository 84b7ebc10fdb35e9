"""Calendars outside that are read no more are forgotten; of the others, the next news counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "scheduler_0014"
down_revision = "scheduler_0013"

_CALENDARS = sa.table("busy_calendars", sa.column("id", sa.Uuid), sa.column("stale", sa.Boolean))
_BLOCKS = sa.table("busy_blocks", sa.column("calendar_id", sa.Uuid))


def upgrade() -> None:
    # Until now nothing told a calendar that is gone from one that holds nothing.
    holding = sa.select(_BLOCKS.c.calendar_id)
    op.execute(sa.delete(_CALENDARS).where(_CALENDARS.c.id.not_in(holding)))
    # Nor was it told how late one was read: staff are not to be asked because of that.
    op.execute(sa.update(_CALENDARS).values(stale=True))
