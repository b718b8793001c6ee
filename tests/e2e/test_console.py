"""Signing in, revealing, deciding and stopping, as people do it in a browser, and what strangers cannot."""

import asyncio
import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import Home, read_home
from segue.cli.commands import app
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval
from segue.privacy.links import seal
from tests.e2e.browsing import START, Browser, as_demo, live, served

PASSWORD = "a long enough sentence"
ROLES = ("viewer", "rep", "operator", "admin")
CONFLICT = segue.Signal("crm", "1.0", "page.viewed", ["email:ann@x.io"], START, {"path": "/x"})


def users(home: Path, *words: str, given: str = "") -> dict[str, Any]:
    done = CliRunner().invoke(app, ["users", *words, "--home", str(home), "--json"], input=given)
    return {**json.loads(done.stdout), "exit": done.exit_code}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("console") / "home"
    asyncio.run(live(path, CONFLICT))
    as_demo(path)  # users make a demo ask like any other home; its clock goes on where the story ended
    for role in ROLES:
        assert (
            users(path, "add", role, "--role", role, "--password-stdin", given=f"{PASSWORD}\n")["exit"] == 0
        )
    users(path, "add", "eve", "--role", "rep", "--owner", "somebody else", "--password-stdin", given=PASSWORD)
    return path


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with served(home) as (number, _):
        yield number


def signed_in(port: int, name: str) -> Browser:
    browser = Browser(port)
    assert browser.sign_in(name, PASSWORD).status == 303
    return browser


def approval_id(home: Path) -> str:
    with read_home(home) as readings:
        return next(iter(readings.approvals())).id


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/decisions", "/people/x", "/you", "/reveals", "/a/x"])
def test_a_stranger_is_asked_to_sign_in_and_told_nothing(port: int, path: str) -> None:
    answer = Browser(port).get(path)

    assert answer.status == 303
    assert answer.place.startswith("/sign-in")
    assert answer.text == ""


def test_whoever_signs_in_comes_to_the_page_they_asked_for(port: int) -> None:
    browser = Browser(port)
    asked = browser.get("/decisions?mode=approve")
    form = browser.get(asked.place)

    assert 'name="then" value="/decisions?mode=approve"' in form.text
    assert browser.sign_in("viewer", PASSWORD, "/decisions?mode=approve").place == "/decisions?mode=approve"
    assert browser.get("/decisions?mode=approve").status == 200


def test_signing_in_leads_to_no_other_site(port: int) -> None:
    assert Browser(port).sign_in("viewer", PASSWORD, "//evil.example/").place == "/"


def test_a_wrong_name_and_a_wrong_password_look_the_same(port: int) -> None:
    answers = [
        Browser(port).sign_in(name, "not the right password") for name in ("viewer", "nobody-of-that-name")
    ]

    assert {answer.status for answer in answers} == {401}
    assert all("Name and password do not belong together." in answer.text for answer in answers)


def test_guesses_are_slowed_down(port: int) -> None:
    browser = Browser(port)
    answers = [browser.sign_in("guessed", f"guess {n} of many") for n in range(6)]

    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_session_is_in_a_cookie_that_scripts_and_other_sites_cannot_use(port: int) -> None:
    browser = signed_in(port, "viewer")
    cookie = next(item for item in browser.set if item.startswith("segue_session="))

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_signing_in_gives_a_new_session_and_ends_the_old_one(port: int) -> None:
    browser = signed_in(port, "viewer")
    old = browser.cookies["segue_session"]
    form = browser.get("/you").text
    assert "viewer" in form
    thief = Browser(port)
    thief.cookies["segue_session"] = old
    shown = browser.get("/you")
    browser.post("/sign-out", {"token": shown.token})

    assert "segue_session" not in browser.cookies
    assert thief.get("/").status == 303


def test_signing_out_everywhere_ends_every_session(port: int) -> None:
    here, there = signed_in(port, "viewer"), signed_in(port, "viewer")
    here.send("/you", "/sign-out-everywhere")

    assert (here.get("/").status, there.get("/").status) == (303, 303)


