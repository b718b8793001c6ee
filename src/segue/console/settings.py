"""What pages need of the playbook: the reporting currency, the tenant's name, the unit of every fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from segue.bootstrap.keeping import KEEP_ALL, Rules
from segue.core.records.ownership import ROLES
from segue.core.records.playbook import Playbook


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Settings of the pages.

    Attributes:
        reporting: ISO 4217 code of the currency scores are compared in.
        tenant: Name in the head of every page.
        types: Type of a fact by its full name, such as `money` for `account.arr`.
        plays: Names of the plays.
        reasons: What each policy says why, by its name.
        order: Roles of colleagues, those first that go before the others.
        rules: How long words are kept.
        root: Path all pages begin with, without a slash at the end.
    """

    reporting: str = "EUR"
    tenant: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    plays: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ROLES
    root: str = ""
    rules: Rules = KEEP_ALL

    @classmethod
    def of(cls, playbook: Playbook, root: str = "") -> Self:
        """Read them from a playbook."""
        types = {name: str(declared.type) for name, declared in playbook.schema.facts.items()}
        types |= {name: source.type for name, source in playbook.facts.items()}
        return cls(
            reporting=playbook.settings.rates.reporting,
            tenant=playbook.settings.tenant,
            types=types,
            plays=tuple(sorted(playbook.plays)),
            reasons={policy.name: policy.why for policy in playbook.policies},
            order=playbook.settings.conversation_order,
            root=root,
            rules=Rules.of(
                playbook.settings.retention_s,
                playbook.settings.retention_hold,
                playbook.settings.default_country,
            ),
        )
