"""Every way to subscribe to a calendar at a secret address."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from yarl import URL

_GOOGLE: Final = "https://calendar.google.com/calendar/render?cid="


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """One address, as each kind of calendar program takes it: to copy, or to follow."""

    url: str = field(repr=False)
    webcal_url: str = field(repr=False)
    outlook_url: str = field(repr=False)
    google_url: str = field(repr=False)


def ways_to(address: URL) -> Ways:
    """Return the ways to subscribe to the calendar at `address`.

    New Outlook drops `webcal:` and takes `webcal:https:`; Google's link takes `webcal:` too.
    """
    url = str(address)
    webcal = f"webcal://{url.partition('://')[2]}"
    return Ways(
        url=url,
        webcal_url=webcal,
        outlook_url=f"webcal:{url}",
        google_url=f"{_GOOGLE}{quote(webcal, safe='')}",
    )


def qr_svg(address: str) -> str:
    """Return an SVG for a phone's camera, in a page or as a file of its own; it has no size.

    Black on white, with the margin that readers need.
    """
    # Only here: no fetch of a feed needs it.
    import segno

    svg = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        svg, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff", border=4
    )
    return svg.getvalue().decode()