def test_a_form_of_another_site_or_session_does_nothing(port: int) -> None:
    browser, other = signed_in(port, "operator"), signed_in(port, "admin")
    token = browser.get("/").token

    answers = [
        browser.post("/control", {"what": "stop"}),
        browser.post("/control", {"what": "stop", "token": other.get("/").token}),
        browser.post("/control", {"what": "stop", "token": token}, Sec_Fetch_Site="cross-site"),
        browser.post("/control", {"what": "stop", "token": token}, Content_Type="text/plain"),
    ]

    assert {answer.status for answer in answers} == {403}
    assert "All sending is stopped" not in browser.get("/").text


def test_a_form_that_is_too_large_is_refused(port: int) -> None:
    browser = signed_in(port, "rep")

    assert browser.post("/search", {"token": "x", "q": "a" * 500_000}).status == 413


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("viewer", "/reveal"),
        ("viewer", "/approvals/x/approve"),
        ("rep", "/control"),
        ("rep", "/dead-letters/x/put-back"),
        ("rep", "/effects/x/settle"),
    ],
)
def test_a_role_reaches_so_far(port: int, role: str, path: str) -> None:
    browser = signed_in(port, role)

    answer = browser.post(path, {"token": browser.get("/").token, "what": "stop", "whom": "x", "back": "/"})

    assert answer.status == 403
    assert "You may not do that" in answer.text


@pytest.mark.parametrize("role", ["viewer", "rep", "operator"])
def test_reveals_are_for_admins(port: int, role: str) -> None:
    assert signed_in(port, role).get("/reveals").status == 403


# --- looking ------------------------------------------------------------------------------------------


def test_no_page_shows_personal_data_before_a_reveal(port: int) -> None:
    browser = signed_in(port, "admin")
    seen, wanted = {}, ["/", "/decisions", "/approvals", "/effects", "/dead-letters", "/reveals", "/you"]
    while wanted:
        path = wanted.pop()
        if path not in seen:
            answer = browser.get(path)
            seen[path] = answer.text
            links = {link.partition("#")[0] for link in answer.links("/") if not link.startswith("/style")}
            wanted += [link for link in links if "?" not in link]

    for kind in ("/people/", "/accounts/", "/decisions/", "/signals/", "/approvals/"):
        assert any(path.startswith(kind) for path in seen), kind
    for path, text in seen.items():
        assert [word for word in ("Ann", "Lee", "ann@x.io", "1234567") if word in text] == [], path


def test_a_reveal_opens_one_person_here_and_is_kept(home: Path, port: int) -> None:
    browser, other = signed_in(port, "rep"), signed_in(port, "rep")
    person = browser.get("/decisions").links("/people/")[0]

    answer = browser.send(person, "/reveal", whom=person.rpartition("/")[2])

    assert answer.place == person
    assert "Ann Lee, +49 171 1234567" in browser.get(person).text
    assert "Ann" not in other.get(person).text
    kept = signed_in(port, "admin").get("/reveals")
    assert ">rep</th>" in kept.text
    assert person in kept.links("/people/")
    lines = [json.loads(line) for line in (home / "segue.log").read_text().splitlines()]
    told = [line for line in lines if line["event"] == "personal_data_revealed"]
    assert told[-1] == {**told[-1], "by": "rep", "whom": person.rpartition("/")[2]}


@pytest.mark.parametrize("asked", ["ann@x.io", " ANN@x.io ", "email:ann@x.io", "crm:7"])
def test_a_person_is_found_by_what_is_known_of_them(port: int, asked: str) -> None:
    browser = signed_in(port, "viewer")

    answer = browser.send("/", "/search", q=asked)

    assert answer.status == 303
    assert answer.place.startswith("/people/")


def test_an_account_and_ids_are_found_and_nobody_is_said_so(home: Path, port: int) -> None:
    browser = signed_in(port, "viewer")

    assert browser.send("/", "/search", q="account:x").place.startswith("/accounts/")
    assert browser.send("/", "/search", q=approval_id(home)).place == f"/approvals/{approval_id(home)}"
    for asked in ("bob@x.io", "<script>alert(1)</script>", "x" * 900, ":", "\x00"):
        assert browser.send("/", "/search", q=asked).status == 404


