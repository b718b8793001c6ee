"""Facts of who holds a conversation, by name."""

from segue.core.expr import Type
from segue.core.facts import subjects
from segue.core.records.binding import Binding, DerivedFacts
from segue.core.records.ownership import CONVERSATION, SEGUE, Holder, hold, holders
from segue.graph.derived import all_, closed, open_, yes_no


def owner_of(binding: Binding) -> Holder | None:
    """Who holds the conversation with the person, or with their account; None: Segue does."""
    context = binding.context
    told = context.beginning(CONVERSATION)
    if not told:
        return None
    about = subjects(context, "person") | subjects(context, "account")
    order = binding.playbook.settings.conversation_order
    return next(iter(holders(told, about, order)), None)


def _held(binding: Binding) -> Holder | None:
    context = binding.context
    about = subjects(context, "person") | subjects(context, "account")
    return hold(context.beginning(CONVERSATION), about)


def _owner(binding: Binding) -> str:
    found = owner_of(binding)
    return found.by if found is not None else SEGUE


def _role(binding: Binding) -> str:
    found = owner_of(binding)
    return found.role if found is not None else ""


def _held_until(binding: Binding) -> int | None:
    found = _held(binding)
    return found.until if found is not None else None


OWNERS: DerivedFacts = all_(
    (
        yes_no(
            "person.human_in_conversation",
            "whether a human has taken the conversation over",
            lambda b: owner_of(b) is not None,
        ),
        closed(
            "person.conversation_owner",
            SEGUE,
            "who holds the conversation with the person: `segue`, or a colleague such as `rep:anna`",
            _owner,
        ),
        closed("person.conversation_role", "", "role of the colleague who holds the conversation", _role),
        yes_no("account.held", "whether a colleague holds the account", lambda b: _held(b) is not None),
        open_("account.held_until", Type.INSTANT, "until when a colleague holds the account", _held_until),
    )
)
