"""Pages tell everything of a decision, in words a reader understands, and never as markup from outside."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec.structs import replace

from segue.console import Look, Pages, PageSettings
from segue.console.desk import Desk
from segue.console.rendering import style
from segue.core.ids import IdKey
from segue.core.ports import PersonView
from segue.core.records.decisions import Considered
from segue.core.records.effects import Approval
from segue.core.records.memory import Fact
from segue.core.records.promised import Promised
from segue.core.units import DAY
from segue.privacy.links import Subscription, sign
from tests.build import (
    NOW,
    a_candidate,
    a_fact,
    a_goal,
    a_ledger_row,
    a_message,
    a_playbook,
    a_signal,
    an_exposure,
)
from tests.unit.console.fake_reader import (
    EUR,
    a_decision,
    a_held_decision,
    a_look,
    a_percept,
    a_reader,
    a_receipt,
    an_approval,
)

LOOK = a_look()
HIDDEN = a_look(revealed=())
SETTINGS = PageSettings("EUR", "acme-group", {"account.arr": "money", "account.renews_at": "instant"})
NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "`<b>bold</b>`",
    "decision <i>0123456789abcdefghijklmnop</i>",
    "\u202eevil\u0000",
)


class Read(HTMLParser):
    """Collects the words, tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "link", "input", "path", "circle", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name == "href"]


def shown(page: Any) -> Read:
    assert page.status == 200
    return Read(page.html)


def a_person(**fields: Any) -> PersonView:
    given: dict[str, Any] = {
        "person_id": "ann",
        "profile_ids": ("ann",),
        "account_id": "acme",
        "facts": (
            a_fact("name", "Ann Lee"),
            a_fact("name", "Acme", "account:acme"),
            a_fact("arr", {"amount": 1_200_000, "currency": "EUR"}, "account:acme"),
        ),
        "messages": (a_message(text="What does it cost?"),),
        "goals": (a_goal(value_micro=500 * EUR),),
        "outcomes": (),
        "exposures": (an_exposure(signal_id="s7", campaign="welcome_series"),),
        "decisions": (a_decision(),),
    }
    return PersonView(**{**given, **fields})


def test_a_receipt_tells_what_to_whom_and_why() -> None:
    read = shown(Pages(SETTINGS).decision(a_reader(a_receipt()).port(), LOOK, "d1"))

    assert "Offer demo by email to Ann Lee of Acme." in read.text
    assert "expected to bring EUR 30.00 more than silence" in read.text


@pytest.mark.parametrize(
    "said",
    [
        "What does it cost?",  # the signal's words
        "pricing question 93%",  # the percept
        "not before 10:00 “not before ten”",
        "account.arr EUR 12,000.00",  # facts by their unit
        "account.renews_at 2 Mar 2026, 09:00 UTC",
        "person.mood unknown",
        "EUR 42.00 −EUR 10.00 −EUR 1.50 −EUR 0.50 EUR 30.00 assumed",  # the score, item by item
        "policy A person with an open ticket is not sold to.",  # the stage a candidate dropped out at
        "no-sales on upgrade offer · unknown: consent.sms",  # the policy that spoke
        "subject A demo?",  # the draft
        "mail.send delivered",  # the tool's answer
        "mail-7",
        "demo booked 2 Mar 2026, 09:00 UTC , worth EUR 500.00",  # the outcome
        "engine engine-hash",  # how to replay it
        "propensities offer demo 100%",
        "draws offer demo 0.250000",
        "kill_switch false 41",
    ],
)
def test_a_receipt_tells_every_part(said: str) -> None:
    read = shown(Pages(SETTINGS).decision(a_reader(a_receipt()).port(), LOOK, "d1"))

    assert said in read.text


def test_an_approval_is_part_of_the_headline() -> None:
    effect = a_ledger_row().effect
    approval = Approval("a1", "d1", "profile:ann", NOW, NOW, (effect,), 30 * EUR, "", "rejected", "rep:anna")
    receipt = a_receipt(a_decision(mode="approve"), approvals=(approval,), ledger=())

    read = shown(Pages(SETTINGS).decision(a_reader(receipt).port(), LOOK, "d1"))

    assert "Offer demo by email to Ann Lee of Acme, rejected by rep:anna." in read.text
    assert "Hi Ann" in read.text


