"""Whatever is wrong is told with its place and a suggestion, all at once."""

from pathlib import Path

import pytest

from segue.core.errors import PlaybookError
from segue.playbook.problems import UNREADABLE, PlaybookErrors
from tests.unit.playbook.building import FILES, a_directory, changed, loaded, problems

Files = dict[str, str | None]
CASES: dict[str, tuple[Files, str]] = {
    "a mistyped key": (
        changed("actions.yaml", "template:", "templat:"),
        "`actions.yaml` line 8 column 3: unknown key `templat`; did you mean `template`?",
    ),
    "a missing key": (
        changed("offers.yaml", "kind: discount, ", ""),
        "`offers.yaml` line 1 column 6: key `kind` is missing; add it",
    ),
    "an unknown zone": (
        changed("settings.yaml", "Europe/Paris", "Europe/Pariss"),
        "`settings.yaml` line 5 column 15: unknown time zone `Europe/Pariss`; did you mean `Europe/Paris`?",
    ),
    "an unknown currency": (
        changed("settings.yaml", "EUR 1.50", "EUX 1.50"),
        "`settings.yaml` line 7 column 12: unknown currency `EUX`; did you mean `EUR`?",
    ),
    "an unknown currency among the rates": (
        changed("settings.yaml", "USD: 0.9", "USX: 0.9"),
        "`settings.yaml` line 4 column 41: unknown currency `USX`; did you mean `USD`?",
    ),
    "a currency without a rate": (
        changed("actions.yaml", "EUR 2", "GBP 2"),
        "`actions.yaml` line 10 column 9: no rate from `GBP` to `EUR`; add it to `rates` in `settings.yaml`",
    ),
    "more decimals than the currency has": (
        changed("actions.yaml", "EUR 2", "JPY 2.5"),
        "`actions.yaml` line 10 column 9: `JPY 2.5` has more decimal places than JPY has",
    ),
    "an unknown fact": (
        changed("plays/rescue.yaml", "audience: account.health", "audience: acount.health"),
        "`plays/rescue.yaml` line 10 column 11: unknown fact `acount.health`; did you mean `account.health`?",
    ),
    "an expression of the wrong type": (
        changed("plays/rescue.yaml", "value: account.arr", "value: account.health"),
        (
            "`plays/rescue.yaml` line 3 column 31: expected money, found int; "
            'write money in minor units, such as `money(50000, "EUR")`'
        ),
    ),
    "an unknown action": (
        changed("plays/rescue.yaml", "[mail,", "[mial,"),
        "`plays/rescue.yaml` line 11 column 11: unknown action `mial`; did you mean `mail`?",
    ),
    "an unknown detector": (
        changed("plays/rescue.yaml", "detector: dropped", "detector: droped"),
        "`plays/rescue.yaml` line 8 column 16: unknown detector `droped`; did you mean `dropped`?",
    ),
    "an unknown signal kind": (
        changed("plays/rescue.yaml", "{intent: cancel}", "{signal: page.viewd}"),
        "`plays/rescue.yaml` line 9 column 14: unknown signal kind `page.viewd`; did you mean `page.viewed`?",
    ),
    "a listener of two minds": (
        changed("plays/rescue.yaml", "{intent: cancel}", "{intent: cancel, signal: page.viewed}"),
        (
            "`plays/rescue.yaml` line 9 column 5: a line of `listen` names exactly one of signal, detector, "
            "intent, message"
        ),
    ),
    "an unknown outcome": (
        changed("plays/rescue.yaml", "outcome: saved", "outcome: savd"),
        "`plays/rescue.yaml` line 3 column 17: unknown outcome `savd`; did you mean `saved`?",
    ),
    "an unknown autonomy": (
        changed("plays/rescue.yaml", "autonomy: approve", "autonomy: aprove"),
        "`plays/rescue.yaml` line 12 column 11: unknown word `aprove`; did you mean `approve`?",
    ),
    "a state with less chance than the one before": (
        changed(
            "plays/rescue.yaml", "engaged: thread.last_inbound_days < 14", "engaged: {when: true, chance: 5%}"
        ),
        "`plays/rescue.yaml` line 6 column 12: state `engaged` has less chance than the one before it",
    ),
    "an unknown template": (
        changed("actions.yaml", "template: rescue", "template: resque"),
        "`actions.yaml` line 8 column 13: unknown template `resque`; did you mean `rescue`?",
    ),
    "an unknown sender": (
        changed("actions.yaml", "sender: team", "sender: tem"),
        "`actions.yaml` line 7 column 11: unknown sender `tem`; did you mean `team`?",
    ),
    "an unknown cap": (
        changed("offers.yaml", "budget: daily", "budget: dayly"),
        "`offers.yaml` line 1 column 69: unknown cap `dayly`; did you mean `daily`?",
    ),
    "an unknown state": (
        changed("actions.yaml", "at_risk: 20%", "atrisk: 20%"),
        "`actions.yaml` line 11 column 21: unknown state `atrisk`; did you mean `at_risk`?",
    ),
    "a share above one": (
        changed("actions.yaml", "opt_out: 0.4%", "opt_out: 40"),
        (
            "`actions.yaml` line 12 column 12: `40` is not between 0% and 100%; write it in "
            "percent, such as `35%`"
        ),
    ),
    "a duration without a unit": (
        changed("policies/sales.yaml", "hold: 12h", "hold: 12"),
        (
            "`policies/sales.yaml` line 6 column 7: `12` is no duration; write it with "
            "its unit, such as `3d`, "
            "`12h` or `30m`"
        ),
    ),
    "hours that do not exist": (
        changed("windows.yaml", "09:00-21:00", "21:00-09:00"),
        "`windows.yaml` line 5 column 21: `21:00-09:00` are no hours; write `08:00-21:00` or `closed`",
    ),
    "a defer without until": (
        changed("policies/sales.yaml", "then: forbid", "then: defer"),
        "`policies/sales.yaml` line 3 column 7: `then: defer` needs `until`",
    ),
    "an unknown blank": (
        changed("templates/rescue.yaml", "offer.words", "offer.wrods"),
        "`templates/rescue.yaml` line 8: unknown blank `offer.wrods`; did you mean `offer.words`?",
    ),
    "an unknown blank of an argument": (
        changed("actions.yaml", "account.plan", "account.plam"),
        "`actions.yaml` line 13: unknown blank `account.plam`; did you mean `account.plan`?",
    ),
    "a template that never ends": (
        changed("templates/rescue.yaml", "{{ offer.words }}", "{% if brand %}"),
        (
            "`templates/rescue.yaml` line 8: cannot read the template: Unexpected end of template. Jinja was "
            "looking for the following tags: 'elif' or 'else' or 'endif'. The innermost "
            "block that needs to be "
            "closed is 'if'."
        ),
    ),
    "a template that wants more than it may": (
        changed("templates/rescue.yaml", "{{ offer.words }}", "{% include 'x' %}"),
        "`templates/rescue.yaml` line 8: `include` is not part of templates; use blanks, `if` and `for`",
    ),
    "an unknown filter": (
        changed("templates/rescue.yaml", "offer.words }}", "offer.words | lowr }}"),
        "`templates/rescue.yaml` line 8: unknown filter `lowr`; did you mean `lower`?",
    ),
    "an unknown counter": (
        changed("detectors.yaml", "counter: usage", "counter: signal:mail.opend"),
        "`detectors.yaml` line 1 column 57: unknown signal kind `mail.opend`; did you mean `mail.opened`?",
    ),
    "a setting of another detector": (
        changed("detectors.yaml", "counter: usage", "counter: usage, days: 3"),
        (
            "`detectors.yaml` line 1 column 70: a detector of type `usage_dropped` takes no `days`; it takes "
            "`window_days`, `baseline_days`, `min_days`, `drop`, `outage_below`, `at_least`, `again_days`"
        ),
    ),
    "a fact that Segue derives": (
        {"facts.yaml": FILES["facts.yaml"] + "person.angry: {type: bool, doc: mood}\n"},
        (
            "`facts.yaml` line 7 column 1: fact `person.angry` is derived by Segue; remove "
            "it, or choose another name"
        ),
    ),
    "an opt-out redefined": (
        {"intents.yaml": FILES["intents.yaml"] + "opt_out: {phrases: [bye]}\n"},
        (
            "`intents.yaml` line 2 column 10: intent `opt_out` cannot be redefined; it "
            "is built in, and takes back "
            "consent; name yours otherwise"
        ),
    ),
    "a phrase without a word": (
        changed("intents.yaml", "want to cancel", '"*"'),
        "`intents.yaml` line 1 column 21: phrase `*` has no word; write words in lower case",
    ),
    "a file with no place": (
        {"polices/x.yaml": "a: 1\n"},
        "`polices/x.yaml`: this file has no place in a playbook; did you mean `policies`?",
    ),
    "another spelling of yaml": (
        {"plays/x.yml": "a: 1\n"},
        "`plays/x.yml`: this file has no place in a playbook; name it `x.yaml`",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_problem_is_located_and_explained(name: str, tmp_path: Path) -> None:
    files, expected = CASES[name]

    assert problems(tmp_path, files) == [expected]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files = CASES["an unknown zone"][0] | CASES["an unknown cap"][0] | CASES["an unknown fact"][0]
    files |= {"settings.yaml": FILES["settings.yaml"], **CASES["a mistyped key"][0]}

    found = problems(tmp_path, files)

    assert [line.split("`")[1] for line in found] == ["actions.yaml", "offers.yaml", "plays/rescue.yaml"]


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("offers.yaml", "kind: discount", "kynd: discount", 2),
        ("facts.yaml", "health: {type: int", "health: {type: itn", 1),
        ("facts.yaml", "plan: {type: text", "plan: {type: txt", 1),
        ("plays/rescue.yaml", "scope: account", "scope: acount", 1),
    ],
)
def test_an_entry_with_a_mistake_is_not_called_unknown_elsewhere(
    name: str, old: str, new: str, found: int, tmp_path: Path
) -> None:
    told = problems(tmp_path, changed(name, old, new))

    assert [line.split("`")[1] for line in told] == [name] * found


