"""A page that is filled in reads as one that was made for its reader alone."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import product

import pytest

from services.notifier.domain.letters import Letter
from services.notifier.domain.states import Kind
from services.notifier.rendering import render as rendering
from services.notifier.rendering.dates import Time, locale_of
from services.notifier.rendering.render import render
from tests.cast import NEW_YORK
from tests.notifier.rendering.letters import STOP, letter

QUIRKS = '<b>"Ana\'s" & Söhne</b> \ue0000\ue001 \u202e\xa0{{ 7 * 7 }}'


class Parts(HTMLParser):
    """Everything that a reader's program makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def unbroken(value: object) -> object:
    """Return `value` with each time in it as it stands in a page."""
    if isinstance(value, Time):
        return value.unbroken()
    if isinstance(value, tuple):
        return tuple(unbroken(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: unbroken(getattr(value, f.name)) for f in fields(value)})
    return value


def made_for_one(of: Letter) -> str:
    """Return the page of `of` with everything in it before its styles are inlined."""
    locale = locale_of(of.locale)
    path = f"{locale.language}/{of.kind}"
    plainly = {"language": locale.language, **rendering._values(of, locale)}
    shown = {name: unbroken(value) for name, value in plainly.items()}
    subject = rendering._TEMPLATES.get_template(f"{path}.subject").render(plainly)
    page = rendering._TEMPLATES.get_template(f"{path}.html").render(
        shown, subject=" ".join(subject.split())
    )
    return rendering._INLINER.inline(page)


@pytest.mark.parametrize(
    ("kind", "locale", "zone"), [*product(Kind, ["en-US", "es-MX"], [NEW_YORK, "Asia/Tokyo"])]
)
def test_a_page_filled_in_is_the_page_made_for_one_byte_for_byte(
    kind: Kind, locale: str, zone: str
) -> None:
    written = letter(kind, locale=locale, timezone=zone)
    assert render(written).html == made_for_one(written)


@pytest.mark.parametrize("kind", Kind)
def test_whatever_a_value_holds_stays_that_value(kind: Kind) -> None:
    written = replace(letter(kind), signed=QUIRKS, unsubscribe=f"{STOP}?{QUIRKS}")
    written = replace(
        written, dates=tuple(replace(each, with_whom=QUIRKS) for each in written.dates)
    )
    assert Parts(render(written).html).found == Parts(made_for_one(written)).found


def test_what_one_reader_is_told_is_told_to_no_other() -> None:
    first = render(letter(Kind.REMINDER))
    second = replace(letter(Kind.REMINDER), dates=letter(Kind.OFFER).dates, unsubscribe="https://x")
    assert STOP in first.html
    assert STOP not in render(second).html + render(second).text
