"""How often each course changed in a diary, so that no SEQUENCE falls when a session leaves it.

What was told before was a sum over the sessions that a diary had: the count begins no lower, with
the sessions that have left it since.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "calendar_feed_0006"
down_revision = "calendar_feed_0005"

_COUNTED = """
INSERT INTO course_changes (clinician_id, course_id, count, last_at)
SELECT touched.clinician_id, entries.course_id,
    SUM(entries.revision + COALESCE(clinicians.link_generation, 0) + COALESCE(chosen.version, 0)),
    MAX(entries.last_modified)
FROM diary_changes AS touched
JOIN entries ON entries.session_id = touched.session_id
LEFT JOIN clinicians ON clinicians.id = touched.clinician_id
LEFT JOIN (SELECT clinician_id, MAX(version) AS version FROM feeds GROUP BY clinician_id) AS chosen
    ON chosen.clinician_id = touched.clinician_id
WHERE entries.course_id IS NOT NULL
GROUP BY touched.clinician_id, entries.course_id
"""


def upgrade() -> None:
    op.create_table(
        "course_changes",
        sa.Column("clinician_id", sa.Uuid, primary_key=True),
        sa.Column("course_id", sa.Uuid, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False),
    )
    op.execute(_COUNTED)
