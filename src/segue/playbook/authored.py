"""What people write in a playbook's files, key by key; anything else is refused."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from segue.core.records.ownership import ROLES
from segue.core.records.playbook import Autonomy, Purpose, Scope
from segue.playbook.scalars import (
    Amount,
    Country,
    Currency,
    DurationS,
    Expression,
    Hours,
    Rate,
    SharePpm,
    Zone,
)

LEAST_KEPT_S = 30 * 86_400
"""What is decided on today may be looked at again for so long."""
_SHORTEST_S, _LONGEST_S = 2, 30
"""Bounds of what a decision may wait for a language model."""

Channel = Literal["email", "sms", "whatsapp", "phone", "chat"]
Check = Literal["candidate", "draft", "dispatch"]
Then = Literal["forbid", "escalate", "approve", "defer", "transform"]
Verdict = Literal["forbid", "escalate", "approve", "defer", "transform", "allow"]


class Authored(BaseModel):
    """Base of all that is authored: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RatesPart(Authored):
    """Exchange rates: one major unit of each currency in major units of the reporting currency."""

    as_of: str
    per_unit: dict[str, Rate] = Field(default_factory=dict)


class ArmsPart(Authored):
    """Shares of the arms that Segue does not act on."""

    holdout: SharePpm = 0
    usual: SharePpm = 0


class BreakerPart(Authored):
    """When a play that lets out too much pauses itself."""

    factor: int = Field(5, ge=2, le=100)
    floor: int = Field(20, ge=1)


class TellPart(Authored):
    """How colleagues are told of what waits for them."""

    by: list[str] = Field(default_factory=list)
    desk: str = ""


class NamespacePart(Authored):
    """What identifiers of one namespace may do."""

    rank: int | None = Field(None, ge=0, le=9)
    per_person: int | None = Field(None, ge=0, le=10_000)
    within: DurationS | None = None
    people: int | None = Field(None, ge=0, le=1_000)
    claimed: Literal["first", "nobody"] | None = None


class IdentityPart(Authored):
    """How identifiers link people."""

    namespaces: dict[str, NamespacePart] = Field(default_factory=dict)
    blocked: list[str] = Field(default_factory=list, max_length=1_000)
    recycled: DurationS = 180 * 86_400
    code_lasts: DurationS = 3_600
    code_attempts: int = Field(5, ge=1, le=100)


class PromisesPart(Authored):
    """How long past its time a promise may be kept, and how long before it a colleague is told of ours."""

    grace: DurationS = 28_800
    remind: DurationS = 86_400


class RetentionPart(Authored):
    """How long each class of data is kept; what has no entry is kept for ever."""

    messages: DurationS | None = None
    percepts: DurationS | None = None
    page_views: DurationS | None = None
    hold: list[str] = Field(default_factory=list, max_length=1_000)

    @field_validator("messages", "percepts", "page_views")
    @classmethod
    def _long_enough(cls, kept_s: int | None) -> int | None:
        if kept_s is not None and kept_s < LEAST_KEPT_S:
            raise ValueError("decisions may still wait for it; write 30d or more")
        return kept_s


class RecallPart(Authored):
    """Whether recall compares token vectors of messages besides their words."""

    tokens: bool = False


class ConversationPart(Authored):
    """Whose a conversation is where several hold it, and how long a colleague's own message holds it."""

    order: list[str] = Field(list(ROLES), min_length=1)
    wrote: DurationS = 259_200


class BudgetPart(Authored):
    """What a language model may use, and cost."""

    tokens: int = Field(ge=1)
    money: Amount


class PricePart(Authored):
    """What a million tokens cost."""

    input: Amount
    output: Amount


class LlmPart(Authored):
    """The language model that reads what was not understood."""

    enabled: bool = False
    url: str = Field(pattern=r"^https?://[^\s@?#]+[^\s/@?#]$")
    model: str = Field(min_length=1)
    key: str = Field("", pattern=r"^((env|file):[^\s].*)?$")
    timeout: DurationS = 5
    reads: list[Literal["not_understood", "high_risk"]] = Field(["not_understood", "high_risk"], min_length=1)
    price: PricePart | None = None
    per_decision: BudgetPart
    per_day: BudgetPart

    @field_validator("timeout")
    @classmethod
    def _bounded(cls, timeout_s: int) -> int:
        if not _SHORTEST_S <= timeout_s <= _LONGEST_S:
            raise ValueError(f"a message cannot wait so; write {_SHORTEST_S}s to {_LONGEST_S}s")
        return timeout_s


