"""What an SMTP server's answer means: for this mail, for its reader, or for all of ours.

What is answered before a mail is named is answered to every mail, so the channel rests; a 5yz
there is ours to mend. 421 says the same at any time (RFC 5321 section 3.8), and so does 4.7.z
(RFC 3463: policy, as rates are) after MAIL. After RCPT 4.7.z is greylisting, which is of one
reader. No answer names a wait, so each `Rest` leaves it to the policy, whose waits grow.

Many servers keep what they have against us until RCPT. So an address is at fault only where the
answer says that; where it may be either (550 5.7.1), the mail is kept, and nobody else's waits.
"""

from __future__ import annotations

import re
import ssl
from typing import Final, Literal

from services.notifier.domain.outcomes import Failed, Outcome, Rest, Retry

What = Literal["server", "sign_in", "sender", "recipient", "message"]
TOO_LARGE: Final = Failed("too_large")
CLOSING: Final = 421
_EXCEEDED: Final = 552  # RFC 1870 section 6.1
_POLICY: Final = re.compile(r"4\.7\.\d")
_NOT_LET_IN: Final = frozenset({503, 530})  # say something else first: RFC 5321, RFC 4954
_REFUSED: Final = 550  # of this reader as well as of us; relays say 554 of what they let nobody do
_NO_SUCH_ADDRESS: Final = frozenset({550, 551, 553})
# What follows is of RFC 3463 and its registry.
_ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_TOO_LONG_FOR_READER: Final = frozenset({"5.2.3", "5.3.4"})
_NOBODY_THERE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_OF_US: Final = re.compile(r"5\.(1\.[78]|7\.\d+)$")
_OF_US_OR_OF_THE_READER: Final = frozenset({"5.7.0", "5.7.1", "5.7.2"})


class NotEncrypted(Exception):
    """The server elsewhere offers no TLS, so nothing is said to it."""


class SignInNotOffered(Exception):
    """We were given a password, and the server takes none."""


def refused(what: What, code: int, text: str) -> Outcome:
    """Return what a refusal means, by what was refused."""
    if code == CLOSING:
        return Rest(f"server_answered_{code}")
    if not 400 <= code < 600:
        return Retry(f"server_answered_{code}")  # no SMTP at all, and nothing was handed over
    match what:
        case "recipient":
            return _recipient(code, text)
        case "sender" | "message":
            return _message(what, code, text)
    word = "sign_in_refused" if what == "sign_in" else "server_answered"
    return Rest(f"{word}_{code}", ours_to_mend=_final(code))


def _final(code: int) -> bool:
    return code >= 500  # RFC 5321 section 4.2.1: 5yz is permanent


def _enhanced(text: str) -> str:
    found = _ENHANCED.match(text)
    return found.group() if found else ""


def _of_us(code: int, enhanced: str) -> bool:
    if code in _NOT_LET_IN:
        return True
    return enhanced not in _OF_US_OR_OF_THE_READER and _OF_US.match(enhanced) is not None


def _recipient(code: int, text: str) -> Outcome:
    """Any other 5yz, as of a full mailbox (552), is of this mail: the next may be taken."""
    enhanced = _enhanced(text)
    if enhanced in _TOO_LONG_FOR_READER:
        return TOO_LARGE
    if not _final(code):
        return Retry(f"recipient_deferred_{code}")
    by_policy = enhanced in _OF_US_OR_OF_THE_READER
    if by_policy and code == _REFUSED:
        return Retry(f"refused_by_policy_{code}")
    if by_policy or _of_us(code, enhanced):
        return Rest(f"not_let_in_{code}", ours_to_mend=True)
    nobody = enhanced in _NOBODY_THERE if enhanced else code in _NO_SUCH_ADDRESS
    return Failed(f"recipient_refused_{code}", of_address=nobody)


def _message(what: What, code: int, text: str) -> Outcome:
    """Before there is a recipient, a refusal is of us as the sender, but for the size."""
    final = _final(code)
    if code == _EXCEEDED:
        return TOO_LARGE
    if what == "message":
        if _of_us(code, _enhanced(text)):
            return Rest(f"not_let_in_{code}", ours_to_mend=True)
        return Failed(f"message_refused_{code}") if final else Retry(f"server_answered_{code}")
    if final or _POLICY.match(text):
        return Rest(f"sender_refused_{code}", ours_to_mend=final)
    return Retry(f"sender_refused_{code}")


def unreached(error: Exception) -> Outcome:
    """Return what it means that no mail could be handed over, and no answer says why."""
    if isinstance(error, NotEncrypted):
        return Rest("tls_not_offered", ours_to_mend=True)
    if isinstance(error, SignInNotOffered):
        return Rest("sign_in_not_offered", ours_to_mend=True)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Rest("tls_failed", ours_to_mend=True)
    return Retry(f"smtp_{type(error).__name__}")
