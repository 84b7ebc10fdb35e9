"""One mail, for every channel to carry."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.notifier.domain.mail import Mail

SENDER: Final = "appointments@hour.example"
DELIVERY: Final = UUID("6f1f7f3e-7f0b-4e0e-9d55-0d5c1c9c2b5e")
LINK: Final = "https://hour.example/join/" + "AbC-_9" * 17
STOP: Final = "https://hour.example/unsubscribe/" + "AbC-_9" * 17


def mail(*, to: str = "kim@clients.example", text: str | None = None) -> Mail:
    return Mail(
        delivery_id=DELIVERY,
        to=to,
        subject="Your appointment on Tuesday, February 16, 3:00 PM EST",
        text=text or f"A reminder of your appointment.\n\nJoin here: {LINK}\n",
        unsubscribe=STOP,
        html=f'<p>A reminder. <a href="{LINK}">{LINK}</a></p>',
    )
