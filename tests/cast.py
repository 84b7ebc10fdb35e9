"""The fixed cast: Dana and Ortiz are clinicians; Kim, Ana and Lee are clients, all in New York."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

Body = dict[str, Any]

NEW_YORK: Final = "America/New_York"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE_HOURS: Final = [{"weekday": day, "start": "09:00", "end": "18:00"} for day in WEEKDAYS]

DANA_ID: Final = UUID("da0a0000-0000-4000-8000-000000000001")
ORTIZ_ID: Final = UUID("0271c000-0000-4000-8000-000000000002")
KIM_ID: Final = UUID("c1000000-0000-4000-8000-00000000000a")
ANA_ID: Final = UUID("c1000000-0000-4000-8000-00000000000b")
LEE_ID: Final = UUID("c1000000-0000-4000-8000-00000000000c")


def _clinician(name: str, room: str) -> Body:
    """Return a body for `POST /v1/clinicians`; Monday to Friday, nine to six."""
    return {
        "name": name,
        "email": f"{room}@clinicians.example",
        "timezone": NEW_YORK,
        "working_hours": [dict(hours) for hours in OFFICE_HOURS],
        "room_url": f"https://rooms.example/{room}",
    }


def _client(name: str, mailbox: str) -> Body:
    """Return a body for `POST /v1/clients`."""
    return {"name": name, "email": f"{mailbox}@clients.example", "timezone": NEW_YORK}


DANA: Final = _clinician("Dana Reyes", "dana")
ORTIZ: Final = _clinician("Marta Ortiz", "ortiz")
KIM: Final = _client("Kim Park", "kim")
ANA: Final = _client("Ana Silva", "ana")
LEE: Final = _client("Lee Chen", "lee")
