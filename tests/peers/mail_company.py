"""A company whose mails are real: its server between mail house and mailbox, and what its customers do."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import yaml

from segue.bootstrap import create_home
from tests.e2e.serving import Served, a_key, served
from tests.peers.mail_house import PASSWORD, MailHouse

HELLO = "hello@acme.example"
ANN, BOB, CAROL, DORA, EVE, FAY, GUS, HAL = CUSTOMERS = tuple(
    f"{name}@customer.example" for name in ("ann", "bob", "carol", "dora", "eve", "fay", "gus", "hal")
)
GONE = "gone@customer.example"
BOXES = (HELLO, *CUSTOMERS)
LOOP_LIMIT = 3
PATIENCE_S = 40.0
BASE = "https://segue.acme.example"


@contextmanager
def mail_company(house: MailHouse, place: Path) -> Iterator[Served]:
    """Run a company whose mails are real and whose contact hours never end, with its customers on record."""
    os.environ["PEERS_MAIL_PASSWORD"] = PASSWORD
    home = create_home(place)
    login = {"host": "127.0.0.1", "security": "plain"}
    inbox = {**login, "port": house.imap, "user": HELLO, "password": "env:PEERS_MAIL_PASSWORD"}
    mail = {"smtp": {**login, "port": house.smtp}, "imap": inbox, "loop_limit": LOOP_LIMIT, "sender": HELLO}
    addresses = {"bounces": "bounces@acme.example", "unsubscribe": "unsubscribe@acme.example"}
    home.connectors.write_text(yaml.safe_dump({"sandbox": True, "email": {**mail, **addresses}}))
    _edit(home.playbook / "settings.yaml", lambda settings: {**settings, "public_base_url": BASE})
    _edit(home.playbook / "windows.yaml", lambda _: [_always()])
    with served(home.path) as running:
        running.key = a_key(home.path)
        for address in (*CUSTOMERS, GONE):
            name = address.partition("@")[0]
            tell(running, "profile.updated", address, facts={"name": name, "email": address})
        yield running


def _always() -> dict[str, Any]:
    channels, purposes = ["email", "sms", "whatsapp", "phone", "chat"], ["commercial", "service"]
    hours = {"weekdays": "00:00-24:00", "saturday": "00:00-24:00", "sunday": "00:00-24:00"}
    return {
        "country": "*", "channels": channels, "purposes": purposes, "hours": hours, "holidays": "open",
        "source": "peers", "reviewed_on": "2026-11-01",
    }  # fmt: skip


def _edit(path: Path, change: Callable[[Any], Any]) -> None:
    path.write_text(yaml.safe_dump(change(yaml.safe_load(path.read_text())), sort_keys=False))


def tell(running: Served, kind: str, address: str, **body: Any) -> None:
    """Hand a signal in as the CRM, in which every customer is at an account of their own."""
    who = [f"email:{address}", f"account:{address.partition('@')[0]}"]
    signal = {
        "source": "crm", "kind": kind, "identifiers": who,
        "occurred_at": datetime.now(UTC).isoformat(), "body": body,
    }  # fmt: skip
    assert running.ask("POST", "/v1/signals", signal).status in range(200, 300)


def write(house: MailHouse, sender: str, text: str, **headers: str) -> str:
    """Send a mail to the company; gives its Message-ID."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, HELLO, "A question"
    mail["Message-ID"] = make_msgid(domain="customer.example")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with house.door() as door:
        door.send_message(mail)
    return str(mail["Message-ID"])


def box(house: MailHouse, address: str) -> list[EmailMessage]:
    """Everything in a mailbox."""
    with IMAP4("127.0.0.1", house.imap) as door:
        door.login(address, PASSWORD)
        door.select("INBOX", readonly=True)
        numbers = door.search(None, "ALL")[1][0].split()
        raw = [door.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index]
    return [message_from_bytes(item, policy=policy.default) for item in raw]  # type: ignore[arg-type]


def until(holds: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to be")


def known_of(running: Served, address: str) -> dict[str, Any]:
    found: dict[str, Any] = running.ask("GET", f"/v1/people/email:{address}").json
    return found


def timeline_of(running: Served, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.ask("GET", f"/v1/people/email:{address}/timeline").json["items"]
    return found


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def want_an_offer(running: Served, address: str) -> None:
    """Have a customer who may be sold to look at the prices until an offer is decided."""
    facts = {"plan": "starter", "stage": "active", "arr": {"amount": 2_000_000, "currency": "EUR"}}
    tell(running, "account.updated", address, facts=facts)
    tell(running, "consent.changed", address, channel="email", state="granted", basis="contract")
    for _ in range(3):
        tell(running, "page.viewed", address, path="/pricing")
