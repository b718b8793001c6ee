"""What pages need of the playbook: the reporting currency, the tenant's name, the unit of every fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from segue.core.records.playbook import Playbook


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Settings of the pages.

    Attributes:
        reporting: ISO 4217 code of the currency scores are compared in.
        tenant: Name in the head of every page.
        types: Type of a fact by its full name, such as `money` for `account.arr`.
    """

    reporting: str = "EUR"
    tenant: str = ""
    types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, playbook: Playbook) -> Self:
        """Read them from a playbook."""
        types = {name: str(declared.type) for name, declared in playbook.schema.facts.items()}
        types |= {name: source.type for name, source in playbook.facts.items()}
        return cls(playbook.settings.rates.reporting, playbook.settings.tenant, types)
