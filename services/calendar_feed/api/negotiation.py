"""Which variant a reader takes, and whether it has it already: RFC 9110, read strictly."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

_QUALITY: Final = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_ETAG: Final = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')


@functools.lru_cache(maxsize=256)  # programs are few, and each says the same at every poll
def accepts_gzip(accept_encoding: tuple[str, ...]) -> bool:
    """Whether gzip is welcome (12.5.3): named or starred, and not with a quality of zero."""
    qualities = dict(_coding(part) for line in accept_encoding for part in line.split(","))
    for name in ("gzip", "x-gzip", "*"):
        if name in qualities:
            return qualities[name] > 0
    return False


def matches(if_none_match: Iterable[str], etag: str) -> bool:
    """Whether `etag` is among the validators given, or any will do (13.1.2, weak comparison)."""
    lines = tuple(if_none_match)
    if etag in lines:
        return True
    return any(line.strip() == "*" or etag in _ETAG.findall(line) for line in lines)


def _coding(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    quality = _QUALITY.fullmatch(parameters.strip())
    wrong = bool(parameters.strip()) and quality is None
    return name.strip().lower(), 0.0 if wrong else float(quality[1]) if quality else 1.0
