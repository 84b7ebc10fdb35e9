"""How a Jitsi server judges a token when someone comes into a room.

The rules are those of Prosody's token plugin (jitsi-meet, resources/prosody-plugins/token/
util.lib.lua): signature, `nbf` and `exp`; then `iss`, `aud`, `room` and, with domain
verification on, `sub`. A room's name is compared in lower case. What is in `context` is not
validated, but a value of `user` that is no string makes it throw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options


class NotAdmitted(Exception):
    """Prosody answers not-allowed, with this reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prosody:
    """One virtual host; `keys` are a key server's public keys by `kid`, else `secret` is used."""

    domain: str
    issuers: frozenset[str]
    audiences: frozenset[str]
    secret: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    def admits(self, token: str, room: str, now: datetime) -> dict[str, Any]:
        """Return the user with whom `token` lets its holder into `room`, or raise `NotAdmitted`."""
        claims = self._claims(token)
        moment = now.timestamp()
        if not claims["nbf"] <= moment < claims["exp"]:
            raise NotAdmitted("not now")
        if claims.get("iss") not in self.issuers:
            raise NotAdmitted("Invalid issuer ('iss' claim)")
        if claims.get("aud") not in self.audiences:
            raise NotAdmitted("Invalid audience ('aud' claim)")
        named = claims.get("room", "")
        if "*" in (named, claims.get("sub")):
            raise NotAdmitted("a token for every room is nothing that we want to see")
        if room != named.lower():
            raise NotAdmitted("Room and token mismatched")
        if claims.get("sub") != self.domain:
            raise NotAdmitted("Domain and token mismatched")
        user: dict[str, Any] = claims["context"]["user"]
        if not all(isinstance(value, str) for value in user.values()):
            raise TypeError("a value of context.user is no string")
        return user

    def _claims(self, token: str) -> dict[str, Any]:
        key, algorithm = self.secret, "HS256"
        if self.keys:
            kid = jwt.get_unverified_header(token).get("kid")
            if kid not in self.keys:
                raise NotAdmitted("could not obtain public key")
            key, algorithm = self.keys[kid], "RS256"
        checked: Options = {
            "require": ["exp", "nbf", "iss", "aud"],
            "verify_exp": False,  # by the server's clock, which the caller holds
            "verify_nbf": False,
            "verify_aud": False,
        }
        try:
            found: dict[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=checked)
        except jwt.InvalidTokenError as error:
            raise NotAdmitted("the token is not ours") from error
        return found
