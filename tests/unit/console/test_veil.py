"""Personal data are hidden on every page until somebody reveals them, and then shown to the code point."""

from typing import Any

import pytest

from segue.console import Pages, PageSettings
from segue.console.desk import Desk
from segue.console.timeline import fact_lines
from segue.console.veil import Veil, chips
from segue.core.ids import IdKey
from segue.core.ports import PersonView
from segue.core.records.overview import AccountView, Letter, Named
from segue.core.redact import extents
from segue.core.units import Instant
from tests.build import NOW, a_fact, a_goal, a_message, a_signal, an_exposure
from tests.unit.console.fake_reader import (
    EUR,
    FakeReader,
    a_decision,
    a_look,
    a_percept,
    a_reader,
    a_receipt,
    an_approval,
)

SETTINGS = PageSettings("EUR", "acme-group", plays=("book-demo",))
GIVEAWAYS = ("Ann", "Lee", "ann@acme.test", "ann.lee@home.test", "171 1234567", "4917112345", "hi-ann-7")
FACTS = (
    a_fact("name", "Ann Lee"),
    a_fact("email", "ann@acme.test"),
    a_fact("phone", "+49 171 1234567"),
    a_fact("chat", "hi-ann-7"),
    a_fact("plan", "pro", "account:acme"),
    a_fact("name", "Acme", "account:acme"),
)
TEXT = "I am Ann Lee, write to ann.lee@home.test or call +49 171 1234567. Lee"


def a_full_reader() -> FakeReader:
    decision = a_decision(because="Ann asked for it by ann@acme.test")
    signal = a_signal(
        "message.received",
        {"text": TEXT, "name": "Ann Lee", "facts": {"email": "ann@acme.test"}, "turns": []},
        id="s1",
        source_id="mail from ann@acme.test",
        identifiers=("email:ann@acme.test", "phone:+491711234567", "crm:hi-ann-7"),
    )
    receipt = a_receipt(decision, signal=signal, approvals=(an_approval(because="Ann wants it"),))
    view = PersonView(
        person_id="ann",
        profile_ids=("ann",),
        account_id="acme",
        facts=(*FACTS, a_fact("note", "Ann likes calls", words=TEXT)),
        messages=(a_message(text=TEXT, subject="From Ann"),),
        goals=(a_goal(value_micro=500 * EUR),),
        outcomes=(),
        exposures=(an_exposure(signal_id="s7", campaign="welcome"),),
        decisions=(decision,),
    )
    account = AccountView(
        "acme",
        (Named("ann", "Ann Lee", FACTS),),
        more_members=False,
        facts=FACTS[4:],
        goals=(),
        outcomes=(),
        decisions=(decision,),
        offers=(decision,),
    )
    return a_reader(
        receipt,
        facts=FACTS,
        people_at={"ann": view},
        views={"acme": account},
        waiting=[an_approval(because="Ann wants it")],
        dead=[Letter(7, "l1", signal, "segue", "no room for ann@acme.test", NOW)],
    )


def every_page(reader: FakeReader, **look: Any) -> dict[str, str]:
    pages, desk, at, port = (
        Pages(SETTINGS),
        Desk(SETTINGS),
        a_look(ids=IdKey(b"0123456789abcdef"), **look),
        reader.port(),
    )
    shown = {
        "today": pages.today(port, at, {}),
        "decisions": pages.decisions(port, at, {}),
        "receipt": pages.decision(port, at, "d1"),
        "person": pages.person(port, at, "ann", {}),
        "account": pages.account(port, at, "acme"),
        "signal": pages.signal(port, at, "s1"),
        "approvals": desk.approvals(port, at, {}),
        "approval": desk.approval(port, at, "a1", {}),
        "letters": desk.letters(port, at, {}),
    }
    assert {page.status for page in shown.values()} == {200}
    return {name: page.html for name, page in shown.items()}


PAGES = ("today", "decisions", "receipt", "person", "account", "signal", "approvals", "approval", "letters")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_gives_anybody_away(name: str) -> None:
    html = every_page(a_full_reader(), revealed=())[name]

    assert [word for word in GIVEAWAYS if word in html] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_reveal_of_somebody_else_opens_nothing(name: str) -> None:
    html = every_page(a_full_reader(), revealed=("bob", "account:other"))[name]

    assert [word for word in GIVEAWAYS if word in html] == []


def test_what_was_revealed_is_shown_as_it_is() -> None:
    pages = every_page(a_full_reader(), revealed=("ann",))

    assert TEXT in pages["receipt"]
    assert TEXT in pages["person"]
    assert "ann@acme.test" in pages["approval"]
    assert "Ann Lee" in pages["decisions"]
    assert "Ann Lee" in pages["today"]


def test_a_viewer_is_offered_no_reveal() -> None:
    pages = every_page(a_full_reader(), role="viewer", revealed=())

    assert [name for name, html in pages.items() if 'action="/reveal"' in html] == []


