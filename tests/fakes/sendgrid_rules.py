"""What SendGrid's v3 mail/send refuses with 400, in its own words and field names.

The messages are those of its API reference, "Mail Send: Errors". Rules that our mails
cannot meet (attachments, templates, unsubscribe groups, batches) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_HELP: Final = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."
_ADDRESS: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_MOST: Final = 1000
_CUSTOM_ARGS_BYTES: Final = 10_000
_JSON_NAMES: Final[dict[type, str]] = {
    str: "string",
    bool: "boolean",
    dict: "object",
    list: "array",
    int: "integer",
    float: "number",
    type(None): "null",
}
_KNOWN: Final = frozenset(
    (
        "personalizations",
        "from",
        "reply_to",
        "reply_to_list",
        "subject",
        "content",
        "attachments",
        "template_id",
        "headers",
        "categories",
        "custom_args",
        "send_at",
        "batch_id",
        "asm",
        "ip_pool_name",
        "mail_settings",
        "tracking_settings",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One entry of `errors`."""

    message: str
    field: str | None
    help: str | None = None


def complaints(payload: object) -> list[Complaint]:
    """Return everything that is wrong with a parsed payload; an empty list is a good one."""
    if not isinstance(payload, dict):
        return [_wrong_type(payload, dict, None)]
    return [
        *(Complaint(message=f"Additional property {name} is not allowed", field=name)
          for name in payload if name not in _KNOWN),
        *_personalizations(payload.get("personalizations")),
        *_address(payload.get("from"), "from"),
        *_subject(payload),
        *_content(payload.get("content")),
        *_strings(payload.get("custom_args", {}), "custom_args"),
        *_strings(payload.get("headers", {}), "headers"),
        *_tracking(payload.get("tracking_settings", {})),
        *_mail_settings(payload.get("mail_settings", {})),
    ]  # fmt: skip


def _personalizations(found: object) -> Iterator[Complaint]:
    field = "personalizations"
    if found is None or found == []:
        yield _complaint(
            "The personalizations field is required and must have at least one personalization.",
            field,
        )
    elif not isinstance(found, list):
        yield _wrong_type(found, list, field)
    elif len(found) > _MOST:
        yield _complaint(
            "The personalization block is limited to 1000 personalizations per API request. You"
            f" have provided {len(found)} personalizations. Please consider splitting this into"
            " multiple requests and resending your request.",
            field,
        )
    else:
        for index, each in enumerate(found):
            yield from _personalization(each, f"{field}.{index}")


def _personalization(found: object, field: str) -> Iterator[Complaint]:
    if not isinstance(found, dict):
        yield _wrong_type(found, dict, field)
        return
    if not found.get("to"):
        yield _complaint(
            "The to array is required for all personalization objects, and must have at least"
            " one email object with a valid email address.",
            f"{field}.to",
        )
    lists = {part: found[part] for part in ("to", "cc", "bcc") if found.get(part)}
    for part, each in lists.items():
        if not isinstance(each, list):
            yield _wrong_type(each, list, f"{field}.{part}")
    people = [
        (f"{field}.{part}.{index}", each)
        for part, listed in lists.items()
        if isinstance(listed, list)
        for index, each in enumerate(listed)
    ]
    for place, each in people:
        yield from _address(each, place)
    yield from _twice(people, field)
    yield from _strings(found.get("custom_args", {}), f"{field}.custom_args")
    yield from _strings(found.get("headers", {}), f"{field}.headers")


def _twice(people: list[tuple[str, Any]], field: str) -> Iterator[Complaint]:
    seen: set[str] = set()
    for place, each in people:
        email = str(each.get("email")).lower() if isinstance(each, dict) else ""
        if email and email in seen:
            yield _complaint(
                "Each email address in the personalization block should be unique between to,"
                f" cc, and bcc. We found the first duplicate instance of [{email}] in the"
                f" {place.rpartition('.')[0]} field.",
                field,
            )
        seen.add(email)


def _address(found: object, field: str) -> Iterator[Complaint]:
    if field == "from" and found is None:
        yield _complaint(
            "The from object must be provided for every email send. It is an object that"
            " requires the email parameter, but may also contain a name parameter.",
            field,
        )
    elif not isinstance(found, dict):
        yield _wrong_type(found, dict, field)
    elif not isinstance(found.get("name", ""), str):
        yield _wrong_type(found["name"], str, f"{field}.name")
    elif not isinstance(email := found.get("email", ""), str):
        yield _wrong_type(email, str, f"{field}.email")
    elif not email:
        yield _complaint(f"The {_part(field)} email parameter is required.", f"{field}.email")
    elif not _ADDRESS.fullmatch(email):
        yield _complaint("Does not contain a valid address.", f"{field}.email")


