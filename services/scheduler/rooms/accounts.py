"""What each provider of rooms needs to be told: plain values, checked by the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yarl import URL

PROVIDERS: Final = ("static", "jitsi", "jaas", "daily", "zoom")
JAAS_URL: Final = URL("https://8x8.vc")
DAILY_API: Final = "https://api.daily.co"
ZOOM_API: Final = "https://api.zoom.us"
ZOOM_AUTH: Final = "https://zoom.us"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticRooms:
    """The room that staff entered for each clinician."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How tokens are signed: HS256 with a secret, or RS256 with a private key and its `kid`."""

    key: str = field(repr=False)
    key_id: str | None = None

    @property
    def algorithm(self) -> str:
        return "HS256" if self.key_id is None else "RS256"


@dataclass(frozen=True, slots=True, kw_only=True)
class JitsiServer:
    """A Jitsi of the practice's own; `domain` is what it calls itself in tokens."""

    url: URL
    domain: str
    app_id: str
    audience: str
    signing: Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class JaasAccount:
    """Jitsi as a Service of 8x8; `signing.key_id` begins with `app_id`."""

    app_id: str
    signing: Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyAccount:
    """A domain at Daily: `practice` is https://practice.daily.co."""

    domain: str
    api: URL
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoomAccount:
    """A server-to-server OAuth app; `users` is whose meetings a clinician's are, else `user`."""

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    user: str
    users: Mapping[str, str]
    api: URL
    auth: URL


Video = StaticRooms | JitsiServer | JaasAccount | DailyAccount | ZoomAccount
