"""What a server's refusal at RCPT means: whose fault it is decides who bears it."""

from __future__ import annotations

import pytest

from services.notifier.channels.smtp_answers import refused
from services.notifier.domain.outcomes import Failed, Rest, Retry


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.1.1 <kim@clients.example>: no such user"),
        (550, "5.1.2 no such domain"),
        (501, "5.1.3 bad address syntax"),
        (551, "5.1.6 moved away"),
        (556, "5.1.10 the domain takes no mail"),
        (550, "5.1.10 <kim@clients.example>: recipient not found"),
        (550, "User unknown"),
        (551, "User not local"),
        (553, "Mailbox name not allowed"),
    ],
)
def test_an_address_that_does_not_exist_gets_no_more(code: int, text: str) -> None:
    assert refused("recipient", code, text) == Failed(f"recipient_refused_{code}", of_address=True)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.2.1 mailbox disabled"),
        (552, "5.2.2 mailbox full"),
        (552, "Exceeded storage allocation"),
        (550, "5.4.1 access denied"),
        (554, "5.4.14 mail loop"),
        (550, "5.1.0 address rejected"),
        (550, "5.1.100 of a list to come"),
        (553, "5.3.0 refused"),
        (501, "syntax"),
        (554, "Transaction failed"),
    ],
)
def test_any_other_refusal_of_a_reader_costs_this_mail_and_no_other(code: int, text: str) -> None:
    assert refused("recipient", code, text) == Failed(f"recipient_refused_{code}")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (530, "5.7.0 Authentication required"),
        (530, "Must issue a STARTTLS command first"),
        (503, "5.5.1 need MAIL before RCPT"),
        (503, "Polite people say HELO first"),
        (550, "5.1.8 Sender address rejected: Domain not found"),
        (501, "5.1.7 Bad sender address syntax"),
        (550, "5.7.26 unauthenticated mail is refused"),
        (535, "5.7.8 credentials invalid"),
        (554, "5.7.1 <kim@clients.example>: Relay access denied"),
        (554, "5.7.1 Client host blocked using a list"),
        (553, "5.7.1 sender not owned by user"),
        (550, "5.7.60 client may not send as this sender"),
    ],
)
def test_what_is_refused_of_us_stops_nobody_and_is_ours_to_mend(code: int, text: str) -> None:
    assert refused("recipient", code, text) == Rest(f"not_let_in_{code}", ours_to_mend=True)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.7.1 Client host blocked using a list"),
        (550, "5.7.1 Unable to relay"),
        (550, "5.7.0 refused by policy"),
        (550, "5.7.2 the list takes mail from its members"),
    ],
)
def test_where_it_may_be_us_or_the_reader_the_mail_is_kept_and_no_other_waits(
    code: int, text: str
) -> None:
    assert refused("recipient", code, text) == Retry(f"refused_by_policy_{code}")


@pytest.mark.parametrize("text", ["4.2.2 mailbox full", "4.7.1 greylisted", "later"])
def test_who_is_refused_for_now_is_tried_again(text: str) -> None:
    assert refused("recipient", 450, text) == Retry("recipient_deferred_450")
