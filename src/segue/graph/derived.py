"""Facts that are computed from memory: each with its type, what its absence means, and one line for authors.

Those of consent come from `segue.privacy`, those of contact hours from `segue.policy`.
"""

from collections.abc import Callable, Iterable, Iterator

from segue.core.expr import FactDecl, Type, Value, World
from segue.core.facts import Root, believed, facts_of
from segue.core.predicates import SENSITIVE, TOOL, faded, predicate_of
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.context import Context
from segue.core.records.memory import Exposure, Message
from segue.core.units import DAY, HOUR, PPM
from segue.core.zones import local_day
from segue.graph.conversation import UNDELIVERABLE
from segue.graph.memory import AUTOMATIC
from segue.graph.places import zone_name

CERTAINTY = ("unknown", "doubtful", "known")
"""Words of `Context.level`."""

_OF_PRIVATE = f"{SENSITIVE}."
_Of = Callable[[Binding], Value | None]

PRIVATE = "person.private"
"""What may soften how somebody is treated, and never decides what they are offered or what it costs."""


def closed(name: str, default: Value, doc: str, of: _Of) -> DerivedFact:
    """Declare a fact whose absence is `default`; its type is that of the default."""
    if isinstance(default, bool):
        type_ = Type.BOOL
    elif isinstance(default, int):
        type_ = Type.INT
    else:
        type_ = Type.TEXT if isinstance(default, str) else Type.TEXT_LIST
    return DerivedFact(FactDecl(name, type_, World.CLOSED, default, doc), of)


def yes_no(name: str, doc: str, of: _Of) -> DerivedFact:
    """Declare a fact that is true or, where nothing says so, false."""
    return closed(name, default=False, doc=doc, of=of)


def open_(name: str, type_: Type, doc: str, of: _Of) -> DerivedFact:
    """Declare a fact whose absence is unknown."""
    return DerivedFact(FactDecl(name, type_, World.OPEN, None, doc), of)


def outcome_facts(names: Iterable[str]) -> DerivedFacts:
    """Declare `outcome.<name>` for the outcomes of a playbook."""

    def declared(name: str) -> DerivedFact:
        doc = f"whether outcome {name} was reached since the goal opened"
        return yes_no(f"outcome.{name}", doc, lambda binding: reached(binding, name))

    return {fact.decl.name: fact for fact in map(declared, names)}


def reached(binding: Binding, name: str) -> bool:
    """Whether an outcome was reached by the goal's subject since the goal opened; without a goal, ever."""
    goal = binding.goal
    roots: tuple[Root, ...] = ("person", "account")
    if goal is not None:
        roots = ("account",) if goal.subject.startswith("account:") else ("person",)
    since = goal.opened_at if goal is not None else 0
    found = (fact for root in roots for fact in facts_of(binding.context, root, "outcome"))
    return any(fact.qualifier == name and fact.valid_from >= since for fact in found)


def _open_tickets(context: Context, root: Root) -> tuple[str, ...]:
    """Topics of tickets opened and not solved since, whatever order the two were told in."""
    solved: dict[str, int] = {}
    for fact in facts_of(context, root, "ticket_solved"):
        solved[fact.qualifier] = max(fact.valid_from, solved.get(fact.qualifier, fact.valid_from))
    still = (
        str(fact.value)
        for fact in facts_of(context, root, "ticket")
        if fact.qualifier not in solved or fact.valid_from > solved[fact.qualifier]
    )
    return tuple(sorted(set(still)))


def _solved_hours(context: Context, root: Root) -> int | None:
    latest = max((fact.valid_from for fact in facts_of(context, root, "ticket_solved")), default=None)
    return None if latest is None else (context.now - latest) // HOUR


def _is_known(binding: Binding) -> bool:
    return any(believed(binding.context, "person", name) for name in ("email", "phone", "name"))


def _text(root: Root, predicate: str) -> _Of:
    def read(binding: Binding) -> str | None:
        fact = believed(binding.context, root, predicate)
        return fact.value if fact is not None and isinstance(fact.value, str) else None

    return read


def _number(root: Root, predicate: str) -> _Of:
    def read(binding: Binding) -> int | None:
        fact = believed(binding.context, root, predicate)
        return fact.value if fact is not None and Type.INT.accepts(fact.value) else None

    return read


def _mood(binding: Binding) -> str | None:
    fact = believed(binding.context, "person", "mood")
    return str(fact.value) if fact is not None else None


def _mood_percent(binding: Binding) -> int:
    """How surely the mood is felt still: what its words told, faded since."""
    told = believed(binding.context, "person", "mood_ppm")
    if told is None or not Type.INT.accepts(told.value):
        return 0
    age = binding.context.now - told.valid_from
    return faded(int(told.value), age, predicate_of("mood").half_life) * 100 // PPM


def _tools(binding: Binding) -> tuple[str, ...]:
    return tuple(sorted({str(fact.value) for fact in facts_of(binding.context, "person", TOOL)}))


def _private(binding: Binding) -> tuple[str, ...]:
    context = binding.context
    found = (fact for fact in context.beginning(_OF_PRIVATE) if fact.subject in context.own)
    return tuple(sorted({fact.predicate.removeprefix(_OF_PRIVATE) for fact in found}))


def _avoided(binding: Binding) -> tuple[str, ...]:
    found = facts_of(binding.context, "person", "preference.avoid_channel")
    return tuple(sorted({fact.qualifier for fact in found if fact.value is True}))


