"""What the page of an offer says, in English and Spanish; it never says what the hour is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWords:
    """One language; `{moment}` is a day and a time, `{day}` a date, `{weekday}` a weekday."""

    title: str
    intro: str
    every: str
    from_day: str
    until: str
    accept: str
    decline: str
    asks: str
    taken: str
    declined: str
    over: str


ENGLISH: Final = OfferWords(
    title="A time for you",
    intro="This time has come free, and it is kept for you.",
    every="Every {weekday}",
    from_day="From {day} on",
    until="Until {moment} it is yours to take.",
    accept="Take this time",
    decline="No, thank you",
    asks="If you do not take it, it goes to the next person. You keep your place on the list.",
    taken="This time is yours. A message with the dates is on its way.",
    declined="Thank you for telling us. You keep your place on the list.",
    over="This time is not kept for you any more. You keep your place on the list.",
)

SPANISH: Final = OfferWords(
    title="Una hora para usted",
    intro="Esta hora ha quedado libre y está reservada para usted.",
    every="Cada {weekday}",
    from_day="A partir del {day}",
    until="Hasta el {moment} puede aceptarla.",
    accept="Aceptar esta hora",
    decline="No, gracias",
    asks="Si no la acepta, pasa a la siguiente persona. Usted conserva su lugar en la lista.",
    taken="Esta hora es suya. Le enviamos un mensaje con las fechas.",
    declined="Gracias por avisarnos. Usted conserva su lugar en la lista.",
    over="Esta hora ya no está reservada para usted. Usted conserva su lugar en la lista.",
)

_WORDS: Final = {"en": ENGLISH, "es": SPANISH}


def offer_words(language: str) -> OfferWords:
    """Return the words of a language that the pages speak."""
    return _WORDS[language]
