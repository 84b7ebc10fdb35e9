"""A name reaches a mail where it is agreed on, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta, nodes

from services.notifier.domain.letters import Date, Letter
from services.notifier.domain.names import LONGEST, shown
from services.notifier.domain.states import Kind
from services.notifier.rendering import render as rendering
from services.notifier.rendering.render import render
from tests.cast import NEW_YORK
from tests.notifier.rendering.letters import AFTER_THE_CHANGE, NEEDED, letter

TEMPLATES = Path(rendering.__file__).parent / "templates"
OF_A_DATE = {"full", "short", "also", "link", "change", "with_whom"}
OF_A_MOVE = {"before", "now"}
PRACTICE, CLINICIAN = "Hudson Psychology", "Dana Reyes"


def signed(kind: Kind, *, locale: str = "en", whom: str = CLINICIAN) -> Letter:
    """Return a letter as it is where names may be said."""
    plain = letter(kind, locale=locale)
    named = tuple(replace(date, with_whom=whom) for date in plain.dates)
    gone = tuple(replace(date, with_whom=whom) for date in plain.cancelled)
    moves = tuple(replace(m, now=replace(m.now, with_whom=whom)) for m in plain.moves)
    return replace(plain, dates=named, cancelled=gone, moves=moves, signed=PRACTICE)


@pytest.mark.parametrize(("kind", "locale"), [*product(Kind, ["en", "es"])])
def test_text_and_html_name_the_same_people(kind: Kind, locale: str) -> None:
    one = signed(kind, locale=locale)
    mail = render(one)
    assert mail.text.count(PRACTICE) == mail.html.count(PRACTICE) == 1
    assert PRACTICE not in mail.subject
    assert CLINICIAN not in mail.subject
    times = 0
    if kind is not Kind.OFFER:  # what nobody has taken yet is with nobody
        times = len(one.dates) + len(one.cancelled) + len(one.moves)
    said = {"en": f"With {CLINICIAN}\n", "es": f"Con {CLINICIAN}\n"}[locale]
    assert mail.text.count(said) == mail.html.count(f">{CLINICIAN}</bdi>") == times
    assert mail.text.endswith(f"{PRACTICE}\n" if kind in NEEDED else "/unsubscribe/AbC-_9\n")


@pytest.mark.parametrize("kind", Kind)
def test_a_letter_that_is_not_signed_can_name_nobody(kind: Kind) -> None:
    if kind in (Kind.ENDED, Kind.FOLLOW_UP, Kind.ADDRESS, Kind.TASK):
        assert signed(kind).dates == ()
        return
    with pytest.raises(ValueError, match="names nobody"):
        replace(signed(kind), signed=None)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.*")), ids=lambda path: str(path.name))
def test_a_template_reads_nothing_of_a_date_but_what_a_mail_may_say(path: Path) -> None:
    parsed = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    read = {node.attr for node in parsed.find_all(nodes.Getattr)}
    assert read <= OF_A_DATE | OF_A_MOVE
    assert not list(parsed.find_all(nodes.Call))
    assert "signed" not in meta.find_undeclared_variables(parsed) or path.stem == "foot"


def test_markup_in_a_name_is_text() -> None:
    mail = render(signed(Kind.REMINDER, whom="<script>alert(1)</script>&<b>"))
    assert "<script>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&lt;b&gt;" in mail.html


@pytest.mark.parametrize(
    ("name", "as_shown"),
    [
        ("Dana Reyes", "Dana Reyes"),
        ("Dana\r\nBcc: x@x.example", "Dana Bcc: x@x.example"),
        ("\u202eseyeR anaD", "seyeR anaD"),
        ("دانا رييس", "دانا رييس"),
        ("  \t\x00\x7f ", ""),
        ("D" * 10_000, "D" * (LONGEST - 1) + "…"),
    ],
)
def test_a_name_is_shown_as_one_line_that_changes_nothing_around_it(
    name: str, as_shown: str
) -> None:
    assert shown(name) == as_shown


@given(st.text(max_size=300))
def test_no_name_is_more_than_one_short_line(name: str) -> None:
    line = shown(name)
    assert len(line) <= LONGEST
    assert len(line.splitlines()) <= 1
    assert shown(line) == line


def test_a_date_alone_says_nobody() -> None:
    assert Date(starts_at=AFTER_THE_CHANGE, timezone=NEW_YORK).with_whom is None
