"""Pages that say one thing, and the templates that all pages are made from."""

from __future__ import annotations

import functools
from http import HTTPStatus

import jinja2
from aiohttp import web
from babel import Locale

from services.scheduler.pages.appointment_words import appointment_words
from services.scheduler.pages.words import best_language, speak
from shared.web.pages import page, templates_in


def message_page(locale: Locale, title: str, said: str, status: HTTPStatus) -> web.Response:
    """Return a page that says `said` and asks for nothing."""
    lang = str(locale).replace("_", "-")
    return page(templates(), "message.html", status=status, lang=lang, title=title, said=said)


def unknown_page(request: web.Request) -> web.Response:
    """One page for every reason, so that it tells nothing of what exists."""
    locale, words = speak(asked_for(request))
    return message_page(locale, words.unknown_title, words.unknown, HTTPStatus.NOT_FOUND)


def elsewhere_page(request: web.Request) -> web.Response:
    """Return the page for what another site's page has sent."""
    locale, _ = speak(asked_for(request))
    words = appointment_words(locale.language)
    return message_page(locale, words.elsewhere_title, words.elsewhere, HTTPStatus.FORBIDDEN)


def paced_page(language: str) -> web.Response:
    """Return the page for who has pressed too often."""
    locale, _ = speak(language)
    words = appointment_words(locale.language)
    response = message_page(locale, words.paced_title, words.paced, HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = "3600"
    return response


def asked_for(request: web.Request) -> str:
    """Return the language that a browser asks for, of those that the pages speak."""
    return best_language(request.headers.get("Accept-Language", ""))


@functools.cache
def templates() -> jinja2.Environment:
    return templates_in("services.scheduler.pages")
