"""Whom an account signal is acted on with: one contact of the account, bound as the person."""

from msgspec.structs import replace

from segue.core.records.context import Contact, Context

ROLES = ("champion", "admin", "owner", "cfo", "ceo")
"""Roles in the order in which an account is spoken to; others come last, earliest known first."""


def with_contact(context: Context) -> Context:
    """The context with a contact bound where the signal spoke of an account only."""
    if context.profile_ids or not context.contacts:
        return context
    contact = min(enumerate(context.contacts), key=lambda item: (_rank(item[1], context), item[0]))[1]
    own = frozenset(contact.profile_ids)
    return replace(
        context,
        person_id=contact.person_id,
        profile_ids=contact.profile_ids,
        messages=tuple(item for item in context.messages if item.profile_id in own),
        exposures=tuple(item for item in context.exposures if item.profile_id in own),
    )


def _rank(contact: Contact, context: Context) -> int:
    subjects = {f"profile:{profile}" for profile in contact.profile_ids}
    roles = {
        str(fact.value).lower()
        for fact in context.facts
        if fact.predicate == "role" and fact.subject in subjects
    }
    return min((ROLES.index(role) for role in roles if role in ROLES), default=len(ROLES))