def test_a_held_request_of_another_tool_says_so() -> None:
    wanted = Considered(
        a_candidate("send", campaign="upgrade-autumn", connector="mailer"), "policy", "not sold to"
    )
    nothing = Considered(a_candidate("no_action", id="c2", channel=""))
    decision = a_decision(
        question="gate",
        mode="hold",
        action="no_action",
        considered=(wanted, nothing),
        chosen="c2",
        until=NOW + DAY,
        play="",
    )

    read = shown(Pages(SETTINGS).decision(a_reader(a_receipt(decision)).port(), LOOK, "d1"))

    told = "The mailer tool's “upgrade autumn” to Ann Lee of Acme is held until 3 Mar 2026, 09:00 UTC."
    assert told in read.text


def test_the_list_is_newest_first_and_filters_by_links() -> None:
    receipts = [
        a_receipt(a_decision("d1")),
        a_receipt(a_decision("d2", play="renewal-rescue")),
        a_receipt(a_decision("d3", mode="approve")),
    ]
    reader, pages = a_reader(*receipts).port(), Pages(SETTINGS)

    everything = [link for link in shown(pages.decisions(reader, LOOK, {})).links() if "/decisions/" in link]
    rescue = shown(pages.decisions(reader, LOOK, {"play": "renewal-rescue"}))

    assert everything == ["/decisions/d3", "/decisions/d2", "/decisions/d1"]
    assert [link for link in rescue.links() if "/decisions/" in link] == ["/decisions/d2"]
    assert "/decisions?play=renewal-rescue&mode=approve" in rescue.links()


def test_the_list_reads_on_from_a_place_in_the_log() -> None:
    receipts = [a_receipt(a_decision(f"d{n:03}")) for n in range(120)]
    reader, pages = a_reader(*receipts).port(), Pages(SETTINGS)

    seen: list[str] = []
    query: dict[str, str] = {}
    for _ in range(3):
        links = shown(pages.decisions(reader, LOOK, query)).links()
        seen += [link for link in links if "/decisions/" in link]
        older = next((link for link in links if link.startswith("/decisions?before=")), "=0")
        query = {"before": older.partition("=")[2]}

    assert seen == [f"/decisions/d{n:03}" for n in reversed(range(120))]
    assert query == {"before": "0"}


def test_the_totals_grow_with_the_log_and_count_only_what_is_new() -> None:
    reader, pages = a_reader(a_receipt()), Pages(SETTINGS)
    before = shown(pages.decisions(reader.port(), LOOK, {})).text

    reader.receipts.append(a_receipt(a_decision("d2", mode="approve")))
    reader.receipts.append(a_receipt(a_held_decision("d3")))
    after = shown(pages.decisions(reader.port(), LOOK, {})).text
    pages.decisions(reader.port(), LOOK, {})

    told = "decisions {} done 1 other tools allowed 0 asked a human {} held back {}"
    assert told.format(1, 0, 0) in before
    assert told.format(3, 1, 1) in after
    assert reader.overview_calls == ["day_counts after 0", "day_counts after 1"]


def test_what_was_held_back_is_found_by_its_rule() -> None:
    reader, pages = a_reader(a_receipt(), a_receipt(a_held_decision("d2"))), Pages(SETTINGS)

    links = shown(pages.decisions(reader.port(), LOOK, {"held": "no-sales"})).links()

    assert [link for link in links if "/decisions/" in link] == ["/decisions/d2"]
    assert "/decisions?held=no-sales" in links


def test_a_person_is_one_timeline_over_all_channels() -> None:
    reader = a_reader(people_at={"ann": a_person()})

    read = shown(Pages(SETTINGS).person(reader.port(), LOOK, "ann", {}))

    assert "Ann Lee of Acme" in read.text
    assert "Ann Lee, by email What does it cost?" in read.text
    assert "done book demo: offer demo" in read.text
    assert "touched by tool:mailer, by email welcome series" in read.text
    assert "account. arr EUR 12,000.00 verified" in read.text
    assert "renewal rescue open at risk EUR 500.00" in read.text
    assert "/decisions/d1" in read.links()


