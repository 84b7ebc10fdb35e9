"""What the environment says of rooms, with every complaint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from uuid import UUID

from yarl import URL

from services.scheduler.rooms.accounts import (
    DAILY_API,
    PROVIDERS,
    ZOOM_API,
    ZOOM_AUTH,
    DailyAccount,
    JaasAccount,
    JitsiServer,
    Signing,
    StaticRooms,
    Video,
    ZoomAccount,
)
from shared.settings import Reading

_HOST: Final = re.compile(
    r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_JAAS_APP: Final = re.compile(r"vpaas-magic-cookie-[0-9a-f]{32}")
_ZOOM_USER: Final = re.compile(r"[A-Za-z0-9_.=-]{1,64}")
_FEWEST_BITS: Final = 2048


def read_video(reading: Reading) -> Video:
    """Return the chosen provider with what it needs."""
    match reading.choice("VIDEO_PROVIDER", PROVIDERS, "static"):
        case "jitsi":
            return _jitsi(reading)
        case "jaas":
            return _jaas(reading)
        case "daily":
            return _daily(reading)
        case "zoom":
            return _zoom(reading)
    return StaticRooms()


def read_room_hosts(reading: Reading) -> frozenset[str]:
    """Return the further hosts that people may be sent to; `*.` stands for all names below."""
    hosts = _parts(reading.text("ROOM_HOSTS", "").lower())
    if any(not _HOST.fullmatch(host) for host in hosts):
        reading.complain(
            "ROOM_HOSTS must be host names with commas between, such as doxy.me,*.meet.example"
        )
    return frozenset(hosts)


def _jitsi(reading: Reading) -> JitsiServer:
    url = _encrypted(reading, "JITSI_URL", reading.url("JITSI_URL"))
    app_id = reading.text("JITSI_APP_ID")
    domain = reading.text("JITSI_DOMAIN", url.host or "").lower()
    audience = reading.text("JITSI_AUDIENCE", app_id or "jitsi")
    if "*" in (domain, audience):
        reading.complain("JITSI_DOMAIN and JITSI_AUDIENCE must be exact, never *")
    return JitsiServer(
        url=url, domain=domain, app_id=app_id, audience=audience, signing=_jitsi_signing(reading)
    )


def _jitsi_signing(reading: Reading) -> Signing:
    key_id = reading.text("JITSI_KID", "")
    with_key = bool(reading.text("JITSI_PRIVATE_KEY", ""))
    if with_key and reading.text("JITSI_SECRET", ""):
        reading.complain("JITSI_SECRET and JITSI_PRIVATE_KEY are both set; keep one")
    if with_key or key_id:
        return Signing(
            key=_private_key(reading, "JITSI_PRIVATE_KEY"),
            key_id=reading.text("JITSI_KID"),
        )
    return Signing(key=reading.secret("JITSI_SECRET"))


def _jaas(reading: Reading) -> JaasAccount:
    app_id, key_id = reading.text("JAAS_APP_ID"), reading.text("JAAS_KID")
    if app_id and not _JAAS_APP.fullmatch(app_id):
        reading.complain("JAAS_APP_ID must be as in the console: vpaas-magic-cookie-…")
    elif key_id and not key_id.startswith(f"{app_id}/"):
        reading.complain("JAAS_KID must begin with JAAS_APP_ID and a slash")
    key = _private_key(reading, "JAAS_PRIVATE_KEY")
    return JaasAccount(app_id=app_id, signing=Signing(key=key, key_id=key_id))


def _daily(reading: Reading) -> DailyAccount:
    domain = reading.text("DAILY_DOMAIN").lower()
    if domain and not _LABEL.fullmatch(domain):
        reading.complain("DAILY_DOMAIN must be the name alone: practice for practice.daily.co")
    return DailyAccount(
        domain=domain,
        key=reading.secret("DAILY_API_KEY"),
        api=_encrypted(reading, "DAILY_API_URL", reading.url("DAILY_API_URL", DAILY_API)),
    )


def _zoom(reading: Reading) -> ZoomAccount:
    user = reading.text("ZOOM_USER", "me")
    if not _ZOOM_USER.fullmatch(user):
        reading.complain("ZOOM_USER must be a Zoom user's id, not an address; or me")
    return ZoomAccount(
        account_id=reading.text("ZOOM_ACCOUNT_ID"),
        client_id=reading.text("ZOOM_CLIENT_ID"),
        client_secret=reading.secret("ZOOM_CLIENT_SECRET", at_least=16),
        user=user,
        users=_zoom_users(reading),
        api=_encrypted(reading, "ZOOM_API_URL", reading.url("ZOOM_API_URL", ZOOM_API)),
        auth=_encrypted(reading, "ZOOM_AUTH_URL", reading.url("ZOOM_AUTH_URL", ZOOM_AUTH)),
    )


def _zoom_users(reading: Reading) -> Mapping[str, str]:
    """Read CLINICIAN_ID=ZOOM_USER_ID pairs: one Zoom user holds one meeting at a time."""
    users: dict[str, str] = {}
    for pair in _parts(reading.text("ZOOM_USERS", "")):
        clinician, _, user = pair.partition("=")
        try:
            users[str(UUID(clinician.strip()))] = user.strip()
        except ValueError:
            user = ""
        if not _ZOOM_USER.fullmatch(user.strip()):
            reading.complain("ZOOM_USERS must be CLINICIAN_ID=ZOOM_USER_ID with commas between")
    return users


def _private_key(reading: Reading, name: str) -> str:
    text = reading.secret(name)
    if text and not _is_rsa(text):
        reading.complain(f"{name} must be an RSA private key in PEM, of 2048 bits or more")
    return text


def _is_rsa(text: str) -> bool:
    # Only whoever signs with a key pays for this library.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= _FEWEST_BITS


def _encrypted(reading: Reading, name: str, url: URL) -> URL:
    """Complain of an address that would carry secrets in the clear; a loopback may."""
    nowhere = url.host == "nowhere.invalid"  # complained of already
    if url.scheme == "http" and not nowhere and not _is_loopback(url.host or ""):
        reading.complain(f"{name} must be an https address")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
