"""What the join page says, in English and Spanish; it never says what the hour is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel import Locale, UnknownLocaleError, negotiate_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language; `{time}` is a time of day and `{moment}` a day and a time.

    `{come}` and `{expected}` are how many of a group.
    """

    title: str
    join: str
    starts: str
    starts_in: str
    begun: str
    opens: str
    is_open: str
    early: str
    there: str
    over: str
    cancelled: str
    no_room: str
    not_ready: str
    try_again: str
    busy_title: str
    busy: str
    nobody_waits: str
    one_waits: str
    some_wait: str
    host_is_there: str
    unknown_title: str
    unknown: str


ENGLISH: Final = Words(
    title="Your appointment",
    join="Join",
    starts="Starts",
    starts_in="Starts in",
    begun="It has begun.",
    opens="You can join from {time} on.",
    is_open="You can join now.",
    early="It is too early to join. Please come back on {moment}.",
    there="There:",
    over="This appointment is over.",
    cancelled="This appointment was cancelled.",
    no_room="The video room is not ready. Please call the practice.",
    not_ready="The video room is not ready yet. Please try again in a moment.",
    try_again="Try again",
    busy_title="One moment, please",
    busy="This could not be done just now. Please try again in a moment.",
    nobody_waits="Nobody is waiting yet.",
    one_waits="Someone is waiting.",
    some_wait="{come} of {expected} are waiting.",
    host_is_there="You are expected: the other side is there.",
    unknown_title="This link does not work",
    unknown="Please use the link in your newest message, or call the practice.",
)

SPANISH: Final = Words(
    title="Su cita",
    join="Entrar",
    starts="Empieza",
    starts_in="Empieza en",
    begun="Ya ha empezado.",
    opens="Puede entrar a partir de las {time}.",
    is_open="Ya puede entrar.",
    early="Es demasiado pronto para entrar. Vuelva el {moment}.",
    there="Allí:",
    over="Esta cita ya ha terminado.",
    cancelled="Esta cita se ha cancelado.",
    no_room="La sala de vídeo no está lista. Llame a la consulta, por favor.",
    not_ready="La sala de vídeo todavía no está lista. Inténtelo de nuevo en un momento.",
    try_again="Intentar de nuevo",
    busy_title="Un momento, por favor",
    busy="Ahora mismo no se ha podido hacer. Inténtelo de nuevo en un momento.",
    nobody_waits="Todavía no espera nadie.",
    one_waits="Alguien está esperando.",
    some_wait="Esperan {come} de {expected}.",
    host_is_there="Le esperan: la otra parte ya está ahí.",
    unknown_title="Este enlace no funciona",
    unknown="Use el enlace de su mensaje más reciente o llame a la consulta, por favor.",
)

_WORDS: Final = {"en": ENGLISH, "es": SPANISH}


def speak(tag: str) -> tuple[Locale, Words]:
    """Return the locale and words of a language tag; what is not spoken here is English.

    A language without a country is spoken as in the United States, as in the mail.
    """
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en", "US")
    if locale.language not in _WORDS:
        locale = Locale("en", "US")
    if locale.territory is None:
        locale = Locale(locale.language, "US")
    return locale, _WORDS[locale.language]


def best_language(accepted: str) -> str:
    """Return the language that an `Accept-Language` header asks for first, of ours."""
    asked = [part.partition(";")[0].strip() for part in accepted.split(",")]
    return negotiate_locale(asked, list(_WORDS), sep="-") or "en"
