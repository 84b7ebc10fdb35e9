"""What the pages about mail say, in English and Spanish; never what appointments are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.scheduler.domain.mail_wishes import MailKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """One language; `kinds` are what each kind of mail is, as a heading of the page."""

    title: str
    kinds: Mapping[MailKind, str]
    asks: str
    others_come: str
    stop: str
    stopped: str
    resume: str
    resumed: str
    address_title: str
    address_asks: str
    address_hint: str
    confirm: str
    confirmed: str
    address_changed: str


ENGLISH: Final = MailWords(
    title="Messages by email",
    kinds={
        MailKind.CONFIRMATION: "Confirmations of new appointments",
        MailKind.REMINDER: "Reminders of appointments",
        MailKind.MOVED: "News of an appointment that has another time",
        MailKind.CANCELLED: "News of an appointment that was cancelled",
        MailKind.CHANGED: "News of several appointments that have changed",
        MailKind.OFFER: "Times that have come free for you",
        MailKind.ENDED: "News that no more appointments are planned",
        MailKind.FOLLOW_UP: "Suggestions to make another appointment",
        MailKind.DIGEST: "Your day, each morning",
        MailKind.NEWS: "News of who has confirmed or cancelled",
        MailKind.UNSEEN: "Changes that your calendar may show too late",
    },
    asks="Do you want to stop these messages?",
    others_come="Other messages still come. Your appointments stay as they are.",
    stop="Stop these messages",
    stopped="You will not get these messages any more.",
    resume="Get them again",
    resumed="You will get these messages again.",
    address_title="Your email address",
    address_asks="Do you want to get messages about your appointments at this address?",
    address_hint="If you did not ask for this, close this page and nothing more will come.",
    confirm="Yes, this is my address",
    confirmed="Thank you. Messages about your appointments will come to this address.",
    address_changed="This is not the address that we write to any more. There is nothing to do.",
)

SPANISH: Final = MailWords(
    title="Mensajes por correo electrónico",
    kinds={
        MailKind.CONFIRMATION: "Confirmaciones de citas nuevas",
        MailKind.REMINDER: "Recordatorios de citas",
        MailKind.MOVED: "Avisos de una cita que cambia de hora",
        MailKind.CANCELLED: "Avisos de una cita cancelada",
        MailKind.CHANGED: "Avisos de varias citas que han cambiado",
        MailKind.OFFER: "Horas que han quedado libres para usted",
        MailKind.ENDED: "Avisos de que no quedan más citas previstas",
        MailKind.FOLLOW_UP: "Sugerencias para pedir otra cita",
        MailKind.DIGEST: "Su día, cada mañana",
        MailKind.NEWS: "Avisos de quién ha confirmado o cancelado",
        MailKind.UNSEEN: "Cambios que su calendario puede mostrar tarde",
    },
    asks="¿Quiere dejar de recibir estos mensajes?",
    others_come="Los demás mensajes siguen llegando. Sus citas no cambian.",
    stop="Dejar de recibirlos",
    stopped="Ya no recibirá estos mensajes.",
    resume="Volver a recibirlos",
    resumed="Volverá a recibir estos mensajes.",
    address_title="Su dirección de correo",
    address_asks="¿Quiere recibir en esta dirección los mensajes sobre sus citas?",
    address_hint="Si no lo ha pedido, cierre esta página y no le llegará nada más.",
    confirm="Sí, es mi dirección",
    confirmed="Gracias. Los mensajes sobre sus citas llegarán a esta dirección.",
    address_changed="Ya no escribimos a esta dirección. No tiene que hacer nada.",
)

_WORDS: Final = {"en": ENGLISH, "es": SPANISH}


def mail_words(language: str) -> MailWords:
    """Return the words of a language that the pages speak."""
    return _WORDS[language]
