"""Whom a clinician suits, as far as it is recorded: what nobody recorded rules nobody out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.scheduler.domain.people import Clinician, License


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked of a clinician; None asks nothing."""

    age_group: str | None = None
    concern: str | None = None
    language: str | None = None
    state: str | None = None


def suits(clinician: Clinician, wishes: Wishes) -> bool:
    """Whether nothing that is recorded speaks against it; a license is asked of each date."""
    return (
        _recorded(wishes.age_group, clinician.age_groups)
        and _recorded(wishes.concern, clinician.concerns)
        and _speaks(wishes.language, clinician.languages)
    )


def licensed(clinician: Clinician, state: str | None, dates: Iterable[date]) -> bool:
    """Whether there is a license in `state` on each of `dates`."""
    if state is None or not clinician.licenses:
        return True
    there = [each for each in clinician.licenses if each.state == state]
    return all(any(_holds(each, day) for each in there) for day in dates)


def _recorded(wish: str | None, recorded: Sequence[str]) -> bool:
    return wish is None or not recorded or _plain(wish) in map(_plain, recorded)


def _plain(word: str) -> str:
    """Teen, teens and Teens are one."""
    return word.strip().casefold().removesuffix("s")


def _speaks(language: str | None, languages: Sequence[str]) -> bool:
    """Who speaks es-US speaks es, and the other way around."""
    return (
        language is None
        or not languages
        or _tongue(language) in (_tongue(each) for each in languages)
    )


def _tongue(tag: str) -> str:
    return tag.partition("-")[0].casefold()


def _holds(license: License, day: date) -> bool:
    return (license.since or date.min) <= day <= (license.until or date.max)
