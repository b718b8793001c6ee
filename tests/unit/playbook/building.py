"""A small playbook on disk that tests change one file of."""

from pathlib import Path
from typing import Final

import pytest

from segue.core.records.playbook import Playbook
from segue.playbook import PlaybookErrors, load

FILES: Final = {
    "settings.yaml": """\
tenant: acme
brands: [acme]
reporting_currency: EUR
rates: {as_of: "2026-10-01", per_unit: {USD: 0.9, JPY: 0.006}}
default_zone: Europe/Paris
default_country: FR
attention: EUR 1.50
""",
    "facts.yaml": """\
person.name: {type: text, doc: name}
account.health: {type: int, doc: health}
account.arr: {type: money, doc: revenue}
account.renews_at: {type: instant, doc: renewal}
account.plan: {type: text, default: free, doc: plan}
person.views: {type: int, counter: "page:/pricing", days: 7, doc: views}
""",
    "outcomes.yaml": "saved: {scope: account}\n",
    "caps.yaml": """\
daily: {when: action.purpose == "commercial", per: person, period: day, limit: 1, counts_touches: true}
""",
    "offers.yaml": "ten: {kind: discount, words: ten percent off, percent: 10%, budget: daily}\n",
    "senders.yaml": "team: {brand: acme, display: Acme, addresses: {email: hello@acme.example}}\n",
    "detectors.yaml": "dropped: {type: usage_dropped, scope: account, counter: usage}\n",
    "intents.yaml": "cancel: {phrases: [want to cancel]}\n",
    "answers.yaml": "why: {owner: support, language: en, questions: [cancel], text: Because.}\n",
    "windows.yaml": """\
- country: US
  regions: [TX, FL]
  channels: [sms]
  purposes: [commercial]
  hours: {weekdays: 09:00-21:00, sunday: closed}
  holidays: closed
  source: a law
  reviewed_on: "2026-10-01"
""",
    "templates/rescue.yaml": """\
template: rescue
texts:
  - channel: email
    language: en
    subject: Hello
    text: |
      Dear {{ person.name or "customer" }},
      we offer {{ offer.words }}.
""",
    "actions.yaml": """\
mail:
  purpose: commercial
  connector: email
  verb: send
  effect: K
  channel: email
  sender: team
  template: rescue
  offer: ten
  cost: EUR 2
  advance: {at_risk: 20%, "*": 10%}
  opt_out: 0.4%
  arguments: {note: "plan {{ account.plan }}"}
""",
    "plays/rescue.yaml": """\
play: rescue
scope: account
goal: {outcome: saved, value: account.arr, by: account.renews_at}
states:
  at_risk: account.health < 60
  engaged: thread.last_inbound_days < 14
listen:
  - {detector: dropped, max_age: 3d}
  - {intent: cancel}
audience: account.health < 60
actions: [mail, no_action]
autonomy: approve
tests:
  - given: {account.health: 40}
    audience: true
    state: at_risk
""",
    "policies/sales.yaml": """\
policy: no-sales-with-a-ticket
when: action.purpose == "commercial" and "billing" in person.open_tickets
then: forbid
why: Not now.
source: house rule
hold: 12h
tests:
  - given: {person.open_tickets: [billing], action.purpose: commercial}
    expect: forbid
  - given: {action.purpose: commercial}
    expect: allow
""",
}


def a_directory(root: Path, files: dict[str, str | None] | None = None) -> Path:
    """Write the small playbook with some files changed; None leaves a file out."""
    for name, text in (FILES | (files or {})).items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


def loaded(root: Path, files: dict[str, str | None] | None = None) -> Playbook:
    return load(a_directory(root, files))


def problems(root: Path, files: dict[str, str | None]) -> list[str]:
    """Everything that is wrong, one line each."""
    with pytest.raises(PlaybookErrors) as caught:
        loaded(root, files)
    return str(caught.value).splitlines()


def changed(name: str, old: str, new: str) -> dict[str, str | None]:
    """One file with one passage changed."""
    assert FILES[name].count(old) >= 1
    return {name: FILES[name].replace(old, new, 1)}
