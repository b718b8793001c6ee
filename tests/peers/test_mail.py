"""Mail through a real Postfix and Dovecot: what is answered in its thread, and what is no question."""

import os
import smtplib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import pytest
import yaml

from segue.bootstrap import create_home
from tests.e2e.serving import Served, a_key, served
from tests.peers.mail_house import PASSWORD, MailHouse, mail_house

HELLO = "hello@acme.example"
ANN, BOB, CAROL, DORA = (f"{name}@customer.example" for name in ("ann", "bob", "carol", "dora"))
GONE = "gone@customer.example"
BOXES = (HELLO, ANN, BOB, CAROL, DORA)
QUESTION = "How much does an extra seat cost per month?"
ANSWER = "billed per seat"
LOOP_LIMIT = 3
WITHIN_S = 2.0
PATIENCE_S = 20.0
BASE = "https://segue.acme.example"


@pytest.fixture(scope="module")
def house(started: list[str]) -> Iterator[MailHouse]:
    with tempfile.TemporaryDirectory(prefix="segue-peers-") as place, mail_house(Path(place), BOXES) as made:
        started += ["postfix", "dovecot"]
        yield made


@pytest.fixture(scope="module")
def segue(house: MailHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run a company whose mails are real and whose contact hours never end, with four customers on record."""
    os.environ["PEERS_MAIL_PASSWORD"] = PASSWORD
    home = create_home(tmp_path_factory.mktemp("company") / "home")
    login = {"host": "127.0.0.1", "security": "plain"}
    inbox = {**login, "port": house.imap, "user": HELLO, "password": "env:PEERS_MAIL_PASSWORD"}
    mail = {"smtp": {**login, "port": house.smtp}, "imap": inbox, "loop_limit": LOOP_LIMIT, "sender": HELLO}
    addresses = {"bounces": "bounces@acme.example", "unsubscribe": "unsubscribe@acme.example"}
    home.connectors.write_text(yaml.safe_dump({"sandbox": True, "email": {**mail, **addresses}}))
    _edit(home.playbook / "settings.yaml", lambda settings: {**settings, "public_base_url": BASE})
    _edit(home.playbook / "windows.yaml", lambda _: [_always()])
    with served(home.path) as running:
        running.key = a_key(home.path)
        for address in (ANN, BOB, CAROL, DORA, GONE):
            tell(
                running,
                "profile.updated",
                address,
                facts={"name": address.partition("@")[0], "email": address},
            )
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
    """Hand a signal in as the CRM."""
    signal = {
        "source": "crm", "kind": kind, "identifiers": [f"email:{address}", "account:customer"],
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
    with smtplib.SMTP("127.0.0.1", house.smtp) as door:
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


def test_a_question_is_answered_in_its_thread_within_two_seconds(house: MailHouse, segue: Served) -> None:
    write(house, DORA, QUESTION)
    until(lambda: box(house, DORA))

    began = time.monotonic()
    asked = write(house, ANN, QUESTION)
    (reply,) = until(lambda: box(house, ANN), WITHIN_S)
    took = time.monotonic() - began

    assert took <= WITHIN_S
    assert reply["In-Reply-To"] == asked
    assert asked in reply["References"]
    assert reply["Auto-Submitted"] == "auto-replied"
    assert ANSWER in words_of(reply)
    assert [entry["kind"] for entry in timeline_of(segue, ANN)].count("message") == 2


def test_a_bounce_is_known_and_the_address_not_written_to_again(house: MailHouse, segue: Served) -> None:
    tell(segue, "message.received", GONE, channel="email", text=QUESTION)

    (fact,) = until(lambda: [f for f in known_of(segue, GONE)["facts"] if f["predicate"] == "undeliverable"])

    assert fact["value"] == GONE
    assert [mail for mail in box(house, HELLO) if "delivery-status" in mail.as_string()]


def test_an_answering_machine_gets_no_answer(house: MailHouse, segue: Served) -> None:
    write(house, BOB, QUESTION, Auto_Submitted="auto-replied")

    until(lambda: [entry for entry in timeline_of(segue, BOB) if entry["kind"] == "message"])
    time.sleep(WITHIN_S)

    assert box(house, BOB) == []


def test_a_machine_that_hides_what_it_is_ends_in_silence(house: MailHouse, segue: Served) -> None:
    for _ in range(LOOP_LIMIT + 3):
        got = box(house, DORA)
        write(house, DORA, QUESTION, In_Reply_To=got[-1]["Message-ID"], References=got[-1]["Message-ID"])
        time.sleep(WITHIN_S)

    assert 1 < len(box(house, DORA)) <= LOOP_LIMIT + 1


def test_one_click_unsubscribes_whom_the_mail_went_to(house: MailHouse, segue: Served) -> None:
    tell(segue, "account.updated", CAROL, facts={"plan": "starter", "stage": "active", "arr": _euro(20_000)})
    tell(segue, "consent.changed", CAROL, channel="email", state="granted", basis="contract")
    for _ in range(3):
        tell(segue, "page.viewed", CAROL, path="/pricing")
    (offer,) = until(lambda: box(house, CAROL))
    link = offer["List-Unsubscribe"].partition("<https://")[2].partition(">")[0]

    path = "/" + link.partition("/")[2]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    looked = segue.ask("GET", path, key="")
    before = [f for f in known_of(segue, CAROL)["facts"] if f["value"] == "withdrawn"]
    clicked = segue.ask("POST", path, b"List-Unsubscribe=One-Click", form, key="")
    after = until(lambda: [f for f in known_of(segue, CAROL)["facts"] if f["value"] == "withdrawn"])

    assert offer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (looked.status, before, clicked.status) == (200, [], 200)
    assert after


def _euro(amount: int) -> dict[str, Any]:
    return {"amount": amount * 100, "currency": "EUR"}
