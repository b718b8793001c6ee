"""Which questions of a message the playbook answers now: in the person's language and brand, not expired."""

from segue.core.facts import Root, believed
from segue.core.records.binding import Binding
from segue.core.records.percepts import Percept, Question
from segue.core.records.playbook import Answer, Playbook
from segue.core.units import Instant, to_datetime

_ROOTS: tuple[Root, ...] = ("account", "person")


def answered(percept: Percept, playbook: Playbook, now: Instant, language: str, brand: str) -> tuple[
    tuple[Question, Answer | None], ...
]:  # fmt: skip
    """Each question of a message with its approved answer, or None."""
    return tuple(
        (question, _standing(question.answer, playbook, now, language, brand))
        for question in percept.questions
    )


def open_and_answered(binding: Binding) -> tuple[int, int]:
    """How many questions of the message stay open, and how many have an approved answer."""
    if binding.percept is None:
        return 0, 0
    told = believed(binding.context, "person", "language")
    language = str(told.value) if told is not None else "en"
    brand = _brand(binding)
    found = answered(binding.percept, binding.playbook, binding.context.now, language, brand)
    ready = sum(answer is not None for _, answer in found)
    return len(found) - ready, ready


def _brand(binding: Binding) -> str:
    for root in _ROOTS:
        fact = believed(binding.context, root, "brand")
        if fact is not None and fact.value:
            return str(fact.value)
    return binding.playbook.settings.brands[0]


def _standing(name: str, playbook: Playbook, now: Instant, language: str, brand: str) -> Answer | None:
    """The answer of that name, or another wording of it that suits the person better."""
    named = playbook.answers.get(name)
    if named is None:
        return None
    today = to_datetime(now).date().isoformat()
    found = [
        answer
        for answer in playbook.answers.values()
        if set(answer.questions) & set(named.questions)
        and answer.brand in {"", brand}
        and (not answer.expires_on or answer.expires_on > today)
    ]
    return min(
        found, key=lambda a: (a.language != language, a.brand == "", a.name != name, a.name), default=None
    )
