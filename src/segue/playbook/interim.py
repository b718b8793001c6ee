"""Facts of consent and contact hours, declared here until `segue.privacy` and `segue.policy` derive them."""

from segue.core.expr import FactDecl, Type, World
from segue.core.records.binding import DerivedFact, DerivedFacts

_CHANNELS = ("email", "sms", "whatsapp", "phone", "chat", "channel")


def _unknown(name: str, type_: Type) -> DerivedFact:
    return DerivedFact(FactDecl(name, type_), lambda _: None)


DERIVED: DerivedFacts = {
    "window.open": _unknown("window.open", Type.BOOL),
    "window.opens_at": _unknown("window.opens_at", Type.INSTANT),
    **{f"consent.{name}": _unknown(f"consent.{name}", Type.BOOL) for name in _CHANNELS},
    "consent.withdrawn": DerivedFact(
        FactDecl("consent.withdrawn", Type.BOOL, World.CLOSED, default=False), lambda _: None
    ),
}
