"""Who is let in, how guesses are slowed down, and where forms may lead."""

from dataclasses import replace
from typing import Any

import pytest

from segue.bootstrap import DoorSettings
from segue.console.doorkeeper import Asked, Doorkeeper
from segue.console.paths import own_path
from segue.console.throttle import FREE, Throttle
from segue.console.visitors import Visitor, is_token, token_of
from segue.core.errors import InputError
from segue.core.units import HOUR, MINUTE, SECOND, Instant
from segue.stores.doors import DoorsDb, Sessions, Users
from tests.build import NOW

PASSWORD = "a long enough sentence"
HERE = Asked("127.0.0.1", "127.0.0.1:8765", "http", {}, visit="v" * 64)
AWAY = Asked("203.0.113.7", "segue.example", "http", {}, visit="v" * 64)


def a_door(*, is_demo: bool = False, base_url: str = "http://127.0.0.1:8765", **settings: Any) -> Doorkeeper:
    db = DoorsDb(None)
    return Doorkeeper(DoorSettings(**settings), base_url, Users(db), Sessions(db), is_demo=is_demo)


def with_user(keeper: Doorkeeper, role: str = "rep") -> Doorkeeper:
    keeper.users.add("anna", role, PASSWORD, NOW)
    return keeper


def test_the_demo_is_open_to_this_machine() -> None:
    visitor = a_door(is_demo=True).visitor(HERE, NOW)

    assert isinstance(visitor, Visitor)
    assert (visitor.user, visitor.how, visitor.may("operator")) == ("demo", "demo", True)


@pytest.mark.parametrize(
    "asked",
    [
        AWAY,
        replace(HERE, peer="203.0.113.7"),
        replace(HERE, host="segue.example"),
        replace(HERE, host="127.0.0.1.evil.example"),
        replace(HERE, host="localhost@evil.example"),
        replace(HERE, host=""),
        replace(HERE, peer=""),
        replace(HERE, headers={"x-forwarded-for": "203.0.113.7"}),
        replace(HERE, headers={"via": "1.1 proxy"}),
    ],
)
def test_the_demo_is_open_to_nobody_else(asked: Asked) -> None:
    assert a_door(is_demo=True).visitor(asked, NOW) == "no_users"


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "https://segue.example"},
        {"hosts": ("segue.example",)},
        {"trusted_header": "X-User"},
    ],
)
def test_a_demo_that_is_set_up_for_others_asks(settings: dict[str, Any]) -> None:
    assert a_door(is_demo=True, **settings).visitor(HERE, NOW) == "no_users"


def test_a_home_that_is_no_demo_asks_on_this_machine_too() -> None:
    assert a_door().visitor(HERE, NOW) == "no_users"


def test_a_demo_with_users_asks() -> None:
    assert with_user(a_door(is_demo=True)).visitor(HERE, NOW) == "sign_in"


def test_a_session_lets_in_until_it_is_idle() -> None:
    keeper = with_user(a_door())
    session = keeper.sessions.start("anna", NOW)

    now = keeper.visitor(replace(AWAY, session=session), Instant(NOW + HOUR))
    later = keeper.visitor(replace(AWAY, session=session), Instant(NOW + 4 * HOUR))

    assert isinstance(now, Visitor)
    assert (now.user, now.role, now.how) == ("anna", "rep", "session")
    assert later == "sign_in"


def test_a_removed_user_is_out_at_once() -> None:
    keeper = with_user(a_door())
    keeper.users.add("bob", "viewer", PASSWORD, NOW)
    session = keeper.sessions.start("anna", NOW)
    keeper.users.remove("anna")

    assert keeper.visitor(replace(AWAY, session=session), NOW) == "sign_in"


@pytest.mark.parametrize("peer", ["10.0.0.5", "10.0.0.77", "::ffff:10.0.0.5"])
def test_a_trusted_proxy_tells_who_asks(peer: str) -> None:
    keeper = with_user(a_door(trusted_header="X-User", trusted_proxies=("10.0.0.0/24",)))

    visitor = keeper.visitor(replace(AWAY, peer=peer, headers={"x-user": " Anna "}), NOW)

    assert isinstance(visitor, Visitor)
    assert (visitor.user, visitor.how) == ("anna", "proxy")


