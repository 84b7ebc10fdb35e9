"""What the appointment's page says, in English and Spanish; never what the hour is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentWords:
    """One language; `{time}` is a time of day, `{moment}` a day and a time, `{hours}` hours."""

    title: str
    there: str
    subscribe: str
    calendar_title: str
    calendar_hint: str
    calendar_apple: str
    calendar_google: str
    calendar_outlook: str
    calendar_other: str
    calendar_camera: str
    calendar_secret: str
    copy: str
    copied: str
    confirm: str
    confirmed: str
    cancel: str
    cancel_anyway: str
    keep: str
    pick: str
    pick_title: str
    pick_hint: str
    none_free: str
    earlier: str
    later: str
    ask: str
    ask_title: str
    ask_label: str
    ask_hint: str
    send: str
    back: str
    new_time: str
    old_time: str
    held: str
    move: str
    other: str
    late: str
    late_soon: str
    late_title: str
    late_question: str
    absent: str
    did_absent: str
    undo: str
    undo_until: str
    undo_over: str
    undone: str
    did_confirm: str
    did_cancel: str
    did_cancel_late: str
    did_move: str
    did_ask: str
    cancelled: str
    begun: str
    over: str
    stale: str
    taken: str
    run_out: str
    ended: str
    lost: str
    too_long: str
    paced_title: str
    paced: str
    elsewhere_title: str
    elsewhere: str


ENGLISH: Final = AppointmentWords(
    title="Your appointment",
    subscribe="Show all your appointments in your calendar",
    calendar_title="All your appointments in your calendar",
    calendar_hint="Add them once: later changes appear by themselves, in some calendars after "
    "a day. For anything soon, trust our messages.",
    calendar_apple="iPhone, iPad or Mac",
    calendar_google="Google Calendar, Android",
    calendar_outlook="Outlook",
    calendar_other="Any other calendar: subscribe to this address",
    calendar_camera="On another iPhone or iPad: scan this with its camera",
    calendar_secret="Whoever has this address can see when your appointments are. "
    "Please keep it to yourself.",
    copy="Copy the address",
    copied="Copied",
    there="There:",
    confirm="I will be there",
    confirmed="You have confirmed this appointment.",
    cancel="Cancel this appointment",
    cancel_anyway="Cancel late",
    keep="Keep my appointment",
    pick="Pick another time",
    pick_title="Pick another time",
    pick_hint="These times are free. The one you choose is kept for you for 10 minutes.",
    none_free="No time is free in this week.",
    earlier="Earlier",
    later="Later",
    ask="Ask for another time",
    ask_title="Ask for another time",
    ask_label="When would suit you?",
    ask_hint="The practice reads this and gets in touch with you. Please write about times only.",
    send="Send",
    back="Back",
    new_time="New time",
    old_time="Instead of",
    held="This time is kept for you until {time}.",
    move="Take this time",
    other="Look at other times",
    late="It starts in less than {hours}. A cancellation now is a late cancellation.",
    late_soon="A cancellation less than {hours} before the start is a late cancellation.",
    late_title="Cancel late?",
    late_question="Do you want to cancel all the same?",
    absent="I cannot come",
    did_absent="You have said that you cannot come.",
    undo="Undo",
    undo_until="You can undo this until {time}.",
    undo_over="This can no longer be undone here.",
    undone="Undone. Everything is as it was before.",
    did_confirm="Thank you. You have confirmed.",
    did_cancel="Your appointment is cancelled.",
    did_cancel_late="Your appointment is cancelled. This was a late cancellation.",
    did_move="Your appointment has a new time.",
    did_ask="Your message has been passed on. "
    "Your appointment stays as it is until you hear from the practice.",
    cancelled="This appointment was cancelled.",
    begun="This appointment has begun. It can no longer be changed here.",
    over="This appointment is over.",
    stale="Something has changed since you opened this page, so nothing was done. "
    "This is how it stands now.",
    taken="That time has just been taken. These are the times that are free now.",
    run_out="The time is no longer kept for you. Please choose again.",
    ended="This can no longer be undone. This is how it stands now.",
    lost="This cannot be undone: the old time has been given away. Please call the practice.",
    too_long="That is too long. Please use at most {count} characters.",
    paced_title="Too many tries",
    paced="Please try again in an hour, or call the practice.",
    elsewhere_title="This did not come from our page",
    elsewhere="Please open your link again and use the buttons there.",
)

SPANISH: Final = AppointmentWords(
    title="Su cita",
    subscribe="Ver todas sus citas en su calendario",
    calendar_title="Todas sus citas en su calendario",
    calendar_hint="Añádalas una sola vez: los cambios aparecen solos, en algunos calendarios al "
    "cabo de un día. Si falta poco, fíese de nuestros mensajes.",
    calendar_apple="iPhone, iPad o Mac",
    calendar_google="Google Calendar, Android",
    calendar_outlook="Outlook",
    calendar_other="Cualquier otro calendario: suscríbase a esta dirección",
    calendar_camera="En otro iPhone o iPad: escanee esto con la cámara",
    calendar_secret="Quien tenga esta dirección puede ver cuándo son sus citas. "
    "Guárdela solo para usted, por favor.",
    copy="Copiar la dirección",
    copied="Copiada",
    there="Allí:",
    confirm="Asistiré",
    confirmed="Ha confirmado esta cita.",
    cancel="Cancelar esta cita",
    cancel_anyway="Cancelar de todos modos",
    keep="Mantener mi cita",
    pick="Elegir otra hora",
    pick_title="Elegir otra hora",
    pick_hint="Estas horas están libres. La que elija se le reserva durante 10 minutos.",
    none_free="No hay ninguna hora libre en esta semana.",
    earlier="Antes",
    later="Después",
    ask="Pedir otra hora",
    ask_title="Pedir otra hora",
    ask_label="¿Cuándo le vendría bien?",
    ask_hint="La consulta lo leerá y se pondrá en contacto con usted. "
    "Escriba solo sobre horarios, por favor.",
    send="Enviar",
    back="Volver",
    new_time="Nueva hora",
    old_time="En lugar de:",
    held="Esta hora se le reserva hasta: {time}",
    move="Quedarme con esta hora",
    other="Ver otras horas",
    late="Faltan menos de {hours}. Si cancela ahora, será una cancelación tardía.",
    late_soon="Cancelar menos de {hours} antes del comienzo es una cancelación tardía.",
    late_title="¿Cancelar fuera de plazo?",
    late_question="¿Quiere cancelar de todos modos?",
    absent="No puedo asistir",
    did_absent="Ha dicho que no puede asistir.",
    undo="Deshacer",
    undo_until="Puede deshacerlo hasta: {time}",
    undo_over="Esto ya no se puede deshacer aquí.",
    undone="Deshecho. Todo está como antes.",
    did_confirm="Gracias. Ha confirmado su cita.",
    did_cancel="Su cita está cancelada.",
    did_cancel_late="Su cita está cancelada. Ha sido una cancelación tardía.",
    did_move="Su cita tiene una nueva hora.",
    did_ask="Hemos pasado su mensaje. Su cita sigue como está hasta que la consulta le responda.",
    cancelled="Esta cita se ha cancelado.",
    begun="Esta cita ya ha empezado. Ya no se puede cambiar aquí.",
    over="Esta cita ya ha terminado.",
    stale="Algo ha cambiado desde que abrió esta página, así que no se ha hecho nada. "
    "Así está ahora.",
    taken="Esa hora se acaba de ocupar. Estas son las horas libres ahora.",
    run_out="La hora ya no está reservada para usted. Elija otra vez, por favor.",
    ended="Esto ya no se puede deshacer. Así está ahora.",
    lost="No se puede deshacer: la hora anterior ya está ocupada. Llame a la consulta, por favor.",
    too_long="Es demasiado largo. Use como máximo {count} caracteres, por favor.",
    paced_title="Demasiados intentos",
    paced="Inténtelo de nuevo dentro de una hora o llame a la consulta, por favor.",
    elsewhere_title="Esto no viene de nuestra página",
    elsewhere="Abra su enlace otra vez y use los botones que hay allí, por favor.",
)

_WORDS: Final = {"en": ENGLISH, "es": SPANISH}


def appointment_words(language: str) -> AppointmentWords:
    """Return the words of a language that is spoken here, else English."""
    return _WORDS.get(language, ENGLISH)
