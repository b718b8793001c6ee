"""Mails that no human wrote: answering machines, absences, lists and notices; they get no answer."""

import re
from typing import TYPE_CHECKING

from segue.perception.mail.tree import header, headers

OUT_OF_OFFICE = "out_of_office"
REPLY = "reply"
NOTICE = "notice"
LIST = "list"

_ABSENT = re.compile(
    r"(?:re|aw|sv|antw?)?:?\s*(?:out of (?:the )?office|ooo\b|automatic reply|auto(?:matic)?[- ]?reply|"
    r"automatische antwort|abwesen(?:d|heit)|abwesenheitsnotiz|nicht im (?:büro|haus)|réponse automatique|"
    r"absence\b|absent\b|respuesta automática|fuera de (?:la )?oficina|risposta automatica|fuori sede|"
    r"automatisch antwoord|afwezig|odpowiedź automatyczna|autosvar|resposta automática|"
    r"on (?:holiday|vacation)\b)",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"(?:\[?auto(?:matic)?[- ]?(?:response|reply)\]?|auto:)", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SIGNS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply", "x-loop")
_NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?|notifications?)(?:[+-].*)?@",
    re.IGNORECASE,
)

if TYPE_CHECKING:
    from email.message import Message


def automatic_kind(message: "Message[str, str]", subject: str, sender: str) -> str:
    """What kind of machine wrote a mail, or empty for a human's.

    Looks at Auto-Submitted (RFC 3834), the signs of common answering machines, Precedence, lists, an empty
    return path, and what absences begin their subject with.

    >>> from segue.perception.mail.tree import parse
    >>> automatic_kind(parse(b"Auto-Submitted: auto-replied"), "Out of office: Hello", "ann@x.io")
    'out_of_office'
    """
    if _ABSENT.match(subject):
        return OUT_OF_OFFICE
    submitted = header(message, "auto-submitted").partition(";")[0].strip().lower()
    precedence = header(message, "precedence").lower()
    if submitted == "auto-replied" or precedence in {"auto_reply", "auto-reply"} or _REPLIES.match(subject):
        return REPLY
    if any(headers(message, name) for name in _SIGNS):
        return REPLY
    if headers(message, "list-id") or precedence == "list":
        return LIST
    empty_path = [path.strip() for path in headers(message, "return-path")] == ["<>"]
    if submitted not in {"", "no"} or precedence in _BULK or empty_path or _NOBODY.match(sender):
        return NOTICE
    return NOTICE if headers(message, "x-auto-response-suppress") else ""


def is_mail_system(sender: str) -> bool:
    """Whether an address is a mail server's own.

    >>> is_mail_system("MAILER-DAEMON@mx.x.io")
    True
    """
    return sender.partition("@")[0].lower() in {"mailer-daemon", "postmaster", "mail-daemon", ""}
