"""The reference as one page that needs no script and no other host."""

from __future__ import annotations


def rendered(document: dict[str, object]) -> str:
    return ""