TRANSFORM = """\
- policy: {a}-to-{b}
  when: action.channel == "{a}" and action.purpose == "commercial"
  then: transform
  set: {{channel: {b}}}
  why: It reads better there.
  source: house rule
  tests: [{{given: {{action.channel: {a}, action.purpose: commercial}}, expect: transform}}]
"""


def transforms(*pairs: tuple[str, str]) -> dict[str, str | None]:
    return {"policies/moves.yaml": "".join(TRANSFORM.format(a=a, b=b) for a, b in pairs)}


def test_transforms_that_go_in_a_circle_are_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, transforms(("email", "sms"), ("sms", "whatsapp"), ("whatsapp", "email")))

    assert "transforms of `channel` go in a circle: `whatsapp` -> `email` -> `sms` -> `whatsapp`" in found
    assert found.startswith("`policies/moves.yaml` line 18 column 18")


def test_transforms_that_come_to_rest_are_fine(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, transforms(("email", "sms"), ("whatsapp", "sms"))).policies) == 3


def test_a_transform_cannot_set_a_recipient(tmp_path: Path) -> None:
    files = transforms(("email", "sms"))
    files = {
        name: (text or "").replace("{channel: sms}", "{profile_id: someone}") for name, text in files.items()
    }

    (found,) = problems(tmp_path, files)

    assert "a transform may not set `profile_id`" in found


def test_a_link_out_of_the_directory_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(FILES["plays/rescue.yaml"], encoding="utf-8")
    root = a_directory(tmp_path / "playbook", {"plays/rescue.yaml": None})
    (root / "plays").mkdir()
    (root / "plays" / "rescue.yaml").symlink_to(outside)

    found = problems(root, {"plays/rescue.yaml": None})

    assert found[-1] == "`plays/rescue.yaml`: this link leads out of the playbook directory"


def test_a_directory_without_settings_or_that_is_missing_is_told(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "a", {"settings.yaml": None})

    assert "there is no `settings.yaml`" in found


def test_what_cannot_be_read_comes_before_what_follows_from_it() -> None:
    slip = PlaybookError(f"{UNREADABLE}: did not find `]`", file="intents.yaml", line=9)
    follows = PlaybookError("unknown intent `cancel`", file="answers.yaml", line=2)

    assert PlaybookErrors([follows, slip]).errors == (slip, follows)
