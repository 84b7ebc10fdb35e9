"""Sessions that the tests of the rules are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from services.scheduler.domain.sessions import LINKS_LAST, Kind, Session
from services.scheduler.domain.slots import Slot
from tests.cast import DANA_ID, KIM_ID, NEW_YORK

NOW: Final = datetime(2026, 11, 23, 14, tzinfo=UTC)
SLOT: Final = Slot.hour_from(datetime(2027, 2, 16, 20, tzinfo=UTC))
SESSION: Final = Session(
    id=UUID(int=7),
    kind=Kind.CONSULTATION,
    clinician_id=DANA_ID,
    client_ids=(KIM_ID,),
    slot=SLOT,
    timezone=NEW_YORK,
    links_expire_at=SLOT.ends_at + LINKS_LAST,
)
