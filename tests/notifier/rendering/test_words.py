"""A mail says a time and a link, and nothing of what kind of appointment it is."""

from __future__ import annotations

import re
from html import unescape
from itertools import product
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta

from services.notifier.domain.letters import Letter
from services.notifier.domain.states import Kind
from services.notifier.rendering import render as rendering
from services.notifier.rendering.render import Rendered, render
from tests.cast import NEW_YORK
from tests.notifier.rendering.letters import (
    AFTER_THE_CHANGE,
    BEFORE_THE_CHANGE,
    CHANGE,
    CONFIRM,
    LINK,
    NEEDED,
    STOP,
    date,
    letter,
)

TEMPLATES = Path(rendering.__file__).parent / "templates"
ALLOWED = {
    *("language", "subject", "date", "dates", "moves", "cancelled", "until", "repeats"),
    *("join", "change", "that_is", "link", "confirmed", "count", "unsubscribe"),
    *("together", "signed"),
}
FORBIDDEN = re.compile(
    r"therap|terap|psych|psic|clinic|clínic|treat|tratami|session|sesi[oó]n|course|curso"
    r"|counsel|consult|doctor|patient|paciente|client|mental|health|salud|diagnos|practice"
    r"|follow|group|grupo|weekly|semanal|\bipt\b|\bdana\b|\bkim\b",
    re.IGNORECASE,
)
COUNT = re.compile(
    r"\b(\d+|two|three|twelve|sixteen|dos|tres|doce|dieciséis) (more )?(appointments|citas)\b",
    re.IGNORECASE,
)
LOCALES = ["en", "en-US", "en-GB", "es", "es-MX", "es_US", "fr", "xx", "", "../../etc", "e" * 999]
ENGLISH = re.compile(r"\b(your|appointments?|mail|if|is|the|address|this)\b", re.IGNORECASE)
SPANISH = re.compile(r"\b(su|sus|citas?|correos?|es|la|una|dirección|esta)\b", re.IGNORECASE)
READERS = [NEW_YORK, "America/Los_Angeles", "Asia/Tokyo", "America/Sao_Paulo", "Nowhere/New"]


def words(mail: Rendered) -> str:
    """Return all that a mail says, without its links and its styles."""
    html = re.sub(r"<head.*?</head>|<[^>]*>", " ", mail.html, flags=re.DOTALL)
    return re.sub(r"https?://\S+", "", f"{mail.subject}\n{mail.text}\n{html}")


@pytest.mark.parametrize(("kind", "locale", "reader"), [*product(Kind, LOCALES, READERS)])
def test_no_mail_says_a_word_too_much(kind: Kind, locale: str, reader: str) -> None:
    for count in (1, 2):
        mail = render(letter(kind, locale=locale, timezone=reader, count=count))
        assert FORBIDDEN.findall(words(mail)) == []
        assert COUNT.findall(words(mail)) == []
        assert "\n" not in mail.subject


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_its_own_thing_in_both_languages(kind: Kind) -> None:
    said = {language: render(letter(kind, locale=language)) for language in ("en", "es")}
    assert said["en"].subject != said["es"].subject
    assert ENGLISH.search(words(said["en"]))
    assert ENGLISH.search(words(said["es"])) is None
    assert SPANISH.search(words(said["es"]))
    assert SPANISH.search(words(said["en"])) is None


@pytest.mark.parametrize(("kind", "locale"), [*product(Kind, ["en", "es"])])
def test_all_but_what_is_needed_can_be_stopped(kind: Kind, locale: str) -> None:
    mail = render(letter(kind, locale=locale))
    times = 0 if kind in NEEDED else 1
    assert mail.text.count(STOP) == mail.html.count(f'href="{STOP}"') == times
    assert mail.text.endswith(f": {STOP}\n") is (times == 1)


@pytest.mark.parametrize("locale", ["en", "es"])
def test_an_address_is_asked_about_with_one_link(locale: str) -> None:
    mail = render(letter(Kind.ADDRESS, locale=locale))
    assert re.findall(r"https?://\S+", mail.text) == [CONFIRM]
    assert set(re.findall(r'href="([^"]+)"', mail.html)) == {CONFIRM}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.*")), ids=lambda path: str(path.name))