def promise_fact(**fields: Any) -> Fact:
    """A promise of yesterday to call Ann."""
    given: dict[str, Any] = {
        "id": "p1",
        "who": "company",
        "what": "call",
        "state": "open",
        "due_at": NOW + DAY,
        "said_at": NOW - DAY,
        "said_in": "s5",
        "subject": "profile:ann",
        "by": "rep:eve",
        "at": NOW - DAY,
        "signal_id": "s5",
        "words": "I will call Ann Lee",
    }
    return Promised(**{**given, **fields}).fact()


def test_a_persons_page_tells_whose_the_conversation_is_and_what_was_promised() -> None:
    claim = a_fact("conversation.claimed_by", "rep:eve", "profile:ann", qualifier="support")
    known = (*a_person().facts, claim, promise_fact())
    reader = a_reader(people_at={"ann": a_person(facts=known)})

    read = shown(Pages(SETTINGS).person(reader.port(), LOOK, "ann", {}))
    hidden = shown(Pages(SETTINGS).person(reader.port(), HIDDEN, "ann", {}))
    alone = shown(Pages(SETTINGS).person(a_reader(people_at={"ann": a_person()}).port(), LOOK, "ann", {}))

    assert "rep:eve support has it: claimed" in read.text
    assert "we: call 3 Mar 2026, 09:00 UTC open I will call Ann Lee" in read.text
    assert "/signals/s5" in read.links()
    assert "I will call Ann Lee" not in hidden.text
    assert "Segue has it." in alone.text
    assert "Promises" not in alone.text


@pytest.mark.parametrize("look", [LOOK, HIDDEN], ids=["revealed", "hidden"])
def test_no_page_shows_the_token_of_a_customers_link(look: Look) -> None:
    token = sign(IdKey(b"0123456789abcdef"), Subscription("9" * 26, "acme", "commercial", "email"))
    link = f"https://segue.acme.test/u/{token}"
    draft = {"text": f"Hi Ann {link}", "unsubscribe": token, "unsubscribe_url": link, "preferences_url": link}
    sent = a_ledger_row("delivered", arguments=draft)
    heard = a_signal("message.received", {"channel": "email", "text": f"> {link}"}, id="s1")
    receipt = a_receipt(signal=heard, ledger=(sent,))
    approval = an_approval(effects=(replace(sent.effect, profile_id="ann"),))
    person = a_person(messages=(a_message(text=f"> {link}"),))
    reader = a_reader(receipt, people_at={"ann": person}, waiting=[approval]).port()
    pages, desk = Pages(SETTINGS), Desk(SETTINGS)

    seen = [
        pages.decision(reader, look, "d1"),
        pages.person(reader, look, "ann", {}),
        pages.signal(reader, look, "s1"),
        desk.approval(reader, look, "a1", {}),
        desk.approvals(reader, look, {}),
    ]

    assert [page.status for page in seen] == [200] * 5
    assert [page for page in seen if token[-16:] in page.html] == []
    assert "unsubscribe url https://segue.acme.test/u/[link]" in shown(seen[0]).text


def test_no_text_of_a_customer_turns_the_page_around_it() -> None:
    turned = "\u202eevil\u2067\u2066"
    name = a_fact("name", f"Ann {turned}")
    person = a_person(facts=(name,), messages=(a_message(text=turned, subject=turned),))
    draft = a_ledger_row("delivered", arguments={"text": turned, "subject": turned}, profile_id="ann")
    reader = a_reader(
        a_receipt(ledger=(draft,)), people_at={"ann": person}, waiting=[an_approval(effects=(draft.effect,))]
    ).port()

    read = Pages(SETTINGS).person(reader, LOOK, "ann", {}).html
    approval = Desk(SETTINGS).approval(reader, LOOK, "a1", {}).html

    words = re.compile(r'<div class="text">(.*?)</div>', re.DOTALL)
    assert turned in words.findall(read), "words stand in a block of their own, to the code point"
    assert "Ann \ufffdevil\ufffd\ufffd" in words.sub("", read)
    assert not set("\u202e\u2066\u2067") & set(words.sub("", read))
    before, field, after = re.split(r"<textarea[^>]*>|</textarea>", approval, maxsplit=2)
    assert field.strip() == turned, "what a human edits stays as it is"
    assert not set("\u202e\u2066\u2067") & set(words.sub("", before + after))


