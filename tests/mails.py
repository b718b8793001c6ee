"""Mails as they come from the programs people use; every builder takes what the test speaks of by name."""

from segue.core.ids import IdKey
from segue.perception.mail import message_id

IDS = IdKey(b"0123456789abcdef")
KEY = "0123456789abcdefghijklmnop"
OURS = message_id(IDS, KEY, "acme.example")


def a_mail(text: str = "Thursday suits me.", **headers: str) -> bytes:
    """A plain mail of Ann's; a header is named with `_` for `-`, and left out where it is empty."""
    given = {
        "From": "Ann Smith <ann@alder.test>",
        "To": "hello@acme.example",
        "Subject": "Re: Training",
        "Message-ID": "<reply-1@alder.test>",
        "Date": "Mon, 5 Oct 2026 10:00:00 +0200",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"{head}\r\n{text}\r\n".encode()


def a_report(
    kind: str, fields: str, original: str = f"Message-ID: {OURS}\nSubject: Training", **headers: str
) -> bytes:
    """A multipart/report as mail servers write it."""
    body = (
        f"--b\n\nThis is the mail system.\n\n--b\nContent-Type: message/{kind}\n\n{fields}\n"
        f"--b\nContent-Type: message/rfc822\n\n{original}\n\nHello\n--b--\n"
    )
    given = {
        "From": "MAILER-DAEMON@mx.alder.test",
        "To": "hello@acme.example",
        "Subject": "Undelivered Mail Returned to Sender",
        "Message-ID": "<bounce-1@mx.alder.test>",
        "Content_Type": f'multipart/report; report-type={kind}; boundary="b"',
        "Auto_Submitted": "auto-replied",
    }
    return a_mail(body, **{**given, **headers})


def a_bounce(action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 user unknown") -> bytes:
    """A delivery status notification about our mail."""
    fields = (
        "Reporting-MTA: dns; mx.alder.test\n\n"
        f"Final-Recipient: rfc822; ann@alder.test\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n"
    )
    return a_report("delivery-status", fields)


def a_complaint(kind: str = "abuse") -> bytes:
    """An abuse report about our mail."""
    fields = f"Feedback-Type: {kind}\nUser-Agent: SomeProvider/1.0\nVersion: 1\n"
    return a_report("feedback-report", fields, From="fbl@provider.example")