def test_a_link_of_a_mail_leads_to_its_approval_after_signing_in(home: Path, port: int) -> None:
    with read_home(home) as readings:
        token = seal(readings.ids, "approval", approval_id(home))
    browser = Browser(port)
    form = browser.get(browser.get(f"/a/{token}").place)
    then = unescape(form.text.partition('name="then" value="')[2].partition('"')[0])

    link = browser.sign_in("rep", PASSWORD, then).place

    assert browser.get(link).place == f"/approvals/{approval_id(home)}"
    assert browser.get(f"/a/{token[:-1]}x").status == 404


# --- acting, at the demo that is open to this machine --------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    path = tmp_path_factory.mktemp("acting") / "home"
    asyncio.run(live(path, CONFLICT, accounts=4))
    as_demo(path)
    with served(path) as (number, _):
        yield path, number


@pytest.fixture
def own(demo: tuple[Path, int]) -> tuple[Path, Browser, str]:
    """The home, a browser, and the page of a draft that waits."""
    home, number = demo
    browser = Browser(number)
    return home, browser, browser.get("/approvals").links("/approvals/")[0]


def decided(home: Path, path: str) -> tuple[Approval, Decision]:
    """What became of a draft, and the decision that followed the human's word."""
    with read_home(home) as readings, readings.store.read() as reader:
        approval = reader.overview.approval(path.rpartition("/")[2])
        assert approval is not None
        first = reader.receipt(approval.decision_id)
        assert first is not None
        found = [
            item
            for item in readings.decisions()
            if item.question == "approval" and item.person_id == first.decision.person_id
        ]
        return approval, found[0]


def test_a_draft_is_approved_once_however_often_it_is_clicked(own: tuple[Path, Browser, str]) -> None:
    home, browser, path = own
    token = browser.get(path).token

    first = browser.post(f"{path}/approve", {"token": token})
    second = browser.post(f"{path}/approve", {"token": token})
    late = browser.post(f"{path}/reject", {"token": token, "reason": "too late"})

    assert (first.place, second.place, late.place) == (
        f"{path}?told=approved",
        f"{path}?told=late",
        f"{path}?told=late",
    )
    assert "Approved by rep:demo" in browser.get(path).text
    approval, _ = decided(home, path)
    assert (approval.status, approval.by) == ("given", "rep:demo")
    with read_home(home) as readings:
        assert [letter.code for letter in readings.dead_letters()] == ["conflict"]  # the story's own


def test_an_edited_draft_goes_out_in_the_words_of_the_human(own: tuple[Path, Browser, str]) -> None:
    home, browser, path = own
    hidden = browser.get(path)
    assert "<textarea" not in hidden.text
    whom = hidden.text.partition('name="whom" value="')[2].partition('"')[0]
    browser.send(path, "/reveal", whom=whom)
    shown = browser.get(path)
    words = unescape(shown.text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])
    assert words.startswith("Hello Ann,")

    edited = words.replace("Hello Ann,", "Dear Ann,").replace("\n", "\r\n")
    answer = browser.post(f"{path}/approve", {"token": shown.token, "text": edited})

    assert answer.place == f"{path}?told=edited"
    _, decision = decided(home, path)
    arguments = decision.considered[0].candidate.arguments
    assert arguments["text"] == words.replace("Hello Ann,", "Dear Ann,")
    assert arguments["to"].startswith("ann@x")


def test_a_draft_whose_words_were_left_alone_is_approved_as_it_is(own: tuple[Path, Browser, str]) -> None:
    _, browser, path = own
    whom = browser.get(path).text.partition('name="whom" value="')[2].partition('"')[0]
    browser.send(path, "/reveal", whom=whom)
    shown = browser.get(path)
    words = unescape(shown.text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])

    answer = browser.post(f"{path}/approve", {"token": shown.token, "text": words.replace("\n", "\r\n")})

    assert answer.place == f"{path}?told=approved"


def test_a_draft_is_rejected_with_a_reason_and_never_without(own: tuple[Path, Browser, str]) -> None:
    home, browser, path = own
    token = browser.get(path).token

    without = browser.post(f"{path}/reject", {"token": token, "reason": "  "})
    given = browser.post(f"{path}/reject", {"token": token, "reason": "we spoke on the phone"})

    assert (without.place, given.place) == (f"{path}?told=reason", f"{path}?told=rejected")
    approval, decision = decided(home, path)
    assert approval.status == "rejected"
    assert decision.because == "rejected by rep:demo: we spoke on the phone"


