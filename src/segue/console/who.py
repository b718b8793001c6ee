"""Whom decisions are about, by name, read for many at once; names are initials until they are revealed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from segue.console.veil import Veil
from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.core.records.context import Context
from segue.core.records.decisions import Decision
from segue.core.records.effects import Effect
from segue.core.records.memory import Fact, Links
from segue.core.records.overview import Named
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.privacy import allows

PURPOSES = frozenset({"commercial", "service"})
"""What consent may be given and taken back for."""

CONTACTS = 20
"""So many colleagues of a person are looked for in texts about them."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person and the account they belong to, as pages name them.

    >>> str(Who("p1", "Ann Lee", "Acme")), str(Who("", "", "Acme")), str(Who("p1a2b3c4d5", "", ""))
    ('Ann Lee of Acme', 'Acme', 'somebody (p1a2b3c4)')
    """

    person_id: str
    name: str
    account: str
    account_id: str = ""

    @property
    def short(self) -> str:
        """The name alone."""
        if self.name:
            return self.name
        return f"somebody ({self.person_id[:8]})" if self.person_id else self.account or "the tenant"

    @property
    def whom(self) -> str:
        """What a reveal of their data is kept under."""
        return whom_of(self.person_id, self.account_id)

    def __str__(self) -> str:
        if self.account and self.account != self.short:
            return f"{self.short} of {self.account}"
        return self.short


def whom_of(person_id: str, account_id: str) -> str:
    """What a reveal is kept under: a person, else an account."""
    return person_id or (f"account:{account_id}" if account_id else "")


class Names:
    """The people and accounts of one page.

    Args:
        reader: Read from.
        revealed: Whose data are open to this browser.
        person_ids: Whom the page is about.
        account_ids: Accounts the page is about.
    """

    def __init__(
        self,
        reader: Reader,
        revealed: Collection[str],
        person_ids: Iterable[str] = (),
        account_ids: Iterable[str] = (),
    ) -> None:
        self._revealed = revealed
        self._people = reader.overview.people({name for name in person_ids if name})
        self._accounts = reader.overview.accounts({name for name in account_ids if name})
        self._veils: dict[str, Veil] = {}

    @classmethod
    def of(cls, reader: Reader, revealed: Collection[str], decisions: Collection[Decision]) -> "Names":
        """The people and accounts that decisions are about."""
        return cls(
            reader,
            revealed,
            [decision.person_id for decision in decisions],
            [decision.account_id for decision in decisions],
        )

    def with_contacts(self, reader: Reader, account_id: str) -> "Names":
        """Know the colleagues of an account as well, who may be named in what is said to one of them."""
        for member in reader.overview.members(account_id, CONTACTS) if account_id else ():
            self._people.setdefault(member.id, member)
        self._veils.clear()
        return self

    def refuses(self, person_id: str, effect: Effect) -> bool:
        """Whether a person, by what is on record now, does not want what an effect would send."""
        known = self._people.get(person_id, Named(person_id)).facts
        own = tuple(fact.subject.partition(":")[2] for fact in known if fact.subject.startswith("profile:"))
        context = Context(Instant(0), 0, "", Links(), profile_ids=own, facts=known)
        asks = bool(effect.channel) and effect.purpose in PURPOSES
        return asks and allows(context, effect.channel, effect.brand, effect.purpose) is False

    def veil(self, person_id: str, account_id: str = "") -> Veil:
        """What hides a person, or an account where there is no person."""
        whom = whom_of(person_id, account_id)
        if whom not in self._veils:
            known = self._people.get(person_id, Named(person_id)).facts
            self._veils[whom] = Veil(known, is_open=bool(whom) and whom in self._revealed)
        return self._veils[whom]

    def veil_of(self, decision: Decision) -> Veil:
        """What hides everybody a decision may speak of, as they were called then too."""
        whom = whom_of(decision.person_id, decision.account_id)
        then = [
            Fact("profile:", used.name.partition(".")[2], used.value, decision.at, "claimed", used.origin)
            for used in decision.facts
            if used.name.startswith("person.")
        ]
        return self.veil_over_all(whom, then)

    def veil_over_all(self, whom: str, more: Iterable[Fact] = ()) -> Veil:
        """What hides everybody that is known here, unless `whom` was revealed."""
        known = [fact for named in self._people.values() for fact in named.facts]
        return Veil([*known, *more], is_open=bool(whom) and whom in self._revealed)

    def who(self, person_id: str, account_id: str, name: str = "", account: str = "") -> Who:
        """Name somebody; what was known under `name` and `account` at the time comes first."""
        named = name or self._people.get(person_id, Named(person_id)).name
        of = account or self._accounts.get(account_id, Named(account_id)).name
        return Who(person_id, self.veil(person_id, account_id).name(named), of, account_id)

    def who_of(self, decision: Decision) -> Who:
        """Name whom a decision is about, as they were called then."""
        used = {fact.name: fact.value for fact in decision.facts}
        return self.who(
            decision.person_id,
            decision.account_id,
            _text(used.get("person.name")) if decision.person_id else "",
            _text(used.get("account.name")),
        )


def _text(held: object) -> str:
    return held if isinstance(held, str) else ""


def whose(reader: Reader, signal: Signal, ids: IdKey | None, revealed: Collection[str]) -> tuple[str, Veil]:
    """Whom a signal is about, as a reveal names them, and what hides them and their colleagues."""
    person_id, account_id = _subject_of(reader, signal, ids)
    if person_id and not account_id:
        account_id = reader.account_of(person_id)
    whom = whom_of(person_id, account_id)
    known = Names(reader, revealed, [person_id]).with_contacts(reader, account_id)
    return whom, known.veil_over_all(whom)


def _subject_of(reader: Reader, signal: Signal, ids: IdKey | None) -> tuple[str, str]:
    kind, _, name = signal.subject.partition(":")
    if kind == "profile":
        return reader.profile_person(name) or "", ""
    if kind == "account" or ids is None:
        return "", name
    for identifier in signal.person_identifiers:
        person_id = reader.find_person(ids.identifier_hash(identifier))
        if person_id:
            return person_id, ""
    account = ids.identifier_hash(signal.account_identifier) if signal.account_identifier else ""
    found = reader.known_accounts((account,)).get(account) if account else None
    return "", found.account_id if found else ""
