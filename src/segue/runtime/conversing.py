"""What a colleague says of a conversation: it is theirs, it is handed back, its account is held."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final, Literal

from segue.core.encoding import digest
from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.records.promised import GIVEN
from segue.core.records.signals import Kind
from segue.core.units import Instant, to_instant
from segue.core.when import is_code
from segue.runtime.admission import MAX_BODY_BYTES, Accepted, Draft, name_of, own, shown
from segue.runtime.parts import Driver
from segue.runtime.tenant import Tenant

Word = Literal["claim", "hand-back", "hold"]
WORDS: Final[Mapping[str, Kind]] = {
    "claim": Kind.CONVERSATION_CLAIMED,
    "hand-back": Kind.CONVERSATION_RELEASED,
    "hold": Kind.CONVERSATION_HELD,
}


class Conversing:
    """Turns a colleague's word on a conversation into a signal, decided and recorded like all else."""

    def __init__(self, tenant: Tenant, driver: Driver) -> None:
        self._tenant = tenant
        self._driver = driver

    async def say(
        self,
        word: str,
        person_id: str,
        *,
        by: str,
        order: Sequence[str],
        role: str = "",
        until: datetime | None = None,
        promise: Mapping[str, Any] | None = None,
    ) -> Accepted:
        """Claim a conversation, hand it back, or hold its account; what is wrong is said at once.

        Args:
            word: `claim`, `hand-back` or `hold`.
            person_id: With whom.
            by: Who says so, for example `rep:anna`.
            order: The playbook's roles.
            role: What they are to the customer, one of `order`; for `claim` and `hand-back`.
            until: For `claim` and `hold`; a hold without it is over.
            promise: For `hand-back`: `what`, and `due` (ISO 8601 with an offset, or a code), `words`.

        Raises:
            InputError: One of these is wrong, or does not go with the word.
            MissingError: The playbook has no such role.
            ConflictError: `until` is past.
        """
        kind = WORDS.get(word)
        if kind is None:
            raise InputError(f"`{shown(word)}` is none of {', '.join(WORDS)}{_near(word, tuple(WORDS))}")
        body: dict[str, Any] = {"by": name_of("by", by)}
        if role:
            body["role"] = _role(role, order, kind)
        if until is not None:
            body["until"] = self._until(until, kind)
        if promise:
            body["promise"] = _promise(promise, kind)
        return await self._driver.submit_and_step(self._draft(kind, person_id, body))

    def _until(self, until: datetime, kind: Kind) -> str:
        if kind is Kind.CONVERSATION_RELEASED:
            raise InputError("until: a conversation is handed back now; leave it out")
        try:
            at = to_instant(until)
        except ValueError as error:
            raise InputError(f"until: {error}") from error
        if at <= self._tenant.time.now():
            raise ConflictError(f"until: `{until.isoformat()}` is past; name a time ahead")
        return until.isoformat()

    def _draft(self, kind: Kind, person_id: str, body: dict[str, Any]) -> Draft:
        with self._tenant.store.read() as reader:
            position = reader.position()
        return own(
            self._tenant.ids,
            kind,
            "segue.conversation",
            f"{position}:{person_id}:{digest(body, size=8)}",
            body={name: body[name] for name in sorted(body)},
            subject=f"profile:{person_id}",
        )


def _role(role: str, order: Sequence[str], kind: Kind) -> str:
    if kind is Kind.CONVERSATION_HELD:
        raise InputError("role: an account is held by name; leave it out")
    if role not in order:
        raise MissingError(f"no role `{shown(role)}`; there are {', '.join(order)}{_near(role, order)}")
    return role


def _promise(promise: Mapping[str, Any], kind: Kind) -> dict[str, str]:
    """A promise in the form the signal holds it."""
    if kind is not Kind.CONVERSATION_RELEASED:
        raise InputError("promise: it goes with `hand-back`")
    what, due, words = (str(promise.get(name) or "") for name in ("what", "due", "words"))
    if what not in GIVEN:
        raise InputError(f"promise.what `{shown(what)}` is none of {', '.join(GIVEN)}{_near(what, GIVEN)}")
    if due and not is_code(due):
        _instant(due)
    name_of("promise.words", words, least=0, most=MAX_BODY_BYTES // 4)
    told = {"due": due, "what": what, "words": words}
    return {name: value for name, value in told.items() if value}


def _instant(due: str) -> Instant:
    try:
        return to_instant(datetime.fromisoformat(due))
    except ValueError as error:
        hint = "write 2026-12-24T08:00:00Z, or a code such as `wd5`"
        raise InputError(f"promise.due: `{shown(due)}` is no time with an offset; {hint}") from error


def _near(word: str, among: Sequence[str]) -> str:
    near = get_close_matches(shown(word), among, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