def test_no_template_says_a_word_too_much_or_knows_more_than_it_may(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert FORBIDDEN.findall(re.sub(r"<style.*?</style>", "", source, flags=re.DOTALL)) == []
    assert (
        meta.find_undeclared_variables(jinja2.Environment(autoescape=True).parse(source)) <= ALLOWED
    )


def test_both_languages_have_every_template() -> None:
    names = {
        folder: {path.name for path in (TEMPLATES / folder).iterdir()} for folder in ("en", "es")
    }
    assert names["en"] == names["es"]
    assert {f"{kind}.{part}" for kind in Kind for part in ("subject", "txt", "html")} <= names["en"]


@pytest.mark.parametrize("kind", Kind)
def test_text_and_html_say_the_same_times_and_links(kind: Kind) -> None:
    mail = render(letter(kind))
    for said in re.findall(r"\w+, \w+ \d+, \d{4}, \d+:\d\d [AP]M \w+", mail.text):
        assert said in unescape(mail.html).replace("\N{NO-BREAK SPACE}", " ")
    ahead = len(letter(kind).dates) + len(letter(kind).moves)
    assert mail.text.count(LINK) == mail.html.count(f">{LINK}</a>") == ahead
    assert set(re.findall(r"https?://\S+", mail.text)) == set(
        re.findall(r'href="([^"]+)"', mail.html)
    )
    if kind is not Kind.OFFER:
        assert mail.text.count(CHANGE) == mail.html.count(f'"{CHANGE}"') == ahead


def test_the_zone_is_named_as_it_is_on_each_side_of_a_clock_change() -> None:
    text = render(letter(Kind.CONFIRMATION)).text
    assert "Tuesday, March 9, 2027, 3:00 PM EST" in text
    assert "Tuesday, March 16, 2027, 3:00 PM EDT" in text


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (NEW_YORK, "Tuesday, March 16, 2027, 3:00 PM EDT\n"),
        ("America/Detroit", "Tuesday, March 16, 2027, 3:00 PM EDT\n"),
        ("America/Los_Angeles", "Tuesday, March 16, 2027, 12:00 PM PDT (that is 3:00 PM EDT)"),
        ("Asia/Tokyo", "17, 2027, 4:00 AM JST (that is Tuesday, March 16, 2027, 3:00 PM EDT)"),
        ("America/Sao_Paulo", "Tuesday, March 16, 2027, 4:00 PM GMT-3 (that is 3:00 PM EDT)"),
        ("Asia/Kathmandu", "Wednesday, March 17, 2027, 12:45 AM GMT+5:45"),
    ],
)  # fmt: skip
def test_a_reader_elsewhere_sees_both_clocks(reader: str, said: str) -> None:
    assert said in render(letter(Kind.REMINDER, timezone=reader)).text


@pytest.mark.parametrize("locale", ["es", "es-MX", "es_US"])
def test_spanish_is_spanish(locale: str) -> None:
    mail = render(letter(Kind.REMINDER, locale=locale))
    assert mail.subject.startswith("Su cita del martes 16 de marzo, 3:00")
    assert mail.subject.endswith("EDT")
    assert "Entrar aquí: https" in mail.text


def test_the_text_reads_well_aloud() -> None:
    assert render(letter(Kind.MOVED)).text == (
        "Your appointment has a new time.\n"
        "\n"
        "It was on: Tuesday, March 9, 2027, 3:00 PM EST\n"
        "\n"
        "It is now on:\n"
        "\n"
        "Tuesday, March 16, 2027, 3:00 PM EDT\n"
        f"Join here: {LINK}\n"
        f"Change or cancel: {CHANGE}\n"
        "\n"
        f"Stop mails like this: {STOP}\n"
    )


def test_a_line_of_the_page_never_ends_between_the_hour_and_its_zone() -> None:
    mail = render(letter(Kind.REMINDER, timezone="America/Los_Angeles"))
    assert "2027, 12:00&nbsp;PM&nbsp;PDT<" in mail.html
    assert " 3:00&nbsp;PM&nbsp;EDT<" in mail.html
    assert "\N{NO-BREAK SPACE}" not in mail.text + mail.subject


def test_the_page_fetches_nothing_and_keeps_its_dark_colours() -> None:
    html = render(letter(Kind.CONFIRMATION)).html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)


def test_a_letter_cannot_be_built_wrong() -> None:
    one, two = date(BEFORE_THE_CHANGE), date(AFTER_THE_CHANGE)
    wrong = {
        Kind.MOVED: (one,),
        Kind.REMINDER: (one, two),
        Kind.CHANGED: (one,),
        Kind.OFFER: (one,),
        Kind.DIGEST: (),
        Kind.NEWS: (),
        Kind.UNSEEN: (one, two),
        Kind.ENDED: (one,),
        Kind.TASK: (one,),
    }
    for kind, dates in wrong.items():
        with pytest.raises(ValueError, match=f"of the kind {kind} "):
            Letter(kind=kind, dates=dates, timezone=NEW_YORK, locale="en")
    with pytest.raises(ValueError, match="of the kind reminder "):
        Letter(kind=Kind.REMINDER, dates=(one,), confirmed=(two,), timezone=NEW_YORK, locale="en")
