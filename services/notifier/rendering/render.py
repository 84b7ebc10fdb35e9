"""From a letter to a subject, a text and an HTML page that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

import css_inline
import jinja2
from babel import Locale

from services.notifier.domain.letters import Date, Letter
from services.notifier.domain.states import Kind
from services.notifier.rendering.dates import Time, elsewhere, in_full, in_short, locale_of
from services.notifier.rendering.filling import LAST, Frame, Shape, in_html, marked, taken_apart

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


@dataclass(frozen=True, slots=True)
class Frames:
    """A kind of mail in one language, for every reader whose values have the same shape."""

    subject: Frame
    text: Frame
    html: Frame


def render(letter: Letter) -> Rendered:
    """Return `letter` in the reader's language and on the reader's clock."""
    locale = locale_of(letter.locale)
    shape, texts = taken_apart(_values(letter, locale))
    frames = _frames(locale.language, letter.kind, shape)
    subject = " ".join(frames.subject.filled(texts).split())
    return Rendered(
        subject=subject,
        text=frames.text.filled(texts),
        html=frames.html.filled([*map(_on_a_page, texts), in_html(subject)]),
    )


@lru_cache(maxsize=128)
def _frames(language: str, kind: Kind, shape: Shape) -> Frames:
    """Make the words around values of this shape; the last text of a page is its subject."""
    path, given = f"{language}/{kind}", {"language": language, **marked(shape)}
    parts = (f"{path}.txt", f"{language}/foot.txt")
    texts = [_TEMPLATES.get_template(part).render(given).strip() for part in parts]
    html = _TEMPLATES.get_template(f"{path}.html").render(given, subject=LAST)
    return Frames(
        subject=Frame(_TEMPLATES.get_template(f"{path}.subject").render(given)),
        text=Frame("\n\n".join(filter(None, texts)) + "\n"),
        html=Frame(_INLINER.inline(html)),
    )


def _on_a_page(text: str) -> str:
    return _time_on_a_page(text) if isinstance(text, Time) else in_html(text)


@lru_cache(maxsize=1024)
def _time_on_a_page(time: Time) -> str:
    return in_html(time.unbroken())


def _values(letter: Letter, locale: Locale) -> dict[str, object]:
    def written(date: Date) -> Written:
        return _written(date, letter.timezone, locale)

    return {
        "dates": tuple(written(date) for date in letter.dates),
        "moves": tuple(Left(before=written(m.before), now=written(m.now)) for m in letter.moves),
        "cancelled": tuple(written(date) for date in letter.cancelled),
        "until": written(letter.until) if letter.until else None,
        "repeats": letter.weekly,
        "link": letter.link,
        "confirmed": tuple(written(date) for date in letter.confirmed),
        "count": letter.count,
        "unsubscribe": letter.unsubscribe,
        "signed": letter.signed,
    }


def _written(date: Date, reader_zone: str, locale: Locale) -> Written:
    full, short, also = _times(date.starts_at, date.timezone, reader_zone, locale)
    return Written(
        full=full,
        short=short,
        also=also,
        link=date.link,
        change=date.change,
        with_whom=date.with_whom,
    )


@lru_cache(maxsize=1024)  # many are told the same time, and each tells it twice
def _times(
    moment: datetime, there: str, here: str, locale: Locale
) -> tuple[Time, Time, Time | None]:
    other = elsewhere(moment, here, there, locale)
    return (
        Time(in_full(moment, here, locale)),
        Time(in_short(moment, here, locale)),
        None if other is None else Time(other),
    )
