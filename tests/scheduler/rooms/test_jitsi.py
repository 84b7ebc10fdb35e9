"""A Jitsi of our own admits whom we send, to one room, in its hour, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from yarl import URL

from services.scheduler.domain.rooms import Room
from services.scheduler.rooms.accounts import JaasAccount, JitsiServer, Signing
from services.scheduler.rooms.jaas import Jaas
from services.scheduler.rooms.jitsi import Jitsi
from tests.fakes.prosody import NotAdmitted, Prosody
from tests.scheduler.rooms.guests import (
    CLOSES,
    GUEST,
    HOST,
    NAME,
    OPENS,
    Guest,
    key_pair,
    says_nothing_personal,
    wish_for,
)

SECRET = "a secret that Prosody has as well"
APP = "vpaas-magic-cookie-1fc542a3e4414a44b2611668195e2bfe"
SECOND = timedelta(seconds=1)
SERVER = JitsiServer(
    url=URL("https://meet.practice.example"),
    domain="meet.jitsi",
    app_id="standing_hour",
    audience="standing_hour",
    signing=Signing(key=SECRET),
)
PROSODY = Prosody(
    domain="meet.jitsi",
    issuers=frozenset({"standing_hour"}),
    audiences=frozenset({"standing_hour"}),
    secret=SECRET,
)


async def come(server: JitsiServer, guest: Guest) -> tuple[Room, str, str]:
    """Return the room, the address, and the token in it."""
    jitsi = Jitsi(server)
    room = await jitsi.make(wish_for("jitsi"))
    way = await jitsi.way_in(room, guest)
    return room, way, URL(way).query["jwt"]


async def test_the_address_is_the_room_with_one_token() -> None:
    room, way, _ = await come(SERVER, GUEST)
    assert room.url == f"https://meet.practice.example/{NAME}"
    assert way.startswith(f"{room.url}?jwt=")
    assert list(URL(way).query) == ["jwt"]
    assert Jitsi(SERVER).hosts == {"meet.practice.example"}


async def test_a_client_is_a_guest_and_the_clinician_the_moderator() -> None:
    _, _, clients = await come(SERVER, GUEST)
    _, _, clinicians = await come(SERVER, HOST)
    assert PROSODY.admits(clients, NAME, OPENS) == {
        "id": GUEST.id,
        "moderator": "false",
        "affiliation": "member",
    }
    assert PROSODY.admits(clinicians, NAME, OPENS) == {
        "id": HOST.id,
        "moderator": "true",
        "affiliation": "owner",
    }


async def test_a_token_is_good_in_the_window_and_not_a_second_longer() -> None:
    _, _, token = await come(SERVER, GUEST)
    for moment in (OPENS, CLOSES - SECOND):
        assert PROSODY.admits(token, NAME, moment)
    for moment in (OPENS - SECOND, CLOSES):
        with pytest.raises(NotAdmitted, match="not now"):
            PROSODY.admits(token, NAME, moment)


async def test_a_token_opens_one_room_of_one_domain() -> None:
    _, _, token = await come(SERVER, GUEST)
    with pytest.raises(NotAdmitted, match="Room"):
        PROSODY.admits(token, "another", OPENS)
    with pytest.raises(NotAdmitted, match="Domain"):
        replace(PROSODY, domain="other.jitsi").admits(token, NAME, OPENS)
    with pytest.raises(NotAdmitted, match="not ours"):
        replace(PROSODY, secret=SECRET[::-1]).admits(token, NAME, OPENS)


async def test_a_private_key_signs_and_its_kid_says_which() -> None:
    private, public = key_pair()
    signing = Signing(key=private, key_id="practice/2027")
    _, _, token = await come(replace(SERVER, signing=signing), HOST)
    by_key = replace(PROSODY, keys={"practice/2027": public})
    assert by_key.admits(token, NAME, OPENS)["moderator"] == "true"
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "RS256", "kid": "practice/2027", "typ": "JWT"}
    with pytest.raises(NotAdmitted, match="public key"):
        replace(PROSODY, keys={"practice/2028": public}).admits(token, NAME, OPENS)


async def test_a_secret_needs_no_kid() -> None:
    _, _, token = await come(SERVER, GUEST)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize("guest", [GUEST, HOST], ids=["client", "clinician"])
async def test_a_token_tells_nothing_of_the_person(guest: Guest) -> None:
    _, _, token = await come(SERVER, guest)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert says_nothing_personal(str(claims))
    assert set(claims) == {"iss", "aud", "sub", "room", "jti", "context", "nbf", "exp"}
    assert set(claims["context"]["user"]) == {"id", "moderator", "affiliation"}


async def test_no_two_tokens_have_the_same_id() -> None:
    tokens = [(await come(SERVER, GUEST))[2] for _ in range(2)]
    ids = {jwt.decode(token, options={"verify_signature": False})["jti"] for token in tokens}
    assert len(ids) == 2


@pytest.mark.parametrize(("guest", "moderator"), [(GUEST, "false"), (HOST, "true")])
async def test_8x8_admits_with_its_own_fixed_words(guest: Guest, moderator: str) -> None:
    private, public = key_pair()
    kid = f"{APP}/4f4910"
    jaas = Jaas(JaasAccount(app_id=APP, signing=Signing(key=private, key_id=kid)))
    room = await jaas.make(wish_for("jaas"))
    way = await jaas.way_in(room, guest)
    assert room.url == f"https://8x8.vc/{APP}/{NAME}"
    assert jaas.hosts == {"8x8.vc"}
    theirs = Prosody(
        domain=APP,
        issuers=frozenset({"chat"}),
        audiences=frozenset({"jitsi"}),
        keys={kid: public},
    )
    token = URL(way).query["jwt"]
    assert theirs.admits(token, NAME, OPENS) == {"id": guest.id, "moderator": moderator}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims["context"]["features"].values()) == {"false"}
    assert (claims["nbf"], claims["exp"]) == (OPENS.timestamp(), CLOSES.timestamp())
    assert says_nothing_personal(str(claims))
