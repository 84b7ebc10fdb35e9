"""From a letter to a subject, a text and an HTML page that say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import css_inline
import jinja2
from babel import Locale

from services.notifier.domain.letters import Date, Letter
from services.notifier.rendering.dates import (
    elsewhere,
    in_full,
    in_short,
    locale_of,
    plain,
    unbroken,
)

_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("services.notifier.rendering"),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_INLINER: Final = css_inline.CSSInliner(
    keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
)


Spaced = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The words of one mail; the subject is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One date as a template sees it: `also` is the same time where the practice is."""

    full: str
    short: str
    also: str | None
    link: str | None
    change: str | None
    with_whom: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A move as a template sees it."""

    before: Written
    now: Written


def render(letter: Letter) -> Rendered:
    """Return `letter` in the reader's language and on the reader's clock."""
    locale = locale_of(letter.locale)
    values = {"language": locale.language, **_values(letter, locale, plain)}
    shown = {**values, **_values(letter, locale, unbroken)}
    path = f"{locale.language}/{letter.kind}"
    subject = _TEMPLATES.get_template(f"{path}.subject").render(values)
    html = _TEMPLATES.get_template(f"{path}.html").render(shown, subject=subject.strip())
    parts = (f"{path}.txt", f"{locale.language}/foot.txt")
    texts = [_TEMPLATES.get_template(part).render(values).strip() for part in parts]
    return Rendered(
        subject=" ".join(subject.split()),
        text="\n\n".join(filter(None, texts)) + "\n",
        html=_INLINER.inline(html),
    )


def _values(letter: Letter, locale: Locale, spaced: Spaced) -> dict[str, object]:
    def written(date: Date) -> Written:
        return _written(date, letter.timezone, locale, spaced)

    return {
        "dates": [written(date) for date in letter.dates],
        "moves": [Left(before=written(m.before), now=written(m.now)) for m in letter.moves],
        "cancelled": [written(date) for date in letter.cancelled],
        "until": written(letter.until) if letter.until else None,
        "repeats": letter.weekly,
        "link": letter.link,
        "confirmed": letter.confirmed,
        "count": letter.count,
        "unsubscribe": letter.unsubscribe,
        "signed": letter.signed,
    }


def _written(date: Date, reader_zone: str, locale: Locale, spaced: Spaced) -> Written:
    also = elsewhere(date.starts_at, reader_zone, date.timezone, locale)
    return Written(
        full=spaced(in_full(date.starts_at, reader_zone, locale)),
        short=spaced(in_short(date.starts_at, reader_zone, locale)),
        also=also and spaced(also),
        link=date.link,
        change=date.change,
        with_whom=date.with_whom,
    )
