"""Scene 18 with real mail: an offer waits for the mail server, STOP comes by mail, the server is back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from segue.simulation.telling import OPTED_OUT
from tests.e2e.serving import Served
from tests.peers.mail_company import EVE, FAY, GUS, HAL, box, known_of, until, want_an_offer, write
from tests.peers.mail_house import MailHouse, away, deferring

Outage = Callable[[MailHouse], AbstractContextManager[None]]


def mails_of(running: Served, address: str) -> list[dict[str, Any]]:
    """Mails to a customer that wait on the ledger."""
    effects = running.ask("GET", "/v1/effects?limit=200").json["items"]
    return [item for item in effects if item["connector"] == "email" and item["arguments"]["to"] == address]


def put_off(running: Served, address: str) -> dict[str, Any] | None:
    """The offer that waits for its next attempt, where there is one."""
    waiting = [item for item in mails_of(running, address) if item["purpose"] == "commercial"]
    return next(
        (item for item in waiting if [row["state"] for row in item["attempts"]][-1:] == ["retry"]), None
    )


def effect(running: Served, name: str) -> dict[str, Any]:
    found: dict[str, Any] = running.ask("GET", f"/v1/effects/{name}").json
    return found


def rules_at_the_check(running: Served, address: str) -> set[str]:
    """Rules that spoke where the check before sending refused something."""
    listed = running.ask("GET", f"/v1/decisions?who=email:{address}&limit=50").json["items"]
    refused = [item["id"] for item in listed if item["question"] == "refused"]
    receipts = [running.ask("GET", f"/v1/decisions/{name}").json["decision"] for name in refused]
    considered = [item for receipt in receipts for item in receipt["considered"]]
    return {match["rule"] for item in considered for match in item["verdict"]["matches"]}


@pytest.mark.parametrize(("outage", "customer"), [(away, EVE), (deferring, FAY)], ids=["away", "deferring"])
def test_stop_while_an_offer_waits_gets_one_confirmation_and_no_offer(
    house: MailHouse, segue: Served, outage: Outage, customer: str
) -> None:
    with outage(house):
        want_an_offer(segue, customer)
        offer = until(lambda: put_off(segue, customer))
        write(house, customer, "Unsubscribe me, please. No more e-mails.")
        write(house, customer, "STOP")
        until(lambda: [f for f in known_of(segue, customer)["facts"] if f["value"] == "withdrawn"])
        confirmation = until(
            lambda: [item for item in mails_of(segue, customer) if item["action"] == "confirm_stop"]
        )[0]
        before = box(house, customer)

    until(lambda: mails_of(segue, customer) == [])
    after = box(house, customer)

    assert before == []
    assert effect(segue, offer["id"])["state"] == "cancelled"
    assert OPTED_OUT in rules_at_the_check(segue, customer)
    (sent,) = effect(segue, confirmation["id"])["attempts"][-1:]
    assert [mail["Message-ID"] for mail in after] == [sent["reference"]]


@pytest.mark.parametrize(("outage", "customer"), [(away, GUS), (deferring, HAL)], ids=["away", "deferring"])
def test_without_a_stop_the_offer_goes_out_once_when_the_server_is_there_again(
    house: MailHouse, segue: Served, outage: Outage, customer: str
) -> None:
    with outage(house):
        want_an_offer(segue, customer)
        offer = until(lambda: put_off(segue, customer))
        before = box(house, customer)

    until(lambda: mails_of(segue, customer) == [])
    after = box(house, customer)

    assert before == []
    (sent,) = effect(segue, offer["id"])["attempts"][-1:]
    assert sent["state"] in {"sent", "delivered"}
    assert [mail["Message-ID"] for mail in after] == [sent["reference"]]
