"""Corrections: what a human says instead of something remembered, as a signal of theirs."""

from dataclasses import dataclass
from typing import Any

import msgspec

from segue.core.encoding import digest
from segue.core.errors import InputError, MissingError
from segue.core.ports import PersonView
from segue.core.records.playbook import FactSource, Playbook
from segue.core.records.signals import Kind
from segue.graph.bodies import Body
from segue.graph.correcting import ELSEWHERE, beyond, correctable, corrected_value, unknown
from segue.playbook.scalars import money
from segue.runtime.admission import Accepted, Draft, name_of, own
from segue.runtime.parts import Driver
from segue.runtime.tenant import Tenant

SOURCE = "segue.memory"
_MOST_WHY = 2_000
_MOST_VALUE = 10_000
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a human says of one item.

    Attributes:
        predicate: Which item; `qualifier` where it has several values.
        value: As JSON has it, or as text; None: it is to be forgotten.
        by: Who says so, such as `rep:anna`.
        why: In their words.
        of: `person`, or `account` for what is known of their account.
    """

    predicate: str
    value: Any
    by: str
    why: str
    qualifier: str = ""
    of: str = "person"


class Corrections:
    """Turns corrections into signals.

    Args:
        tenant: Whose memory it is.
        driver: Takes the signals in.
    """

    def __init__(self, tenant: Tenant, driver: Driver) -> None:
        self._tenant = tenant
        self._driver = driver

    async def submit(self, view: PersonView, playbook: Playbook, said: Correction) -> Accepted:
        """Record a correction of somebody as they are known now; returns when it is in force.

        Raises:
            MissingError: There is no such item.
            InputError: It cannot be corrected, the value is of another type, or nobody says why.
        """
        is_elsewhere = said.predicate.startswith(ELSEWHERE)
        problem = unknown(playbook, said.predicate, said.of, forget=said.value is None)
        if problem and not is_elsewhere:
            raise MissingError(problem)
        draft = self._draft(view, playbook, said)
        signal = draft.received(self._tenant.time.now())
        value = None if said.value is None else draft.body["value"]
        corrected_value(playbook, Body(signal), said.of, value)
        if said.of == "person" and value is not None and (problem := beyond(said.predicate, value)):
            raise InputError(f"value: {problem}")
        return await self._driver.submit_and_step(draft)

    def _draft(self, view: PersonView, playbook: Playbook, said: Correction) -> Draft:
        if said.of not in {"person", "account"} or (said.of == "account" and not view.account_id):
            raise InputError("of: write `person`, or `account` where they belong to one")
        body: dict[str, Any] = {
            "predicate": name_of("predicate", said.predicate),
            "qualifier": name_of("qualifier", said.qualifier, least=0),
            "of": said.of,
            "by": name_of("by", said.by),
            "why": name_of("why", said.why.strip(), most=_MOST_WHY),
        }
        if said.value is None:
            body["forget"] = True
        else:
            source = correctable(playbook, said.of).get(said.predicate)
            body["value"] = typed(said.value, source) if source is not None else said.value
        if len(msgspec.json.encode(body)) > _MOST_VALUE:
            raise InputError(f"value: it is longer than {_MOST_VALUE:,} characters")
        with self._tenant.store.read() as reader:
            position = reader.position()
        subject = f"profile:{view.profile_ids[0]}"
        source_id = f"{subject}:{position}:{digest(body, size=8)}"
        return own(self._tenant.ids, Kind.MEMORY_CORRECTED, SOURCE, source_id, body=body, subject=subject)


def typed(value: Any, source: FactSource) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A value written as text, in the type of its fact; what is typed already stays as it is.

    >>> typed("40", FactSource("person.team_size", "stored", "team_size", "int"))
    40
    >>> typed("EUR 500", FactSource("person.budget", "stored", "budget", "money"))
    {'amount': 50000, 'currency': 'EUR'}

    Raises:
        InputError: The text is no such value.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        match source.type:
            case "int" | "duration":
                return int(text)
            case "bool":
                return _YES_NO[text.lower()]
            case "list":
                return [item.strip() for item in text.split(",") if item.strip()]
            case "money":
                amount = money(text)
                return {"amount": amount.amount, "currency": amount.currency}
            case _:
                return text
    except (ValueError, KeyError) as error:
        hint = f": {error}" if source.type == "money" else ""
        raise InputError(f"value: `{text[:60]}` is no {source.type}{hint}") from error
