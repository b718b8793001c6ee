"""What one signal adds to memory, and what the functions that find it are given."""

from collections.abc import Iterable

from msgspec import Struct

from segue.core.errors import SignalError
from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.memory import Count, Exposure, Fact, Message, Outcome, Trust
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.graph.bodies import Body

AUTOMATIC = "automatic"
"""Speaker of what a machine wrote in a customer's name."""


class Memory(Struct, frozen=True):
    """What a step writes to memory; what it reserves and decides is the planner's."""

    facts: tuple[Fact, ...] = ()
    messages: tuple[Message, ...] = ()
    counts: tuple[Count, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(
            self.facts + other.facts,
            self.messages + other.messages,
            self.counts + other.counts,
            self.exposures + other.exposures,
            self.outcomes + other.outcomes,
        )


class Arrival(Struct, frozen=True):
    """A signal with all that its function may look at, and short ways to make records of it."""

    signal: Signal
    percept: Percept | None
    context: Context
    playbook: Playbook
    body: Body

    @property
    def at(self) -> Instant:
        """When it happened."""
        return self.signal.occurred_at

    @property
    def profile_id(self) -> str:
        """The profile it is about.

        Raises:
            SignalError: It names no person.
        """
        if not self.context.profile_id:
            raise SignalError(f"signal `{self.signal.kind}`: names no person")
        return self.context.profile_id

    @property
    def account_id(self) -> str:
        """The account it is about.

        Raises:
            SignalError: It names no account.
        """
        if not self.context.account_id:
            raise SignalError(f"signal `{self.signal.kind}`: names no account")
        return self.context.account_id

    @property
    def subjects(self) -> tuple[str, ...]:
        """Profile and account, as far as there are any."""
        profile, account = self.context.profile_id, self.context.account_id
        return ((f"profile:{profile}",) if profile else ()) + ((f"account:{account}",) if account else ())

    def fact(
        self,
        subject: str,
        predicate: str,
        value: object,
        *,
        qualifier: str = "",
        trust: Trust = "verified",
        valid_to: Instant | None = None,
        words: str = "",
    ) -> Fact:
        """A fact that holds from when the signal happened; what anybody could have told stays a claim."""
        return Fact(
            subject=subject,
            predicate=predicate,
            value=value,
            valid_from=self.at,
            trust="claimed" if self.signal.trust == "claimed" else trust,
            signal_id=self.signal.id,
            qualifier=qualifier,
            valid_to=valid_to,
            words=words,
        )

    def holders(self, predicate: str, qualifier: str = "") -> tuple[str, ...]:
        """Own subjects, and whoever else in the lane holds such a fact now: ending one ends them all."""
        held = [f.subject for f in self.context.facts if (f.predicate, f.qualifier) == (predicate, qualifier)]
        return tuple(dict.fromkeys((*self.subjects, *held)))

    def thread(self, channel: str, key: str) -> str:
        """Id of a thread: the source's own key, else one thread per channel and profile.

        Made of the signal alone, so that messages are the same in whatever order signals arrive.
        """
        return derive("thread", channel, key or self.profile_id)

    def message_in(self, channel: str, text: str, *, thread: str = "", n: int = 0) -> Message:
        """What the customer said, or a machine in their name."""
        by = AUTOMATIC if self.signal.automatic not in {"", "loop"} else "customer"
        return self.message(channel, text, by=by, thread=thread, n=n)

    def message(self, channel: str, text: str, *, by: str, thread: str = "", n: int = 0) -> Message:
        """The signal's `n`-th utterance."""
        body = self.body
        return Message(
            id=derive(self.signal.id, str(n)),
            thread=self.thread(channel, thread or body.optional("thread")),
            profile_id=self.profile_id,
            channel=channel,
            direction="in" if by in {"customer", AUTOMATIC} else "out",
            by=by,
            text=text,
            at=self.at,
            signal_id=self.signal.id,
            brand=body.optional("brand"),
            subject=body.optional("subject"),
            reference=body.optional("message_id"),
        )


def facts(items: Iterable[Fact]) -> Memory:
    """Memory of facts only."""
    return Memory(facts=tuple(items))