def test_a_rep_is_offered_the_reveal_of_the_one_the_page_is_about() -> None:
    html = every_page(a_full_reader(), role="rep", revealed=())["person"]

    assert 'name="whom" value="ann"' in html


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Dear Ann, ann is here, Annex", "Dear [name], [name] is here, Annex"),
        ("Ann Lee's dog", "[name]'s dog"),
        ("write to bob@x.io", "write to [email]"),
        ("nothing personal", "nothing personal"),
    ],
)
def test_names_are_hidden_as_words_and_addresses_by_form(text: str, hidden: str) -> None:
    assert Veil([a_fact("name", "Ann Lee")]).text(text) == hidden


def test_a_short_name_hides_no_common_word() -> None:
    veil = Veil([a_fact("name", "Bo De Vries")])

    assert veil.text("Bo, vete de ahí") == "[name], vete de ahí"


def test_a_name_of_a_script_without_spaces_is_found_inside_words() -> None:
    assert Veil([a_fact("name", "山田太郎")]).text("こんにちは山田太郎さん") == "こんにちは[name]さん"


@pytest.mark.parametrize("name", ["王小明", "王 小明"])
@pytest.mark.parametrize("written", ["王小明", "王 小明", "王·小明", "王 小 明"])
def test_a_name_without_spaces_is_found_however_it_is_spaced(name: str, written: str) -> None:
    assert Veil([a_fact("name", name)]).text(f"我是{written}。") == "我是[name]。"
    assert extents(written, [("name", name)]) == [(0, len(written), "name")]


def test_what_tells_one_fact_from_another_is_hidden_without_brackets_around_it() -> None:
    fact = a_fact("ticket", "open", qualifier="Ann Lee")
    reader = a_full_reader()

    (hidden,) = fact_lines(reader.port(), [fact], SETTINGS, Veil([a_fact("name", "Ann Lee")]))
    (shown,) = fact_lines(reader.port(), [fact], SETTINGS, Veil(is_open=True))

    assert str(chips(hidden.name)) == 'ticket <span class="veil">name</span>'
    assert shown.name == "ticket[Ann Lee]"


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 second."), (2, "2 seconds."), (120, "2 minutes.")])
def test_whoever_guessed_too_often_is_told_how_long_to_wait(seconds: int, said: str) -> None:
    assert f"Try again in {said}" in Desk(SETTINGS).wait("token", "/", seconds).html


def test_brackets_somebody_wrote_are_left_as_they_are() -> None:
    assert str(chips("my [name] is [email]")) == "my [name] is [email]"


def test_a_decision_from_before_a_new_name_hides_the_old_one() -> None:
    decision = a_decision(
        because="Anna Schmidt asked",
        facts=(*a_decision().facts, type(a_decision().facts[0])("person.name", "Anna Schmidt")),
    )
    reader = a_reader(a_receipt(decision, percept=a_percept()), facts=FACTS)

    html = Pages(SETTINGS).decision(reader.port(), a_look(revealed=()), "d1").html

    assert "Schmidt" not in html
    assert "A. S." in html


def test_hiding_takes_time_in_proportion_to_the_text() -> None:
    veil = Veil(FACTS)

    assert len(veil.text("a@" * 20_000)) > 0


def test_a_timeline_is_read_on_from_an_instant_and_by_channel() -> None:
    reader = a_full_reader()
    view = reader.people_at["ann"]
    many = tuple(a_message(id=f"m{n}", text=f"word {n}", at=Instant(NOW + n)) for n in range(150))
    reader.people_at["ann"] = PersonView(
        **{
            **{name: getattr(view, name) for name in view.__slots__},
            "messages": many,
            "decisions": (),
            "exposures": (),
        }
    )
    pages = Pages(SETTINGS)

    first = pages.person(reader.port(), a_look(), "ann", {}).html
    before = str(NOW + 50)
    second = pages.person(reader.port(), a_look(), "ann", {"before": before}).html
    other = pages.person(reader.port(), a_look(), "ann", {"channel": "sms"}).html

    assert f"before={before}" in first
    assert "word 50<" in first
    assert "word 49<" not in first
    assert "word 49<" in second
    assert "word 50<" not in second
    assert "word 149<" not in other


@pytest.mark.parametrize(
    "told",
    [
        "Ann-Kathrin O'Neil-Müller",
        "Ann-Kathrin O'Neil-Mu\u0308ller",
        "ANN KATHRIN ONEIL MUELLER",
        "annkathrin",
        "Oneil",
        "ONeil",
        "O’Neil",
        "MUELLER",
        "Muller",
    ],
)
def test_no_spelling_of_a_name_on_record_is_left(told: str) -> None:
    veil = Veil([a_fact("name", "Ann-Kathrin O'Neil-Müller")])

    assert veil.text(f"I am {told}, hello") == "I am [name], hello"


def test_a_part_that_is_a_word_as_well_is_hidden_only_as_the_name_writes_it() -> None:
    veil = Veil([a_fact("name", "May Lee")])

    assert veil.text("May may call lee") == "[name] may call [name]"
