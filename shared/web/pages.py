"""Pages for people: rendered here, allowed nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import jinja2
from aiohttp import web


def policy(*, form_hosts: Sequence[str] = (), frames: bool = False, fetches: bool = False) -> str:
    """Return a Content-Security-Policy: our own style and script, forms to us and `form_hosts`.

    Chromium holds `form-action` against the redirect that follows a POST, so the hosts that
    a form may lead to are named.
    """
    directives = [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        " ".join(["form-action", "'self'", *form_hosts]),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    frame = ["frame-src 'self'"] if frames else []
    fetch = ["connect-src 'self'"] if fetches else []
    return "; ".join([*directives, *frame, *fetch])


def page(
    templates: jinja2.Environment,
    name: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    csp: str | None = None,
    **values: object,
) -> web.Response:
    """Return the template `name` as an HTML page that no cache keeps."""
    return web.Response(
        text=templates.get_template(name).render(**values),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": csp or policy()},
    )


def templates_in(package: str, folder: str = "templates") -> jinja2.Environment:
    """Return the templates that lie beside a package: escaped, and strict about names."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package, folder),
        autoescape=jinja2.select_autoescape(default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