class SettingsFile(Authored):
    """`settings.yaml`."""

    tenant: str
    brands: list[str] = Field(min_length=1)
    reporting_currency: Currency
    rates: RatesPart
    default_zone: Zone
    default_country: Country
    attention: Amount
    spread: DurationS = 900
    breaker: BreakerPart = BreakerPart.model_construct(factor=5, floor=20)
    arms: ArmsPart = ArmsPart.model_construct(holdout=0, usual=0)
    no_action_floor: SharePpm = 0
    approval: DurationS = 259_200
    confirm_window: DurationS = 300
    links: list[str] = Field(default_factory=list)
    mask_logs: bool = True
    public_base_url: str = Field("", pattern=r"^(https?://[^\s/]+(/[^\s]*[^\s/])?)?$")
    tell: TellPart = TellPart.model_construct(by=[], desk="")
    identity: IdentityPart = IdentityPart.model_construct(
        namespaces={}, blocked=[], recycled=180 * 86_400, code_lasts=3_600, code_attempts=5
    )
    conversation: ConversationPart = ConversationPart.model_construct(order=list(ROLES), wrote=259_200)
    promises: PromisesPart = PromisesPart.model_construct(grace=28_800, remind=86_400)
    retention: RetentionPart = RetentionPart.model_construct(
        messages=None, percepts=None, page_views=None, hold=[]
    )
    recall: RecallPart = RecallPart.model_construct(tokens=False)
    llm: LlmPart | None = None


class FactEntry(Authored):
    """An entry of `facts.yaml`: stored under a predicate, or counted over a counter."""

    type: Literal["bool", "int", "ppm", "text", "list", "money", "instant", "duration"]
    doc: str
    predicate: str = ""
    default: Any = None
    counter: str = ""
    days: int = Field(0, ge=0, le=366)
    tell: Literal["", "person", "account", "staff", "nobody"] = ""
    sensitive: bool = False


class ActionEntry(Authored):
    """An entry of `actions.yaml`."""

    doc: str = ""
    purpose: Purpose
    connector: str
    verb: str
    effect: Literal["K", "N", "U"]
    channel: Literal["", "preferred", "same", "email", "sms", "whatsapp", "phone", "chat"] = ""
    to: Literal["person", "owner", "desk"] = "person"
    template: str = ""
    offer: str = ""
    sender: str = ""
    when: Expression | None = None
    cost: Amount | None = None
    advance: dict[str, SharePpm] = Field(default_factory=dict)
    opt_out: SharePpm = 0
    high_risk: bool = False
    bypass_score: bool = False
    arguments: dict[str, str] = Field(default_factory=dict)
    deadline: DurationS = 86_400
    autonomy: Autonomy | None = None
    asks: dict[str, str] = Field(default_factory=dict)


class CapEntry(Authored):
    """An entry of `caps.yaml`."""

    doc: str = ""
    when: Expression
    per: Literal["person", "account", "owner", "tenant"]
    period: Literal["day", "week", "month", "year", "ever"]
    limit: int = Field(ge=0)
    counts_touches: bool = False


class WeekPart(Authored):
    """Contact hours of a week; a day that is not named follows `weekdays`."""

    weekdays: Hours
    monday: Hours | Literal["as weekdays"] = "as weekdays"
    tuesday: Hours | Literal["as weekdays"] = "as weekdays"
    wednesday: Hours | Literal["as weekdays"] = "as weekdays"
    thursday: Hours | Literal["as weekdays"] = "as weekdays"
    friday: Hours | Literal["as weekdays"] = "as weekdays"
    saturday: Hours | Literal["as weekdays"] = "as weekdays"
    sunday: Hours | Literal["as weekdays"] = "as weekdays"


class WindowEntry(Authored):
    """An entry of `windows.yaml`."""

    country: Country | Literal["*"]
    regions: list[str] = Field(default_factory=list)
    channels: list[Channel] = Field(min_length=1)
    purposes: list[Purpose] = Field(min_length=1)
    hours: WeekPart
    holidays: Literal["open", "closed"]
    source: str
    reviewed_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class OutcomeEntry(Authored):
    """An entry of `outcomes.yaml`."""

    doc: str = ""
    scope: Scope
    harm: bool = False
    costs: Amount | None = None


