"""Where a page of a list ended, in the order of a moment and an id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The last thing that was given."""

    starts_at: datetime
    id: UUID


def after(place: Place, moment: sa.Column[Any], id: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whatever comes after `place` in the order of these two columns."""
    return sa.or_(
        moment > place.starts_at,
        sa.and_(moment == place.starts_at, id > place.id),
    )