def _unreachable(binding: Binding) -> tuple[str, ...]:
    """Channels whose address on record is one that a message came back from for good."""
    found = facts_of(binding.context, "person", UNDELIVERABLE)
    dead = {fact.qualifier for fact in found if fact.value == _address(binding, fact.qualifier)}
    return tuple(sorted(dead))


def _address(binding: Binding, channel: str) -> Value | None:
    return _text("person", "phone" if channel in {"sms", "whatsapp"} else channel)(binding)


def _touches(binding: Binding) -> Iterator[Exposure]:
    return (touch for touch in binding.context.exposures if touch.at <= binding.context.now)


def _touches_7d(binding: Binding) -> int:
    since = binding.context.now - 7 * DAY
    return sum(touch.at > since for touch in _touches(binding))


def _touches_today(binding: Binding) -> int:
    zone = zone_name(binding.context, binding.playbook.settings)
    today = local_day(binding.context.now, zone)
    return sum(local_day(touch.at, zone) == today for touch in _touches(binding))


def _renews_in_days(binding: Binding) -> int | None:
    renews_at = _number("account", "renews_at")(binding)
    return (renews_at - binding.context.now) // DAY if isinstance(renews_at, int) else None


def _meeting_upcoming(binding: Binding) -> bool:
    roots: tuple[Root, ...] = ("person", "account")
    found = (fact for root in roots for fact in facts_of(binding.context, root, "meeting"))
    return any(isinstance(fact.value, int) and fact.value > binding.context.now for fact in found)


def _last_inbound(binding: Binding) -> Message | None:
    return next(
        (item for item in binding.context.messages if item.direction == "in" and item.by != AUTOMATIC), None
    )


def _inbound_days(binding: Binding) -> int | None:
    last = _last_inbound(binding)
    return (binding.context.now - last.at) // DAY if last is not None else None


def _inbound_channel(binding: Binding) -> str | None:
    last = _last_inbound(binding)
    return last.channel if last is not None else None


def all_(facts: Iterable[DerivedFact]) -> DerivedFacts:
    """Declared facts by name."""
    return {fact.decl.name: fact for fact in facts}


PERSON = all_(
    (
        yes_no("person.known", "whether a name, e-mail address or phone number is on record", _is_known),
        yes_no(
            "person.is_contact",
            "whether the person is a member of an account",
            lambda b: bool(b.context.profile_ids and b.context.account_id),
        ),
        closed(
            "person.zone",
            "UTC",
            "time zone whose calendar days count for the person",
            lambda b: zone_name(b.context, b.playbook.settings),
        ),
        closed(
            "person.open_tickets",
            (),
            "topics of the person's open tickets",
            lambda b: _open_tickets(b.context, "person"),
        ),
        open_(
            "person.ticket_solved_hours",
            Type.INT,
            "hours since the person's latest solved ticket",
            lambda b: _solved_hours(b.context, "person"),
        ),
        closed("person.mood", "calm", "mood of the person's words in the last three days", _mood),
        closed(
            "person.mood_percent",
            0,
            "how surely the person's mood is felt still, from 100 fading to 0",
            _mood_percent,
        ),
        closed("person.tools", (), "tools the person says they use", _tools),
        closed(
            PRIVATE,
            (),
            "private matters the person told of lately, such as health: only a policy may ask",
            _private,
        ),
        closed(
            "person.link_certainty",
            "known",
            "how certain it is who the signal's number, visitor or id is: known, doubtful or unknown",
            lambda b: CERTAINTY[b.context.level],
        ),
        yes_no("person.angry", "whether the person is angry just now", lambda b: _mood(b) == "angry"),
        closed("person.touches_7d", 0, "touches of the person by anyone in the last 7 days", _touches_7d),
        closed("person.touches_today", 0, "touches of the person by anyone today", _touches_today),
        closed(
            "person.prefers_channel",
            "",
            "channel the person asked for in their own words",
            _text("person", "preference.channel"),
        ),
        closed("person.avoids_channels", (), "channels the person asked not to be reached on", _avoided),
        closed(
            "person.unreachable",
            (),
            "channels whose address on record takes no messages any more",
            _unreachable,
        ),
        open_(
            "person.pause_until",
            Type.INSTANT,
            "until when the person asked to be left alone",
            _number("person", "preference.pause_until"),
        ),
    )
)

ACCOUNT = all_(
    (
        closed(
            "account.id", "", "id of the account, empty where there is none", lambda b: b.context.account_id
        ),
        closed(
            "account.contacts", 0, "number of known people of the account", lambda b: len(b.context.contacts)
        ),
        closed(
            "account.open_tickets",
            (),
            "topics of the account's open tickets",
            lambda b: _open_tickets(b.context, "account"),
        ),
        open_(
            "account.ticket_solved_hours",
            Type.INT,
            "hours since the account's latest solved ticket",
            lambda b: _solved_hours(b.context, "account"),
        ),
        open_("account.renews_in_days", Type.INT, "days until the account renews", _renews_in_days),
    )
)

THREAD = all_(
    (
        open_("thread.last_inbound_days", Type.INT, "days since the person last wrote", _inbound_days),
        closed("thread.last_inbound_channel", "", "channel the person last wrote on", _inbound_channel),
        yes_no("meeting.upcoming", "whether a meeting lies ahead", _meeting_upcoming),
    )
)
