"""Draft: the final arguments of a choice, and the second policy check, on the written words."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from segue import policy
from segue.core.errors import MissingError
from segue.core.money import MICRO, Money
from segue.core.records.playbook import Action, Template
from segue.planner.blanks import OWN, bare
from segue.planner.channels import REACHED_BY
from segue.planner.mailing import mailed
from segue.planner.options import Moment, Option
from segue.planner.reading import text
from segue.planner.wording import objection


def write(moment: Moment, option: Option) -> Option:
    """Fill in recipient and words from systems of record, offers and answers, then check what was written.

    Returns:
        The option with its final arguments, or dropped at `draft` with what is wrong with it.
    """
    if not option.candidate.arguments:
        found = _written(moment, option)
        if isinstance(found, str):
            return option.drop("draft", found)
        option = option.rebound(replace(option.candidate, arguments=found))
    because = objection(moment, option)
    return option.drop("draft", because) if because else _policy(moment, option)


def _policy(moment: Moment, option: Option) -> Option:
    rules = moment.playbook.policies
    candidate, verdict = policy.check(option.candidate, rules, option.bind, "draft", moment.now)
    option = replace(option.rebound(candidate), verdict=verdict)
    if verdict.forbidden:
        return option.drop("draft", next(m.why for m in verdict.matches if m.then == "forbid"))
    return option


def _written(moment: Moment, option: Option) -> dict[str, Any] | str:
    """The arguments of an option, or what keeps them from being written."""
    action = option.action
    if action is None:
        return {}
    try:
        return (
            _addressed(moment, option)
            | _worded(moment, option)
            | mailed(moment, option)
            | _named(moment, option, action)
        )
    except MissingError as error:
        return str(error)


def _addressed(moment: Moment, option: Option) -> dict[str, Any]:
    """Recipient and sender, from systems of record alone."""
    channel = option.candidate.channel
    if not channel:
        return {}
    address = text(option.view, REACHED_BY.get(channel, "person.email"))
    if not address:
        raise MissingError(f"no address for {channel}")
    found = {"to": address, "from": _from(moment, option), "brand": option.candidate.brand}
    return {name: value for name, value in found.items() if value}


def _worded(moment: Moment, option: Option) -> dict[str, Any]:
    action = option.action
    if action is None or not action.template:
        return {}
    template = _template(moment, option, action.template)
    if template is None:
        raise MissingError(f"template `{action.template}` has no wording for {option.candidate.channel}")
    values = _values(moment, option, template.names)
    found = {"text": template.text(values), "subject": template.subject(values)}
    return {name: value for name, value in found.items() if value}


def _named(moment: Moment, option: Option, action: Action) -> dict[str, Any]:
    return {
        name: blank.render(_values(moment, option, blank.names)) for name, blank in action.arguments.items()
    }


def _from(moment: Moment, option: Option) -> str:
    sender = moment.playbook.senders.get(option.candidate.sender)
    if sender is None:
        return ""
    if sender.rep:
        return text(option.view, "account.owner_email", sender.addresses.get(option.candidate.channel, ""))
    return sender.addresses.get(option.candidate.channel, "")


def _template(moment: Moment, option: Option, name: str) -> Template | None:
    """The wording nearest to channel, language and brand; a channel never speaks another's wording."""
    language = text(option.view, "person.language", "en")
    channel, brand = option.candidate.channel, option.candidate.brand
    found = [
        template
        for template in moment.playbook.templates.values()
        if template.name == name and template.channel == (channel or template.channel)
    ]
    if not found:
        return None
    return max(
        found, key=lambda t: (t.language == language, t.language == "en", t.brand == brand, t.brand == "")
    )


def _values(moment: Moment, option: Option, names: Iterable[str]) -> dict[str, Any]:
    """Nested values of a text's blanks: facts, the offer, the sender, the approved answer, the brief."""
    values: dict[str, Any] = {}
    for name in sorted(names):
        root, dot, attribute = name.partition(".")
        if not dot:
            values[root] = bare(moment, option, root)
        elif root in OWN:
            values.setdefault(root, OWN[root](moment, option))
        else:
            values.setdefault(root, {})[attribute] = _shown(moment, name, option.view(name))
    return values


def _shown(moment: Moment, name: str, value: object) -> object:
    """A fact as a reader wants it: money in the reporting currency, the rest as it is."""
    source = moment.playbook.facts.get(name)
    if source is not None and source.type == "money" and isinstance(value, int):
        return str(Money(round(value / MICRO), moment.playbook.settings.rates.reporting))
    return value
