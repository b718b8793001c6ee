"""The facts of one step by name, as expressions ask for them: each read once, and on record as used."""

from collections.abc import Hashable, Mapping
from typing import cast

import msgspec

from segue.core.errors import InputError
from segue.core.expr import Type, Value
from segue.core.facts import Root, beats, subjects
from segue.core.money import Money, Rates
from segue.core.records.binding import Binding, DerivedFacts
from segue.core.records.context import Context
from segue.core.records.decisions import Candidate, FactUsed
from segue.core.records.memory import Fact, Goal
from segue.core.records.playbook import FactSource
from segue.core.zones import local_day
from segue.graph.bodies import type_of
from segue.graph.derived import reached
from segue.graph.places import zone_name

OWN_ROOTS = frozenset({"action", "goal", "window", "consent", "outcome"})
"""First words of names whose value may differ between the candidates and goals of one step."""

_SIGNAL_ROOTS = frozenset({"signal", "message"})
_ROOTS: Mapping[str, Root] = {"person": "person", "account": "account", "tenant": "tenant"}


class FactView(dict[str, "Value | None"]):
    """What names mean in one binding; call it with a full name.

    Absence is None: a closed-world default is applied by the expression. Views made by `bind` share what
    does not depend on candidate and goal, so that a step reads it once. A view is the dictionary of what was
    read through it: rules ask it hundreds of times a step, so a name that is known costs one look-up.

    Args:
        binding: What names speak of.
        derived: All derived facts of the house.
    """

    __slots__ = ("_derived", "_own", "_shared", "binding")

    def __init__(self, binding: Binding, derived: DerivedFacts, *, shared: "_Shared | None" = None) -> None:
        self.binding = binding
        self._derived = derived
        self._own: dict[str, FactUsed] = {}
        self._shared = shared or _Shared(binding)
        super().__init__(self._shared.values)

    __call__ = dict.__getitem__
    """Value of a fact by full name, or None where it is not on record."""

    def __missing__(self, name: str) -> Value | None:
        used = self._find(name)
        value: Value | None = used.value
        self[name] = value
        return value

    def bind(self, *, candidate: Candidate | None = None, goal: Goal | None = None) -> "FactView":
        """A view of another candidate or goal; what is not given stays as it is here."""
        here = self.binding
        there = Binding(
            context=here.context,
            playbook=here.playbook,
            signal=here.signal,
            percept=here.percept,
            goal=goal or here.goal,
            candidate=candidate or here.candidate,
        )
        return FactView(there, self._derived, shared=self._shared)

    def used(self) -> tuple[FactUsed, ...]:
        """Facts read so far, by name: shared ones of the whole step, others of this view alone."""
        return tuple(used for _, used in sorted({**self._shared.used, **self._own}.items()))

    def _find(self, name: str) -> FactUsed:
        root = name.partition(".")[0]
        if root in OWN_ROOTS:
            used = self._own[name] = self._find_own(name, root)
            return used
        shared = self._shared
        known = shared.used.get(name)
        if known is None:
            known = shared.used[name] = self._read(name, root, shared.binding)
            shared.values[name] = known.value
        return known

    def _find_own(self, name: str, root: str) -> FactUsed:
        """Read a fact of this candidate, or take over what another one with equal dependencies read."""
        derived = self._derived.get(name)
        if derived is None:
            return self._read(name, root, self.binding)
        if derived.by is None:
            return FactUsed(name, derived.of(self.binding))
        alike = (name, derived.by(self.binding))
        used = self._shared.alike.get(alike)
        if used is None:
            used = self._shared.alike[alike] = self._read(name, root, self.binding)
        return used

    def _read(self, name: str, root: str, binding: Binding) -> FactUsed:
        source = binding.playbook.facts.get(name)
        if source is not None and source.gathering == "stored":
            return self._stored(source, _ROOTS.get(root))
        if source is not None and source.gathering == "counted":
            return FactUsed(name, counted(binding, source, _ROOTS.get(root, "person")))
        origin = binding.signal.id if binding.signal is not None and root in _SIGNAL_ROOTS else ""
        derived = self._derived.get(name)
        if derived is not None:
            return FactUsed(name, derived.of(binding), origin)
        return FactUsed(name, reached(binding, name.partition(".")[2]) if root == "outcome" else None)

    def _stored(self, source: FactSource, root: Root | None) -> FactUsed:
        fact = self._shared.stored().get((root, source.predicate)) if root else None
        if fact is None:
            return FactUsed(source.name, None)
        rates = self.binding.playbook.settings.rates
        return FactUsed(source.name, expressed(fact.value, type_of(source), rates), fact.signal_id)


class _Shared:
    """What all views of one step have in common."""

    __slots__ = ("_stored", "alike", "binding", "used", "values")

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.used: dict[str, FactUsed] = {}
        self.values: dict[str, Value | None] = {}
        self.alike: dict[tuple[str, Hashable], FactUsed] = {}
        self._stored: dict[tuple[Root, str], Fact] | None = None

    def stored(self) -> dict[tuple[Root, str], Fact]:
        """Believed single-valued facts by root and predicate."""
        if self._stored is None:
            self._stored = _believed(self.binding.context)
        return self._stored


def _believed(context: Context) -> dict[tuple[Root, str], Fact]:
    root_of = {subject: root for root in _ROOTS.values() for subject in subjects(context, root)}
    found: dict[tuple[Root, str], Fact] = {}
    for fact in context.facts:
        root = root_of.get(fact.subject)
        if root is None or fact.qualifier or fact.value is None:
            continue
        held = found.get((root, fact.predicate))
        if held is None or beats(fact, held):
            found[root, fact.predicate] = fact
    return found


def expressed(value: object, wanted: Type, rates: Rates) -> Value | None:
    """A stored value as expressions see it; unknown where it does not fit what is declared now.

    Money is converted to micro-units of the reporting currency at the playbook's rates.
    """
    if wanted is Type.MONEY:
        return _micro(value, rates)
    if wanted is Type.TEXT_LIST and isinstance(value, list):
        value = tuple(value)
    if not wanted.accepts(value):
        return None
    return cast("Value", value)


def _micro(value: object, rates: Rates) -> int | None:
    try:
        return rates.to_micro(msgspec.convert(value, Money))
    except (InputError, msgspec.ValidationError):
        return None


def counted(binding: Binding, source: FactSource, root: Root) -> int:
    """The sum of a counter over the last days, today included, by the person's calendar."""
    context = binding.context
    today = local_day(context.now, zone_name(context, binding.playbook.settings))
    total = 0
    for subject in subjects(context, root):
        for day, count in context.counts.get((subject, source.counter), {}).items():
            if day <= today and (not source.days or day > today - source.days):
                total += count
    return total