def test_the_header_of_anybody_else_is_not_believed() -> None:
    keeper = with_user(a_door(trusted_header="X-User", trusted_proxies=("10.0.0.5",)))

    assert keeper.visitor(replace(AWAY, headers={"x-user": "anna"}), NOW) == "sign_in"


def test_a_proxy_cannot_let_in_who_is_no_user() -> None:
    keeper = with_user(a_door(trusted_header="X-User", trusted_proxies=("10.0.0.5",)))

    assert keeper.visitor(replace(AWAY, peer="10.0.0.5", headers={"x-user": "eve"}), NOW) == "unknown_user"


def test_a_proxy_that_is_no_address_is_said_so() -> None:
    with pytest.raises(InputError, match="trusted_proxies: `proxy` is no address"):
        a_door(trusted_proxies=("proxy",))


@pytest.mark.parametrize(
    ("settings", "asked", "secure"),
    [
        ({"base_url": "https://segue.example"}, AWAY, True),
        ({}, replace(AWAY, scheme="https"), True),
        ({}, replace(HERE, headers={"x-forwarded-proto": "https"}), True),
        ({}, replace(AWAY, headers={"x-forwarded-proto": "https"}), False),
        ({}, HERE, False),
    ],
)
def test_cookies_are_secure_behind_tls(settings: dict[str, Any], asked: Asked, *, secure: bool) -> None:
    assert a_door(**settings).is_secure(asked) is secure


def test_the_address_of_a_guess_is_what_the_nearest_proxy_says() -> None:
    keeper = a_door()
    forged = {"x-forwarded-for": "1.1.1.1, 203.0.113.9"}

    assert keeper.address(replace(HERE, headers=forged)) == "203.0.113.9"
    assert keeper.address(replace(AWAY, headers=forged)) == "203.0.113.7"


def test_guesses_are_slowed_down_more_and_more() -> None:
    throttle, now = Throttle(), NOW
    waits = []
    for _ in range(FREE["pair"] + 3):
        wait = throttle.take("anna", "203.0.113.7", now)
        waits.append(wait)
        if wait:
            now = Instant(now + wait * SECOND)
            assert throttle.take("anna", "203.0.113.7", now) == 0

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8]


def test_a_guesser_does_not_lock_out_others() -> None:
    throttle = Throttle()
    for _ in range(FREE["pair"]):
        throttle.take("anna", "203.0.113.7", NOW)

    assert throttle.take("anna", "203.0.113.7", NOW) > 0
    assert throttle.take("anna", "198.51.100.1", NOW) == 0


def test_many_names_from_one_address_and_one_name_from_many_are_slowed_down_too() -> None:
    throttle = Throttle()
    for n in range(FREE["address"]):
        throttle.take(f"user{n}", "203.0.113.7", NOW)
    for n in range(FREE["name"]):
        throttle.take("anna", f"198.51.100.{n}", NOW)

    assert throttle.take("another", "203.0.113.7", NOW) > 0
    assert throttle.take("anna", "192.0.2.1", NOW) > 0


def test_a_right_guess_and_an_hour_are_forgiven() -> None:
    throttle = Throttle()
    for _ in range(FREE["pair"]):
        throttle.take("anna", "a", NOW)
        throttle.take("bob", "b", NOW)
    throttle.right("anna", "a")

    assert throttle.take("anna", "a", NOW) == 0
    assert throttle.take("bob", "b", NOW) > 0
    assert throttle.take("bob", "b", Instant(NOW + HOUR + MINUTE)) == 0


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a//b",
        "/a/../b",
        "\t/x",
        "/x\r\nset-cookie: a=b",
        "/ü",
        "people",
        "",
        "/" + "a" * 3_000,
    ],
)
def test_a_form_leads_to_no_other_site(path: str) -> None:
    assert own_path(path) == "/"


def test_below_a_path_a_form_leads_to_no_other_tenant() -> None:
    assert own_path("/t/acme/people/p1", "/t/acme") == "/t/acme/people/p1"
    assert own_path("/t/other/people/p1", "/t/acme") == "/t/acme/"


def test_a_form_belongs_to_one_browser_and_one_user() -> None:
    token = token_of("secret", "anna")

    assert is_token(token, token_of("secret", "anna"))
    assert not is_token(token, token_of("secret", "bob"))
    assert not is_token(token, token_of("other", "anna"))
    assert not is_token("", token)
