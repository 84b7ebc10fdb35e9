"""The people of every example; no practice knows them."""

from __future__ import annotations

from typing import Final

DANA: Final = "da0a0000-0000-4000-8000-000000000001"  # a clinician
ORTIZ: Final = "0271c000-0000-4000-8000-000000000002"  # another
KIM: Final = "c1000000-0000-4000-8000-00000000000a"  # a client
ANA: Final = "c1000000-0000-4000-8000-00000000000b"  # another
LEE: Final = "c1000000-0000-4000-8000-00000000000c"  # a third
TUESDAY: Final = "2027-02-16"  # at three in New York it is five hours behind UTC
THREE: Final = f"{TUESDAY}T15:00:00-05:00"
