"""Mail through a real Postfix and Dovecot: what is answered in its thread, and what is no question."""

import time

from tests.e2e.serving import Served
from tests.peers.mail_company import (
    ANN,
    BOB,
    CAROL,
    DORA,
    GONE,
    HELLO,
    LOOP_LIMIT,
    box,
    known_of,
    tell,
    timeline_of,
    until,
    want_an_offer,
    words_of,
    write,
)
from tests.peers.mail_house import MailHouse

QUESTION = "How much does an extra seat cost per month?"
ANSWER = "billed per seat"
WITHIN_S = 2.0


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
    want_an_offer(segue, CAROL)
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