class OfferEntry(Authored):
    """An entry of `offers.yaml`."""

    kind: str
    words: str
    percent: SharePpm = 0
    valid_for_days: int = Field(0, ge=0)
    to: Expression | None = None
    budget: str = ""


class SenderEntry(Authored):
    """An entry of `senders.yaml`."""

    brand: str
    display: str
    addresses: dict[Channel, str]
    rep: bool = False


class AnswerEntry(Authored):
    """An entry of `answers.yaml`."""

    owner: str
    language: str = Field(pattern="^[a-z]{2}$")
    brand: str = ""
    questions: list[str] = Field(min_length=1)
    asked: list[str] = []
    text: str
    expires_on: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")


class IntentEntry(Authored):
    """An entry of `intents.yaml`."""

    doc: str = ""
    phrases: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list, max_length=200)
    risk: Literal["low", "high"] = "low"


class EntityEntry(Authored):
    """An entry of `entities.yaml`: a kind of thing, and the names that messages may hold."""

    doc: str = ""
    names: list[str] = Field(min_length=1, max_length=1_000)


class DetectorEntry(Authored):
    """An entry of `detectors.yaml`; which settings apply depends on the type."""

    doc: str = ""
    type: Literal["usage_dropped", "absence", "count", "date_near", "open_question", "human_silent"]
    scope: Scope
    counter: str = ""
    fact: str = ""
    window_days: int | None = Field(None, ge=1, le=28)
    baseline_days: int | None = Field(None, ge=7, le=120)
    min_days: int | None = Field(None, ge=1)
    drop: SharePpm | None = None
    outage_below: SharePpm | None = None
    days: int | None = Field(None, ge=1, le=366)
    at_least: int | None = Field(None, ge=1)
    again_days: int | None = Field(None, ge=1, le=366)


class TemplateText(Authored):
    """One wording of a template."""

    channel: Channel
    language: str = Field(pattern="^[a-z]{2}$")
    brand: str = ""
    subject: str = ""
    text: str


class TemplateEntry(Authored):
    """A file of `templates/`."""

    template: str
    doc: str = ""
    texts: list[TemplateText] = Field(min_length=1)


class PolicyTest(Authored):
    """What a policy says of given facts; `allow` where it does not speak."""

    given: dict[str, Any]
    expect: Verdict


class PolicyEntry(Authored):
    """A rule of `policies/`."""

    policy: str
    when: Expression
    then: Then
    why: str
    source: str
    reviewed_on: str = ""
    until: Expression | None = None
    set: dict[str, str] = Field(default_factory=dict)
    hold: DurationS = 0
    at: list[Check] = Field(["candidate", "draft", "dispatch"], min_length=1)
    mandatory: bool = False
    tests: list[PolicyTest] = Field(min_length=1)


class GoalPart(Authored):
    """The business outcome a play is for, its worth and its deadline."""

    outcome: str
    value: Expression
    by: Expression | None = None


class StatePart(Authored):
    """A progress state and the assumed chance of the goal from there."""

    when: Expression
    chance: SharePpm


class ListenPart(Authored):
    """One line of `listen`: exactly one of signal, detector, intent, message."""

    signal: str | list[str] | None = None
    detector: str | list[str] | None = None
    intent: str | list[str] | None = None
    message: str | list[str] | None = None
    max_age: DurationS = 86_400
    when: Expression | None = None


class PlayTest(Authored):
    """Whether given facts are in the audience, and the progress state they are in."""

    given: dict[str, Any]
    audience: bool | None = None
    state: str | None = None


class PlayEntry(Authored):
    """A play of `plays/`."""

    play: str
    doc: str = ""
    scope: Scope
    goal: GoalPart
    states: dict[str, StatePart | str | bool] = Field(min_length=1, max_length=8)
    listen: list[ListenPart] = Field(min_length=1)
    audience: Expression
    actions: list[str] = Field(min_length=1)
    autonomy: Autonomy = "shadow"
    service: bool = False
    look_again: DurationS = 0
    tests: list[PlayTest] = Field(min_length=1)
