"""The settings of each provider: whole and right, or every complaint at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.scheduler.rooms.accounts import (
    DailyAccount,
    JaasAccount,
    JitsiServer,
    StaticRooms,
    ZoomAccount,
)
from services.scheduler.settings import Settings
from shared.settings import BadSettings
from tests.cast import DANA_ID
from tests.scheduler.rooms.guests import key_pair

KEYS = {"ADMIN_API_KEY": "a" * 32, "SERVICE_API_KEY": "s" * 32, "SECRET_KEY": "k" * 32}
APP = "vpaas-magic-cookie-1fc542a3e4414a44b2611668195e2bfe"
JITSI = {
    "VIDEO_PROVIDER": "jitsi",
    "JITSI_URL": "https://meet.practice.example",
    "JITSI_APP_ID": "standing_hour",
    "JITSI_SECRET": "j" * 32,
}
DAILY = {"VIDEO_PROVIDER": "daily", "DAILY_DOMAIN": "practice", "DAILY_API_KEY": "d" * 40}
ZOOM = {
    "VIDEO_PROVIDER": "zoom",
    "ZOOM_ACCOUNT_ID": "account",
    "ZOOM_CLIENT_ID": "client",
    "ZOOM_CLIENT_SECRET": "z" * 32,
}


@pytest.fixture(scope="module")
def private_key() -> str:
    return key_pair()[0]


def read(*given: Mapping[str, str], **more: str) -> Settings:
    environment = dict(KEYS)
    for each in (*given, more):
        environment.update(each)
    return Settings.from_environment(environment)


def complaints(*given: Mapping[str, str], **more: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as bad:
        read(*given, **more)
    return bad.value.complaints


def test_without_a_word_each_clinicians_own_room_is_used() -> None:
    settings = read()
    assert settings.video == StaticRooms()
    assert settings.room_hosts == frozenset()


def test_a_jitsi_with_a_secret_calls_itself_by_its_host() -> None:
    video = read(JITSI).video
    assert isinstance(video, JitsiServer)
    assert (str(video.url), video.domain) == (
        "https://meet.practice.example",
        "meet.practice.example",
    )
    assert (video.app_id, video.audience) == ("standing_hour", "standing_hour")
    assert (video.signing.algorithm, video.signing.key) == ("HS256", "j" * 32)
    assert "jjj" not in repr(video)


def test_a_jitsi_may_have_a_name_of_its_own_and_a_private_key(
    private_key: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_text(private_key)
    without_secret = {name: value for name, value in JITSI.items() if name != "JITSI_SECRET"}
    video = read(
        without_secret,
        JITSI_PRIVATE_KEY_FILE=str(tmp_path / "key.pem"),
        JITSI_KID="practice/1",
        JITSI_DOMAIN="meet.jitsi",
        JITSI_AUDIENCE="jitsi",
    ).video
    assert isinstance(video, JitsiServer)
    assert (video.domain, video.audience) == ("meet.jitsi", "jitsi")
    assert (video.signing.algorithm, video.signing.key_id) == ("RS256", "practice/1")
    assert "PRIVATE" not in repr(video)


def test_jaas_and_daily_and_zoom_have_what_they_need(private_key: str) -> None:
    jaas = read(
        VIDEO_PROVIDER="jaas",
        JAAS_APP_ID=APP,
        JAAS_KID=f"{APP}/4f4910",
        JAAS_PRIVATE_KEY=private_key,
    ).video
    assert isinstance(jaas, JaasAccount)
    assert jaas.signing.key_id == f"{APP}/4f4910"
    daily = read(DAILY).video
    assert isinstance(daily, DailyAccount)
    assert (daily.domain, str(daily.api)) == ("practice", "https://api.daily.co")
    zoom = read(ZOOM, ZOOM_USERS=f"{DANA_ID}=danas-user-id").video
    assert isinstance(zoom, ZoomAccount)
    assert (zoom.user, zoom.users) == ("me", {str(DANA_ID): "danas-user-id"})
    assert (str(zoom.api), str(zoom.auth)) == ("https://api.zoom.us", "https://zoom.us")
    for secret in ("ddd", "zzz"):
        assert secret not in repr((daily, zoom))


def test_further_hosts_are_names_with_commas_between() -> None:
    hosts = read(ROOM_HOSTS="doxy.me, *.Meet.example,").room_hosts
    assert hosts == {"doxy.me", "*.meet.example"}


@pytest.mark.parametrize(
    "wrong", ["*", "*.", "https://doxy.me", "doxy", "doxy.me/dana", "doxy.me:443", "-a.example"]
)
def test_what_is_no_host_is_complained_of(wrong: str) -> None:
    assert [each[:10] for each in complaints(ROOM_HOSTS=f"doxy.me,{wrong}")] == ["ROOM_HOSTS"]


@pytest.mark.parametrize(
    ("provider", "missing"),
    [
        ("jitsi", {"JITSI_URL", "JITSI_APP_ID", "JITSI_SECRET"}),
        ("jaas", {"JAAS_APP_ID", "JAAS_KID", "JAAS_PRIVATE_KEY"}),
        ("daily", {"DAILY_DOMAIN", "DAILY_API_KEY"}),
        ("zoom", {"ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"}),
    ],
)
def test_a_provider_without_what_it_needs_starts_nothing(provider: str, missing: set[str]) -> None:
    told = complaints(VIDEO_PROVIDER=provider)
    assert {each.split()[0] for each in told} == missing
    assert all("is not set" in each for each in told)


def test_an_unknown_provider_starts_nothing() -> None:
    assert complaints(VIDEO_PROVIDER="teams") == (
        "VIDEO_PROVIDER must be one of: static, jitsi, jaas, daily, zoom",
    )


@pytest.mark.parametrize(
    ("given", "wrong", "said"),
    [
        (JITSI, {"JITSI_SECRET": "short"}, "JITSI_SECRET has 5 characters"),
        (JITSI, {"JITSI_URL": "http://meet.practice.example"}, "JITSI_URL must be an https"),
        (JITSI, {"JITSI_DOMAIN": "*"}, "must be exact"),
        (JITSI, {"JITSI_AUDIENCE": "*"}, "must be exact"),
        (JITSI, {"JITSI_PRIVATE_KEY": "p" * 40}, "are both set; keep one"),
        (JITSI, {"JITSI_KID": "k"}, "JITSI_PRIVATE_KEY is not set"),
        (DAILY, {"DAILY_DOMAIN": "practice.daily.co"}, "DAILY_DOMAIN must be the name alone"),
        (DAILY, {"DAILY_API_URL": "http://daily.example"}, "DAILY_API_URL must be an https"),
        (ZOOM, {"ZOOM_USER": "dana@clinicians.example"}, "ZOOM_USER must be a Zoom user's id"),
        (ZOOM, {"ZOOM_USERS": "dana=x"}, "ZOOM_USERS must be"),
        (ZOOM, {"ZOOM_USERS": f"{DANA_ID}=d@c.example"}, "ZOOM_USERS must be"),
        (ZOOM, {"ZOOM_AUTH_URL": "ftp://zoom.us"}, "ZOOM_AUTH_URL must be an address"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, str], wrong: dict[str, str], said: str) -> None:
    assert any(said in each for each in complaints(given, wrong))


def test_a_key_must_be_rsa_and_long_enough() -> None:
    jaas = {"VIDEO_PROVIDER": "jaas", "JAAS_APP_ID": APP, "JAAS_KID": f"{APP}/1"}
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    other = ec.generate_private_key(ec.SECP256R1())
    for key in (weak, other):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        (said,) = complaints(jaas, JAAS_PRIVATE_KEY=pem)
        assert said == "JAAS_PRIVATE_KEY must be an RSA private key in PEM, of 2048 bits or more"
    assert len(complaints(jaas, JAAS_PRIVATE_KEY="p" * 40)) == 1


def test_a_key_of_another_tenant_is_named(private_key: str) -> None:
    other = {"JAAS_APP_ID": APP, "JAAS_KID": "vpaas-magic-cookie-0/1"}
    told = complaints(other, VIDEO_PROVIDER="jaas", JAAS_PRIVATE_KEY=private_key)
    assert told == ("JAAS_KID must begin with JAAS_APP_ID and a slash",)
    assert complaints(other, {"JAAS_APP_ID": "mine"}, VIDEO_PROVIDER="jaas")[0].startswith(
        "JAAS_APP_ID"
    )


def test_every_complaint_is_made_with_the_others() -> None:
    told = complaints({"VIDEO_PROVIDER": "jitsi", "ROOM_HOSTS": "*", "PORT": "http"})
    assert {each.split()[0] for each in told} == {
        "PORT",
        "JITSI_URL",
        "JITSI_APP_ID",
        "JITSI_SECRET",
        "ROOM_HOSTS",
    }


def test_a_loopback_may_be_spoken_to_in_the_clear() -> None:
    daily = read(DAILY, DAILY_API_URL="http://127.0.0.1:9000").video
    assert isinstance(daily, DailyAccount)
    assert daily.api.port == 9000
