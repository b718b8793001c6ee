"""An opt-out in a person's own words becomes a fact at once; its tombstone outlives the person's data."""

from segue.core.ids import derive
from segue.core.records.memory import Fact
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal


def opt_out_facts(signal: Signal, percept: Percept | None, profile_id: str, brand: str) -> tuple[Fact, ...]:
    """Consent withdrawn by what a message says: one fact per channel, or `consent.all`.

    It holds from when it was heard, and not from when its writer's clock said: a mail is dated to the second,
    by a clock that may be slow, and a consent given just before must not outlive it. What is told for the
    record holds from when it was said. What `consent.changed` tells is no words and is remembered by
    `segue.graph`.

    Args:
        signal: The message.
        percept: What it means, if anything.
        profile_id: Who said it.
        brand: Brand it was said to; empty withdraws from all brands.
    """
    if percept is None:
        return ()
    at = signal.occurred_at if signal.history else signal.received_at
    said = {str(wish.value): wish.words for wish in percept.preferences if wish.kind == "stop"}
    return tuple(
        Fact(
            subject=f"profile:{profile_id}",
            predicate=f"consent.{channel}",
            value="withdrawn",
            valid_from=at,
            trust="claimed",
            signal_id=signal.id,
            qualifier=brand,
            words=words,
        )
        for channel, words in sorted(said.items())
    )


def suppression_key(identifier_hash: str, channel: str) -> str:
    """Key of the tombstone that keeps an opt-out after its person was erased; `all` is a channel too.

    >>> suppression_key("h", "sms") == suppression_key("h", "email")
    False
    """
    return derive("suppression", identifier_hash, channel)
