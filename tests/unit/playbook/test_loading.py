"""A directory becomes a compiled playbook, in the units of the records."""

from fractions import Fraction
from pathlib import Path

import pytest

from segue.core.errors import MissingError
from segue.core.money import MICRO
from segue.core.units import PPM
from segue.playbook import LivePlaybook, PlaybookErrors, run_tests
from tests.unit.playbook.building import FILES, a_directory, changed, loaded


def test_authored_units_become_integers(tmp_path: Path) -> None:
    playbook = loaded(tmp_path)

    assert playbook.settings.rates.per_unit["USD"] == Fraction(9, 10)
    assert playbook.settings.attention_micro == 150 * MICRO
    assert playbook.actions["mail"].cost_micro == 200 * MICRO
    assert playbook.actions["mail"].advance_ppm == {"at_risk": 200_000, "*": 100_000}
    assert playbook.actions["mail"].opt_out_ppm == 4_000
    assert playbook.offers["ten"].percent_ppm == 100_000
    assert playbook.policies[0].hold_for_s == 43_200
    assert [listener.max_age_s for listener in playbook.plays["rescue"].listen] == [259_200, 86_400]


def test_states_without_a_chance_are_spread_evenly(tmp_path: Path) -> None:
    states = loaded(tmp_path).plays["rescue"].states

    assert [state.chance_ppm for state in states] == [PPM // 3, 2 * PPM // 3]


def test_a_window_is_made_for_each_region_named(tmp_path: Path) -> None:
    windows = loaded(tmp_path).windows

    assert [window.region for window in windows] == ["TX", "FL"]
    assert windows[0].hours == ((540, 1_260),) * 6 + (None,)
    assert (windows[0].on_holidays, windows[0].reviewed_on) == (False, "2026-10-01")


def test_detectors_have_defaults(tmp_path: Path) -> None:
    settings = loaded(tmp_path).detectors["dropped"].settings

    assert settings["window_days"] == 7
    assert settings["outage_ppm"] == 500_000


def test_facts_say_where_they_come_from(tmp_path: Path) -> None:
    facts = loaded(tmp_path).facts

    assert facts["account.arr"].gathering == "stored"
    assert (facts["person.views"].gathering, facts["person.views"].days) == ("counted", 7)
    assert facts["consent.channel"].gathering == "derived"
    assert facts["outcome.saved"].gathering == "derived"


def test_texts_fill_their_blanks_and_never_say_none(tmp_path: Path) -> None:
    playbook = loaded(tmp_path)
    template = playbook.templates["rescue/email/en"]

    assert template.names == {"person.name", "offer.words"}
    assert template.text({"offer": {"words": "a gift"}}) == "Dear customer,\nwe offer a gift."
    with pytest.raises(MissingError, match=r"no value for `offer.words`"):
        template.text({"person": {"name": "Ann"}, "offer": {}})
    assert playbook.actions["mail"].arguments["note"].render({"account": {"plan": "pro"}}) == "plan pro"


def test_the_hash_is_of_the_content_not_of_the_writing(tmp_path: Path) -> None:
    first = loaded(tmp_path / "a")
    rewritten = loaded(tmp_path / "b", {"outcomes.yaml": "# a comment\nsaved:\n  scope: 'account'\n"})
    other = loaded(tmp_path / "c", changed("caps.yaml", "limit: 1", "limit: 2"))

    assert first.hash == rewritten.hash
    assert first.hash != other.hash


def test_a_policy_file_may_hold_a_list_and_keeps_its_order(tmp_path: Path) -> None:
    second = FILES["policies/sales.yaml"].replace("no-sales-with-a-ticket", "aaa")
    both = "\n".join(
        f"- {part.replace(chr(10), chr(10) + '  ').rstrip()}"
        for part in (FILES["policies/sales.yaml"], second)
    )

    playbook = loaded(tmp_path, {"policies/sales.yaml": both})

    assert [policy.name for policy in playbook.policies] == ["no-sales-with-a-ticket", "aaa"]


def test_reload_puts_the_new_playbook_in_force(tmp_path: Path) -> None:
    live = LivePlaybook(a_directory(tmp_path))
    before = live.current

    assert live.reload() is before
    a_directory(tmp_path, changed("caps.yaml", "limit: 1", "limit: 9"))
    assert live.reload().caps[0].limit == 9
    assert live.current is not before


def test_a_bad_file_leaves_the_old_playbook_running(tmp_path: Path) -> None:
    live = LivePlaybook(a_directory(tmp_path))
    before = live.current
    a_directory(tmp_path, changed("caps.yaml", "limit: 1", "limit: many"))

    with pytest.raises(
        PlaybookErrors, match=r"`caps.yaml` line 1 column \d+: expected a whole number, found `many`"
    ):
        live.reload()

    assert live.current is before


def test_the_tests_beside_plays_and_policies_run(tmp_path: Path) -> None:
    results = run_tests(a_directory(tmp_path))

    assert [result.subject for result in results] == [
        "policy no-sales-with-a-ticket",
        "policy no-sales-with-a-ticket",
        "play rescue",
        "play rescue",
    ]
    assert all(result.passed for result in results)


def test_a_failing_test_tells_where_it_stands_and_what_came_out(tmp_path: Path) -> None:
    files = changed("policies/sales.yaml", "expect: allow", "expect: defer")

    (failed,) = [result for result in run_tests(a_directory(tmp_path, files)) if not result.passed]

    assert (failed.file, failed.line) == ("policies/sales.yaml", 10)
    assert (failed.expected, failed.found) == ("defer", "allow")


def test_a_test_on_an_unknown_fact_or_value_is_an_error(tmp_path: Path) -> None:
    files = changed("plays/rescue.yaml", "{account.health: 40}", "{account.helth: 40, account.arr: lots}")

    with pytest.raises(PlaybookErrors) as caught:
        run_tests(a_directory(tmp_path, files))

    assert str(caught.value).splitlines() == [
        "`plays/rescue.yaml` line 14 column 13: unknown fact `account.helth`; did you mean `account.health`?",
        (
            "`plays/rescue.yaml` line 14 column 45: fact `account.arr`: `lots` is no amount of money; "
            "write currency and amount, such as `EUR 5000`"
        ),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("", ""), ("public_base_url: https://segue.acme.example/eu\n", "https://segue.acme.example/eu")],
)
def test_where_customers_reach_the_pages_is_optional(tmp_path: Path, written: str, read: str) -> None:
    settings = loaded(tmp_path, {"settings.yaml": FILES["settings.yaml"] + written}).settings

    assert settings.public_base_url == read


def test_an_address_of_pages_ends_without_a_slash(tmp_path: Path) -> None:
    settings = FILES["settings.yaml"] + "public_base_url: https://segue.acme.example/\n"

    with pytest.raises(PlaybookErrors, match="line 8 column 18"):
        loaded(tmp_path, {"settings.yaml": settings})