@pytest.mark.parametrize(
    ("fact", "marked"),
    [
        (a_fact("consent.email", "withdrawn"), True),
        (a_fact("consent.email.commercial", "withdrawn", qualifier="acme"), True),
        (a_fact("consent.email", "granted"), False),
        (a_fact("consent.sms", "withdrawn"), False),
        (a_fact("consent.email", "withdrawn", qualifier="nimbus"), False),
    ],
)
def test_a_draft_whose_customer_opted_out_meanwhile_is_marked(fact: Fact, *, marked: bool) -> None:
    reader = a_reader(a_receipt(), facts=(a_fact("name", "Ann Lee"), fact), waiting=[an_approval()]).port()

    listed = shown(Desk(SETTINGS).approvals(reader, LOOK, {})).text
    one = shown(Desk(SETTINGS).approval(reader, LOOK, "a1", {})).text
    today = shown(Pages(SETTINGS).today(reader, LOOK, {})).text

    assert ["opted out" in text for text in (listed, today, one)] == [marked] * 3


def test_repeated_silence_on_one_day_is_told_once() -> None:
    silent = a_decision(
        mode="nothing", action="no_action", chosen="c3", because="`upgrade_offer` dropped", play=""
    )
    again = a_decision(
        "d2", **{name: getattr(silent, name) for name in ("mode", "action", "chosen", "because", "play")}
    )
    reader = a_reader(people_at={"ann": a_person(decisions=(silent, again))})

    read = shown(Pages(SETTINGS).person(reader.port(), LOOK, "ann", {}))

    assert read.text.count("upgrade_offer dropped") == 1
    assert "2 times" in read.text


@pytest.mark.parametrize("naughty", NAUGHTY)
@pytest.mark.parametrize("look", [LOOK, HIDDEN], ids=["revealed", "hidden"])
def test_nothing_from_outside_becomes_markup(naughty: str, look: Look) -> None:
    decision = a_decision(because=naughty, play=naughty, lane=naughty)
    signal = a_signal("message.received", {"text": naughty, naughty: {naughty: naughty}}, source=naughty)
    row = a_ledger_row(arguments={"text": naughty, "subject": naughty, naughty: naughty})
    receipt = a_receipt(decision, signal=signal, ledger=(row,))
    view = a_person(
        facts=(
            a_fact("name", naughty),
            a_fact(naughty, naughty, words=naughty),
            a_fact("conversation.claimed_by", naughty, qualifier=naughty),
            a_fact("conversation.held_by", naughty, "account:acme"),
            promise_fact(by=naughty, words=naughty),
        ),
        messages=(a_message(text=naughty, subject=naughty, by=naughty),),
        decisions=(decision,),
    )
    reader = a_reader(receipt, people_at={"ann": view}, facts=(a_fact("name", naughty),)).port()
    plain = a_reader(a_receipt(), people_at={"ann": a_person()}).port()
    pages, other = Pages(SETTINGS), Pages(SETTINGS)

    read = [
        shown(pages.decisions(reader, look, {})),
        shown(pages.decision(reader, look, "d1")),
        shown(pages.person(reader, look, "ann", {})),
        shown(pages.signal(reader, look, "s1")),
    ]
    expected = {
        *shown(other.decisions(plain, look, {})).tags,
        *shown(other.decision(plain, look, "d1")).tags,
        *shown(other.person(plain, look, "ann", {})).tags,
        *shown(other.signal(plain, look, "s1")).tags,
    }

    for page in read:
        assert set(page.tags) <= expected
        assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
        assert not [link for link in page.links() if not link.startswith(("/", "#", "data:,"))]
        assert page.open == []