def _subject(payload: dict[str, Any]) -> Iterator[Complaint]:
    blocks = payload.get("personalizations")
    each_has_one = isinstance(blocks, list) and all(
        isinstance(block, dict) and block.get("subject") for block in blocks
    )
    subject = payload.get("subject")
    if subject is not None and not isinstance(subject, str):
        yield _wrong_type(subject, str, "subject")
    elif not subject and not (blocks and each_has_one):
        yield _complaint(
            "The subject is required. You can get around this requirement if you use a template"
            " with a subject defined or if every personalization has a subject defined.",
            "subject",
        )
    elif subject and ("\n" in subject or "\r" in subject):
        yield _complaint("The subject cannot contain CR or LF characters.", "subject")


def _content(found: object) -> Iterator[Complaint]:
    if found is None or found == []:
        yield _complaint(
            "Unless a valid template_id is provided, the content parameter is required. There"
            " must be at least one defined content block.",
            "content",
        )
    elif not isinstance(found, list):
        yield _wrong_type(found, list, "content")
    else:
        for index, each in enumerate(found):
            yield from _content_block(each, f"content.{index}")
        yield from _content_order([each.get("type") for each in found if isinstance(each, dict)])


def _content_block(found: object, field: str) -> Iterator[Complaint]:
    if not isinstance(found, dict):
        yield _wrong_type(found, dict, field)
        return
    for part in ("type", "value"):
        text = found.get(part)
        if not isinstance(text, str) or not text:
            yield _complaint(
                f"The content {part} must be a string at least one character in length.",
                f"{field}.{part}",
            )
        elif part == "type" and (";" in text or "\n" in text or "\r" in text):
            yield _complaint(
                "The content type cannot contain ';', or CRLF characters.", f"{field}.type"
            )


def _content_order(types: list[object]) -> Iterator[Complaint]:
    known = [each for each in types if each in ("text/plain", "text/html")]
    wanted = sorted(known, key=("text/plain", "text/html").index)
    if known != wanted or types[: len(known)] != known:
        yield _complaint(
            "If present, text/plain must be first, followed by text/html, followed by any other"
            " content.",
            "content",
        )


def _strings(found: object, field: str) -> Iterator[Complaint]:
    if not isinstance(found, dict):
        yield _wrong_type(found, dict, field)
        return
    for name, value in found.items():
        if not isinstance(value, str):
            yield _wrong_type(value, str, f"{field}.{name}")
    if field.endswith("custom_args") and len(str(found).encode()) > _CUSTOM_ARGS_BYTES:
        yield _complaint("The custom_args may not exceed 10000 bytes.", field)


def _tracking(found: object) -> Iterator[Complaint]:
    if not isinstance(found, dict):
        yield _wrong_type(found, dict, "tracking_settings")
        return
    for name, setting in found.items():
        field = f"tracking_settings.{name}"
        if name not in ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics"):
            yield _complaint(f"Additional property {name} is not allowed", "tracking_settings")
        elif not isinstance(setting, dict):
            yield _wrong_type(setting, dict, field)
        else:
            for flag in ("enable", "enable_text"):
                if not isinstance(setting.get(flag, False), bool):
                    yield _wrong_type(setting[flag], bool, f"{field}.{flag}")


def _mail_settings(found: object) -> Iterator[Complaint]:
    if not isinstance(found, dict):
        yield _wrong_type(found, dict, "mail_settings")
        return
    sandbox = found.get("sandbox_mode", {})
    enabled = sandbox.get("enable", False) if isinstance(sandbox, dict) else sandbox
    if not isinstance(enabled, bool):
        yield _wrong_type(enabled, bool, "mail_settings.sandbox_mode.enable")


def _complaint(message: str, field: str) -> Complaint:
    anchor = re.sub(r"\.\d+", "", field)
    return Complaint(message=message, field=field, help=_HELP + anchor)


def _wrong_type(found: object, wanted: type, field: str | None) -> Complaint:
    given = _JSON_NAMES[type(found)]
    message = f"Invalid type. Expected: {_JSON_NAMES[wanted]}, given: {given}."
    return _complaint(message, field) if field else Complaint(message=message, field=None)


def _part(field: str) -> str:
    return next(part for part in reversed(field.split(".")) if not part.isdigit())
