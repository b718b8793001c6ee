"""What is private never decides whom a play is for, what is offered, what it costs, or what is said."""

from pathlib import Path

import pytest

from tests.unit.playbook.building import FILES, changed, loaded, problems

PRIVATE = '"health" in person.private'
SENSITIVE = {"facts.yaml": FILES["facts.yaml"] + "person.notes: {type: text, doc: n, sensitive: true}\n"}
STAFF = {"facts.yaml": FILES["facts.yaml"] + "person.rank: {type: text, default: '', doc: r, tell: staff}\n"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("plays/rescue.yaml", "audience: account.health < 60", f"audience: '{PRIVATE}'"),
        ("plays/rescue.yaml", "at_risk: account.health < 60", f"at_risk: '{PRIVATE}'"),
        ("plays/rescue.yaml", "- {intent: cancel}", f"- {{intent: cancel, when: '{PRIVATE}'}}"),
        ("actions.yaml", "  cost: EUR 2", f"  when: '{PRIVATE}'\n  cost: EUR 2"),
        ("offers.yaml", "budget: daily", f"budget: daily, to: '{PRIVATE}'"),
        ("caps.yaml", 'action.purpose == "commercial"', f"'{PRIVATE}'"),
    ],
    ids=["audience", "state", "listen", "action", "offer", "cap"],
)
def test_no_expression_of_audience_offer_price_or_score_asks_for_it(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, changed(name, old, new))

    assert len(found) == 1
    assert found[0].startswith(f"`{name}` line ")
    assert "fact `person.private` is private and decides nothing here; a policy that forbids" in found[0]


def test_a_policy_may_hold_back_for_it(tmp_path: Path) -> None:
    old = '"billing" in person.open_tickets\nthen'

    playbook = loaded(tmp_path, changed("policies/sales.yaml", old, f"{PRIVATE}\nthen"))

    assert "person.private" in playbook.policies[0].when.names


def test_a_transform_may_not(tmp_path: Path) -> None:
    files = changed("policies/sales.yaml", "then: forbid", "then: transform\nset: {offer: ten}")
    text = str(files["policies/sales.yaml"]).replace('"billing" in person.open_tickets\n', f"{PRIVATE}\n")

    found = problems(tmp_path, {"policies/sales.yaml": text})

    assert any("is private and decides nothing here" in problem for problem in found)


@pytest.mark.parametrize(
    ("files", "blank", "problem"),
    [
        ({}, "person.private", "`person.private` is private: no text holds it"),
        (SENSITIVE, "person.notes", "`person.notes` is private: no text holds it"),
        (STAFF, "person.rank", "`person.rank` is told to staff alone"),
        ({}, "brief", "the `brief` is for colleagues"),
    ],
)
@pytest.mark.parametrize("form", ["{{{{ {0} }}}}", "{{% if {0} %}}x{{% endif %}}"], ids=["printed", "asked"])
def test_no_text_to_a_customer_holds_it(
    files: dict[str, str], blank: str, problem: str, form: str, tmp_path: Path
) -> None:
    text = changed("templates/rescue.yaml", "we offer", f"{form.format(blank)} we offer")

    (found,) = problems(tmp_path, {**files, **text})

    assert found.startswith("`templates/rescue.yaml` line ")
    assert problem in found


def test_arguments_for_colleagues_may_hold_what_colleagues_are_told(tmp_path: Path) -> None:
    internal = {
        "actions.yaml": FILES["actions.yaml"]
        .replace("commercial", "internal")
        .replace("  channel: email\n", "")
    }
    note = "plan {{ account.plan }}"

    staff = loaded(
        tmp_path / "a", {**STAFF, "actions.yaml": internal["actions.yaml"].replace(note, "{{ person.rank }}")}
    )
    (private,) = problems(
        tmp_path / "b",
        {**SENSITIVE, "actions.yaml": internal["actions.yaml"].replace(note, "{{ person.notes }}")},
    )

    assert staff.actions["mail"].arguments["note"].names == {"person.rank"}
    assert "`person.notes` is private" in private


def test_a_sensitive_fact_is_asked_for_by_no_play_either(tmp_path: Path) -> None:
    files = changed("plays/rescue.yaml", "audience: account.health < 60", 'audience: person.notes == "x"')

    (found,) = problems(tmp_path, {**SENSITIVE, **files})

    assert "fact `person.notes` is private and decides nothing here" in found


def test_what_is_private_is_not_asked_of_anybody(tmp_path: Path) -> None:
    files = changed("actions.yaml", "  cost: EUR 2", "  asks: {person.private: How are you?}\n  cost: EUR 2")

    (found,) = problems(tmp_path, files)

    assert "fact `person.private` is private" in found