@pytest.mark.parametrize(
    ("ask", "status", "told"),
    [
        (lambda pages, reader: pages.decision(reader, LOOK, "<b>"), 404, "There is no decision `&lt;b&gt;`"),
        (lambda pages, reader: pages.person(reader, LOOK, "nobody", {}), 404, "Nobody is known as `nobody`"),
        (lambda pages, reader: pages.signal(reader, LOOK, "nope"), 404, "There is no signal `nope`"),
        (
            lambda pages, reader: pages.decisions(reader, LOOK, {"before": "x"}),
            400,
            "`before=x` is no number",
        ),
        (lambda pages, reader: pages.decisions(reader, LOOK, {"before": "9" * 40}), 400, "is no number"),
        (lambda pages, reader: pages.person(reader, LOOK, "ann", {"as_of": "soon"}), 400, "no ISO 8601 time"),
        (lambda pages, reader: pages.missing(), 404, "There is no such page."),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(ask: Any, status: int, told: str) -> None:
    page = ask(Pages(SETTINGS), a_reader().port())

    assert page.status == status
    assert told in page.html


def test_an_empty_home_has_a_page() -> None:
    read = shown(Pages(SETTINGS).decisions(a_reader().port(), LOOK, {}))

    assert "decisions 0" in read.text


def test_a_percept_that_escalates_names_the_risk() -> None:
    percept = a_percept()
    risky = type(percept)(model="m", decision="escalate", risk=("legal_threat",), human_ppm=20_000)

    read = shown(Pages(SETTINGS).decision(a_reader(a_receipt(percept=risky)).port(), LOOK, "d1"))

    assert "hand to a human" in read.text
    assert "legal threat" in read.text
    assert "made by a human 2%" in read.text


def test_pages_need_no_script_and_fetch_nothing_from_elsewhere() -> None:
    html = Pages(SETTINGS).decision(a_reader(a_receipt()).port(), LOOK, "d1").html

    assert "<script" not in html
    assert "http://" not in html + style()
    assert "https://" not in html + style()
    assert "url(" not in style()


def a_memory(*facts: Any, look: Look = LOOK, **fields: Any) -> Read:
    told = (a_fact("name", "Ann Lee"), *facts)
    reader = a_reader()
    reader.people_at = {"ann": a_person(facts=told, **fields)}
    return shown(Pages(SETTINGS).memory(reader.port(), look, "ann", a_playbook(), "corrected"))


def test_a_memory_card_tells_each_item_with_its_words_its_confidence_and_who_may_be_told() -> None:
    said = a_fact("team_size", 40, trust="claimed", words="We are 40 people", valid_from=NOW)

    read = a_memory(said)

    assert "It is corrected" in read.text
    assert (
        "What they told us what value sure since, from may be told to wrong? size of the team 40 90%"
        in read.text
    )
    assert "We are 40 people" in read.text
    assert "themselves and our colleagues" in read.text
    assert ("name", "predicate") in read.attributes


def test_something_private_is_shown_to_nobody_who_has_not_revealed_it() -> None:
    ill = a_fact("sensitive.health", value=True, trust="claimed", words="My wife is in hospital")

    hidden, opened = a_memory(ill, look=HIDDEN), a_memory(ill)
    timeline = a_reader()
    timeline.people_at = {"ann": a_person(facts=(ill,))}
    person = shown(Pages(SETTINGS).person(timeline.port(), HIDDEN, "ann", {}))

    for read in (hidden, person):
        assert "something private" in read.text
        assert "hospital" not in read.text
        assert not any("health" in value for _, value in read.attributes)
    assert "My wife is in hospital" in opened.text


def test_a_viewer_gets_no_form_to_correct_with() -> None:
    viewer = a_look(role="viewer")

    read = a_memory(a_fact("team_size", 40, trust="claimed", words="40"), look=viewer)

    assert "form" not in read.tags or not any(value.endswith("/memory") for _, value in read.attributes)