def test_sending_is_stopped_and_released_and_plays_are_paused(demo: tuple[Path, int]) -> None:
    browser = Browser(demo[1])

    stopped = browser.send("/", "/control", what="stop")
    assert stopped.status == 303
    assert "All sending is stopped" in browser.get("/decisions").text
    browser.send("/", "/control", what="release")
    assert "All sending is stopped" not in browser.get("/").text

    browser.send("/", "/control", what="pause", play="save-cancel")
    assert "paused" in browser.get("/").text
    browser.send("/", "/control", what="resume", play="save-cancel")
    assert ">paused<" not in browser.get("/").text
    unknown = browser.send("/", "/control", what="pause", play="save-cancle")
    assert unknown.status == 400
    assert "did you mean `save-cancel`?" in unknown.text


def test_a_dead_letter_of_a_known_key_cannot_be_put_back(demo: tuple[Path, int]) -> None:
    browser = Browser(demo[1])
    page = browser.get("/dead-letters")

    assert "the first stands" in page.text
    assert "/put-back" not in page.text
    gone = browser.post("/dead-letters/none/put-back", {"token": page.token})
    assert gone.place == "/dead-letters?told=gone"


# --- what belongs to whom -----------------------------------------------------------------------------


def test_a_rep_of_other_accounts_sees_no_draft_of_this_one(home: Path, port: int) -> None:
    browser = signed_in(port, "eve")
    path = f"/approvals/{approval_id(home)}"

    assert browser.get("/approvals").links("/approvals/") == []
    assert "It belongs to another account executive." in browser.get(path).text
    answer = browser.post(f"{path}/approve", {"token": browser.get("/").token})
    assert answer.place == f"{path}?told=others"


def test_a_rep_takes_a_conversation_on_the_persons_page_and_hands_it_back(port: int) -> None:
    # Whoever takes a conversation withdraws the draft that the tests before look at.
    browser, viewer = signed_in(port, "rep"), signed_in(port, "viewer")
    person = browser.get("/decisions").links("/people/")[0]

    taken = browser.send(person, f"{person}/conversation", word="claim", back=person)
    held = browser.get(person).text
    browser.send(person, f"{person}/conversation", word="hand-back", back=person)

    assert taken.place == person
    assert "rep:rep" in held
    assert "Take it" not in viewer.get(person).text
    assert "Segue has it." in browser.get(person).text


def test_users_are_added_listed_changed_and_removed_beside_the_server(home: Path, port: int) -> None:
    added = users(home, "add", "Max", "--role", "viewer", "--password-stdin", given=PASSWORD)
    browser = signed_in(port, "max")

    again = users(home, "add", "max", "--password-stdin", given=PASSWORD)
    changed = users(home, "password", "max", "--password-stdin", given="another long sentence")
    out = browser.get("/").status
    names = [item["name"] for item in users(home, "list")["users"]]
    removed = users(home, "remove", "max")
    missing = users(home, "remove", "max")

    assert added["user"]["role"] == "viewer"
    assert (again["exit"], changed["exit"], out, removed["exit"], missing["exit"]) == (6, 0, 303, 0, 3)
    assert "max" in names
    assert PASSWORD not in json.dumps(added)


def test_a_home_without_users_says_how_to_add_one(tmp_path: Path) -> None:
    path = tmp_path / "home"
    asyncio.run(live(path))
    with served(path) as (number, _):
        answer, form = Browser(number).get("/"), Browser(number).get("/sign-in")

    assert (answer.status, form.status) == (403, 403)
    assert "segue users add NAME --role admin" in answer.text
    assert "Xylo" not in answer.text


def test_a_home_of_its_own_proxy_believes_its_header(tmp_path: Path) -> None:
    path = tmp_path / "home"
    asyncio.run(live(path))
    Home(path).door_settings.write_text("trusted_header: X-Signed-In\n")
    users(path, "add", "anna@acme.com", "--role", "rep", "--no-password")
    with served(path) as (number, _):
        browser = Browser(number)
        known = browser.get("/you", **{"X-Signed-In": "Anna@Acme.com"})
        unknown = browser.get("/", **{"X-Signed-In": "eve"})
        nobody = browser.get("/")

    assert "a trusted proxy" in known.text
    assert unknown.status == 403
    assert "You are not a user here" in unknown.text
    assert nobody.status == 303
