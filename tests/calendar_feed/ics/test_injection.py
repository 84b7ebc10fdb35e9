"""No value, however it is made, can add a line to a calendar."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.calendar_feed.domain.detail import Shown, show
from services.calendar_feed.ics.text import LONGEST, one_line
from services.calendar_feed.ics.vcalendar import vcalendar
from services.calendar_feed.ics.vevent import vevent
from tests.calendar_feed.diary import DIARY, content_lines, entry, names_of, showing

PLAIN = show(entry(), DIARY, showing())
NASTY = st.one_of(
    st.text(),
    st.text(alphabet='\r\n\x00\x0b\x0c\x7f\x85\u2028\u2029\u202e\ufeff:;,\\"^ ABEGIN'),
    st.text(alphabet=st.characters(), min_size=70, max_size=400),
    st.sampled_from(
        [
            "a\r\nBEGIN:VALARM",
            "a\nATTENDEE:mailto:x@example.org",
            "a\rURL:https://elsewhere.example",
            "\ud800",
            "x" * 10_000,
            "שלום\u202e\r\nSUMMARY:x",
            '";X=1:y',
            "\\N",
            "\\\\N and \\n",
        ]
    ),
)


def of_name(name: str) -> bytes:
    return vcalendar(name, [entry()], lambda _: vevent(PLAIN)).body


@given(NASTY)
def test_no_name_of_a_feed_adds_a_line(name: str) -> None:
    assert names_of(content_lines(of_name(name))) == names_of(content_lines(of_name("x")))
    assert _unseen(of_name(name)) == set()
    Calendar.from_ical(of_name(name))
    for line in content_lines(of_name(name))[3:5]:
        assert _text(line.partition(":")[2]) == one_line(name)


@given(NASTY, st.sampled_from(["uid", "summary", "url"]))
def test_no_value_of_an_entry_adds_a_line(value: str, field: str) -> None:
    changes: dict[str, Any] = {field: value}
    spoiled: Shown = replace(PLAIN, **changes)
    body = vcalendar("x", [entry()], lambda _: vevent(spoiled)).body
    if b"VEVENT" in body:  # else it could not be written, and was left out whole
        expected = set(names_of(content_lines(vevent(PLAIN)))) | {
            *("BEGIN", "END", "VERSION", "PRODID", "NAME", "X-WR-CALNAME"),
            *("REFRESH-INTERVAL", "X-PUBLISHED-TTL"),
        }
        found = names_of(content_lines(body))
        assert set(found) <= expected
        assert found.count("BEGIN") == found.count("END") == 2
    assert _unseen(body) == set()


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Dana's hours", "Dana's hours"),
        ("two\r\nlines", "two lines"),
        ("nul\x00, tab\t, del\x7f, nel\x85", "nul , tab , del , nel"),
        ("שעה קבועה", "שעה קבועה"),
        ("turned\u202e about", "turned about"),
        ("  ", ""),
        ("🙂", "🙂"),
        ("\\North \\n", "\\north \\n"),
    ],
)
def test_what_can_be_read_stays(given_text: str, kept: str) -> None:
    assert one_line(given_text) == kept


def test_a_text_has_an_end() -> None:
    assert len(one_line("x" * 10_000)) == LONGEST


def _text(value: str) -> str:
    """Undo the escapes of RFC 5545 section 3.3.11."""
    return re.sub(r"\\(.)", r"\1", value)


def _unseen(body: bytes) -> set[str]:
    return {char for char in body.decode() if ord(char) < 32 or ord(char) == 127} - {"\r", "\n"}
