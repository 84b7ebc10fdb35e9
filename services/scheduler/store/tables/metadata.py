"""What all of the scheduler's tables belong to."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
