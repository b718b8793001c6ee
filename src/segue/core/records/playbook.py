"""The playbook as the loop reads it: authored YAML, checked and compiled to immutable records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from segue.core.expr import Compiled, FactSchema
from segue.core.money import Rates
from segue.core.predicates import Tell
from segue.core.records.identity import IdentityRules
from segue.core.records.ownership import ROLES

Scope = Literal["person", "account"]
Autonomy = Literal["shadow", "draft", "approve", "auto"]
Purpose = Literal["commercial", "service", "mandatory", "internal"]
Gathering = Literal["stored", "derived", "counted"]


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where a declared fact comes from.

    Attributes:
        name: Full name in expressions, for example `account.arr`.
        gathering: `stored` is read from facts of that predicate, `counted` sums a counter, `derived` is a
            function of `segue.graph.derive`.
        predicate: Stored predicate (the part after the dot unless said otherwise).
        type: Name of the expression type: bool, int, ppm, text, list, money, instant, duration.
        counter: For `counted`: counter name, for example `page:/pricing`.
        days: For `counted`: how many days back, today included.
        tell: Who may be told of it, where the playbook says; else what `segue.core.predicates` declares.
        sensitive: Whether it is private: no expression but a policy's may ask for it, and no text prints it.
    """

    name: str
    gathering: Gathering
    predicate: str
    type: str
    counter: str = ""
    days: int = 0
    tell: Tell | Literal[""] = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A progress state: its predicate and the elicited chance of the goal from there, in ppm (assumed)."""

    name: str
    when: Compiled
    chance_ppm: int


@dataclass(frozen=True, slots=True)
class Listener:
    """What wakes a play: a signal kind, a detector, an intent or any message; none older than `max_age_s`."""

    trigger: Literal["signal", "detector", "intent", "message"]
    names: frozenset[str]
    max_age_s: int
    when: Compiled | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """A goal with scope, listeners, audience, allowed actions, autonomy.

    Attributes:
        value: Money expression, in micro-units of the reporting currency when evaluated.
        by: Instant expression of the deadline, if any.
        states: Tried in order; the last whose predicate holds is the state; the first is the default.
        won: Name of the outcome that wins the goal.
        service: True where the play serves the person (never withheld by arm).
    """

    name: str
    scope: Scope
    outcome: str
    value: Compiled
    by: Compiled | None
    states: tuple[State, ...]
    listen: tuple[Listener, ...]
    audience: Compiled
    actions: tuple[str, ...]
    autonomy: Autonomy
    service: bool = False
    look_again_s: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A text with named blanks, compiled at load.

    Attributes:
        render: Pure function of nested values; raises `MissingError` where a blank it prints has no value.
        names: Full names of its blanks.
    """

    render: Callable[[Mapping[str, Any]], str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Action:
    """A thing Segue may do, with elicited priors (assumed until measured).

    Attributes:
        channel: A channel, `preferred` (the person's), `same` (the message's own), or empty for internal
            actions.
        to: `person`, `owner` (the account executive) or `desk` (the support desk).
        advance_ppm: State name to the assumed chance that it advances the goal one state; `*` is any.
        opt_out_ppm: Assumed chance that it drives the person out.
        connector: Connector name, or `channel` for the connector of the candidate's channel.
        arguments: Argument name to its text, beside recipient and template.
        capacity: Cap name it draws on, beside the caps that match by purpose.
        asks: Name of a fact to the question that asks for it; what is known is not asked, and an action that
            has nothing left to ask is not done.
    """

    name: str
    purpose: Purpose
    connector: str
    verb: str
    effect_class: Literal["K", "N", "U"]
    channel: str = ""
    to: Literal["person", "owner", "desk"] = "person"
    template: str = ""
    offer: str = ""
    sender: str = ""
    when: Compiled | None = None
    cost_micro: int = 0
    advance_ppm: Mapping[str, int] = field(default_factory=dict)
    opt_out_ppm: int = 0
    high_risk: bool = False
    bypass_score: bool = False
    arguments: Mapping[str, Text] = field(default_factory=dict)
    deadline_s: int = 86_400
    autonomy: Autonomy | None = None
    asks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule: when it matches, what then, why, and who says so.

    Attributes:
        then: `forbid`, `escalate`, `approve`, `defer` (needs `until`) or `transform` (needs `set`).
        hold_for_s: While it forbids, another tool's request is held and looked at again after this long;
            0 means a plain no.
        at: Which checks it takes part in: `candidate`, `draft`, `dispatch`.
        mandatory: True where law or a promise demands it: it binds other tools in every arm.
    """

    name: str
    when: Compiled
    then: Literal["forbid", "escalate", "approve", "defer", "transform"]
    why: str
    source: str
    until: Compiled | None = None
    set: tuple[tuple[str, str], ...] = ()
    hold_for_s: int = 0
    at: frozenset[str] = frozenset({"candidate", "draft", "dispatch"})
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Detector:
    """What turns raw events into a `detector.fired` signal.

    Attributes:
        type: `usage_dropped` (against own baseline by weekday), `absence`, `count` (rolling), `date_near`,
            `open_question` (a part of an answered message that no approved answer fits), `human_silent` (a
            conversation that a colleague was given or took, and in which nobody has answered).
        fact: For `date_near`: the instant fact that comes near.
        counter: For `usage_dropped`, `absence` and `count`: the counter watched.
        settings: Integer settings by name: `window_days`, `baseline_days`, `min_days`, `drop_ppm`,
            `outage_ppm`, `days`, `at_least`, `again_days`.
    """

    name: str
    type: Literal["usage_dropped", "absence", "count", "date_near", "open_question", "human_silent"]
    scope: Scope
    settings: Mapping[str, int]
    counter: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be conceded, to whom, how long; `budget` names the cap it is drawn from."""

    name: str
    kind: str
    words: str
    percent_ppm: int = 0
    valid_days: int = 0
    to: Compiled | None = None
    budget: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who may speak, in which voice; `address` by channel; `rep` speaks as the account's owner."""

    name: str
    brand: str
    display: str
    addresses: Mapping[str, str]
    rep: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An approved snippet: what Segue may say to a question.

    Attributes:
        questions: Intents it answers; answers of the same intents are wordings of one another.
        asked: Questions it answers as people ask them.
    """

    name: str
    owner: str
    language: str
    brand: str
    text: str
    questions: tuple[str, ...]
    expires_on: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named blanks. `render(values)` is pure; unknown names raise at load, not at send."""

    name: str
    channel: str
    language: str
    brand: str
    subject: Callable[[Mapping[str, Any]], str]
    text: Callable[[Mapping[str, Any]], str]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """A business result or harm the tenant counts; `harm_micro` is what one harm costs."""

    name: str
    harm: bool
    scope: Scope
    harm_micro: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on the reservation ledger.

    Attributes:
        when: Which candidates draw on it.
        per: `person`, `account`, `owner` (the account executive) or `tenant`.
        period: Calendar `day` or `week` in the person's zone, `month`, or `ever`.
        touches_only: True where touches by other tools count too.
    """

    name: str
    when: Compiled
    per: Literal["person", "account", "owner", "tenant"]
    period: Literal["day", "week", "month", "year", "ever"]
    limit: int
    counts_touches: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """When a person may be contacted in a country (and region): minutes after local midnight per weekday.

    Attributes:
        country: ISO 3166-1 alpha-2, or `*`.
        region: ISO 3166-2 subdivision without the country, or `*`.
        channels: Channels it governs.
        purposes: Purposes it governs.
        hours: Seven (open, close) pairs, Monday first; None is closed all day.
        on_holidays: Whether public holidays of the place are open as usual.
    """

    country: str
    region: str
    channels: frozenset[str]
    purposes: frozenset[str]
    hours: tuple[tuple[int, int] | None, ...]
    on_holidays: bool
    source: str = ""
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A language model that reads what was not understood, and what it may cost.

    Attributes:
        url: Base address of a server that speaks OpenAI's chat completions, such as `http://localhost:11434/v1`.
        model: Its name on that server.
        key: Where its key stands, `env:NAME` or `file:PATH`; empty where the server asks for none.
        timeout_s: How long a reading may take in all, and how long a decision waits for it.
        reads: `not_understood`, `high_risk`.
        input_micro: Price of a million tokens that it reads; `output_micro` of those it writes.
        decision_tokens: What one reading may use; `decision_micro` what it may cost.
        day_tokens: What a day (UTC) may use; `day_micro` what it may cost.
    """

    url: str
    model: str
    key: str
    timeout_s: int
    reads: frozenset[str]
    input_micro: int
    output_micro: int
    decision_tokens: int
    decision_micro: int
    day_tokens: int
    day_micro: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Tenant-wide settings of the playbook.

    Attributes:
        default_zone: IANA zone where nothing is known of a person.
        attention_micro: Price of one touch of one person, in micro-units.
        spread_s: Timers due at once are spread over this many seconds by a hash.
        breaker_factor: A play pauses when its chosen candidates of an hour exceed usual times this.
        breaker_floor: ... but never below this many in the hour.
        holdout_ppm: Share of units in the holdout arm; `usual_ppm` in business as usual.
        no_action_floor_ppm: Propensity floor of `no_action` where exploring is allowed.
        confirm_window_s: How long after an opt-out its single confirmation may go out.
        public_base_url: Where customers reach Segue's pages, without a slash at the end; empty where they
            cannot.
        tell_by: Tools by which colleagues are told of approvals and hand-overs; none: nobody is told.
        desk: Address that is told where an account has no owner.
        identity: How identifiers link people.
        conversation_order: Roles of colleagues; the conversation is that one's whose role comes first.
        conversation_wrote_s: How long a colleague's own message holds the conversation.
        promise_grace_s: How long past its time a promise may still be kept.
        promise_remind_s: How long before that a colleague is told of one of ours.
        retention_s: How long classes of data are kept, in seconds; what is not named is kept for ever.
        retention_hold: Identifiers of people whose data is held, however old it is.
        recall_tokens: Whether recall compares token vectors of messages besides their words.
        llm: The language model that is asked; None where none is switched on.
    """

    tenant: str
    brands: tuple[str, ...]
    rates: Rates
    default_zone: str
    default_country: str
    attention_micro: int
    spread_s: int = 900
    breaker_factor: int = 5
    breaker_floor: int = 20
    holdout_ppm: int = 0
    usual_ppm: int = 0
    no_action_floor_ppm: int = 0
    approval_s: int = 259_200
    confirm_window_s: int = 300
    links: tuple[str, ...] = ()
    mask_logs: bool = True
    public_base_url: str = ""
    tell_by: tuple[str, ...] = ()
    desk: str = ""
    identity: IdentityRules = field(default_factory=IdentityRules)
    conversation_order: tuple[str, ...] = ROLES
    conversation_wrote_s: int = 259_200
    promise_grace_s: int = 28_800
    promise_remind_s: int = 86_400
    retention_s: Mapping[str, int] = field(default_factory=dict)
    retention_hold: tuple[str, ...] = ()
    recall_tokens: bool = False
    llm: LanguageModel | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """The versioned directory a tenant runs, compiled; `hash` is over the canonical authored content."""

    hash: str
    settings: Settings
    schema: FactSchema
    facts: Mapping[str, FactSource]
    plays: Mapping[str, Play]
    actions: Mapping[str, Action]
    policies: tuple[Policy, ...]
    detectors: Mapping[str, Detector]
    offers: Mapping[str, Offer]
    senders: Mapping[str, Sender]
    answers: Mapping[str, Answer]
    templates: Mapping[str, Template]
    outcomes: Mapping[str, OutcomeKind]
    caps: tuple[Cap, ...]
    windows: tuple[Window, ...]
    intents: Mapping[str, Any] = field(default_factory=dict)
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
