"""Facts of the promise ledger, by name: what is owed to us, what we owe, and until when to keep away."""

from collections.abc import Callable, Iterator

from segue.core.expr import Type
from segue.core.facts import believed
from segue.core.records.binding import Binding, DerivedFacts
from segue.core.records.promised import ASK_AGAIN, DEEDS, PREDICATE, QUIET, Promised, promises_in
from segue.core.records.signals import Kind
from segue.core.units import SECOND
from segue.graph.derived import all_, closed, open_, yes_no

_Of = Callable[[Promised], bool]


def _promises(binding: Binding) -> Iterator[Promised]:
    """All that are known of the person, as they stand now."""
    context = binding.context
    return (one for one in promises_in(context.beginning(PREDICATE)) if one.subject in context.own)


def _open(binding: Binding) -> Iterator[Promised]:
    now, grace = binding.context.now, binding.playbook.settings.promise_grace_s * SECOND
    return (one for one in _promises(binding) if one.state_at(now, grace) == "open")


def _owed_by(binding: Binding, who: str) -> tuple[str, ...]:
    found = (one for one in _open(binding) if one.who == who and one.what in DEEDS)
    return tuple(sorted({one.what for one in found}))


def _until(binding: Binding, wanted: _Of) -> int | None:
    """The latest instant ahead that such a promise is due at."""
    ahead = (one.due_at for one in _open(binding) if wanted(one) and one.due_at > binding.context.now)
    return max(ahead, default=None)


def _theirs(one: Promised) -> bool:
    return one.who == "customer" and one.what in DEEDS


def _ask_again(one: Promised) -> bool:
    return one.what == ASK_AGAIN


def _quiet(one: Promised) -> bool:
    return one.what == QUIET


def _away_until(binding: Binding) -> int | None:
    fact = believed(binding.context, "person", "away_until")
    ahead = fact is not None and isinstance(fact.value, int) and fact.value > binding.context.now
    return fact.value if fact is not None and ahead else None


def _broken(binding: Binding) -> int:
    now, grace = binding.context.now, binding.playbook.settings.promise_grace_s * SECOND
    return sum(one.state_at(now, grace) == "broken" for one in _promises(binding) if one.who == "company")


def _spoken_of(binding: Binding) -> Promised | None:
    """The promise that a `promise.due` signal speaks of."""
    signal = binding.signal
    if signal is None or signal.kind is not Kind.PROMISE_DUE:
        return None
    return next((one for one in _promises(binding) if one.id == signal.body.get("promise")), None)


def _told(of: Callable[[Promised], str]) -> Callable[[Binding], str]:
    def read(binding: Binding) -> str:
        one = _spoken_of(binding)
        return of(one) if one is not None else ""

    return read


def _handed_back(binding: Binding) -> bool:
    one = _spoken_of(binding)
    return one is not None and one.handed_back


PROMISES: DerivedFacts = all_(
    (
        closed(
            "person.promises_open",
            (),
            "what the person said they would do and has not done, such as `call` or `pay`",
            lambda b: _owed_by(b, "customer"),
        ),
        closed(
            "person.promises_owed",
            (),
            "what the company promised the person and has not done",
            lambda b: _owed_by(b, "company"),
        ),
        closed("person.promises_broken", 0, "promises to the person not kept in the last half year", _broken),
        yes_no(
            "person.promised",
            "whether the person said they would do something by a time that lies ahead",
            lambda b: _until(b, _theirs) is not None,
        ),
        open_(
            "person.promised_until",
            Type.INSTANT,
            "by when the person said they would do something",
            lambda b: _until(b, _theirs),
        ),
        yes_no(
            "person.ask_later",
            "whether the person asked to be asked again at a time that lies ahead",
            lambda b: _until(b, _ask_again) is not None,
        ),
        open_(
            "person.ask_again_at",
            Type.INSTANT,
            "when the person asked to be asked again",
            lambda b: _until(b, _ask_again),
        ),
        yes_no("person.away", "whether the person is out of office", lambda b: _away_until(b) is not None),
        open_("person.away_until", Type.INSTANT, "until when the person is out of office", _away_until),
        yes_no(
            "person.promised_quiet",
            "whether the company promised to leave the person alone until a time that lies ahead",
            lambda b: _until(b, _quiet) is not None,
        ),
        open_(
            "person.quiet_until",
            Type.INSTANT,
            "until when the company promised to leave the person alone",
            lambda b: _until(b, _quiet),
        ),
        closed("signal.promise", "", "what was promised, where a promise is due", _told(lambda p: p.what)),
        closed("signal.promise_by", "", "who promised it: customer or company", _told(lambda p: p.who)),
        closed(
            "signal.promise_state",
            "",
            "what has become of it: open (it is due soon), kept or broken",
            _told(lambda p: p.state),
        ),
        yes_no(
            "signal.promise_handed_back",
            "whether a colleague left the promise to Segue with the conversation",
            _handed_back,
        ),
    )
)
