"""What a text names besides times: amounts, telephone numbers, addresses, and what the playbook lists."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from segue.core.records.percepts import Entity, PiiSpan
from segue.perception.amounts import amounts
from segue.perception.phrases import Hit, Tag
from segue.perception.tokens import Tokens, tokenise

AT_MOST = 40
GROUP = "entity"
_DIGIT = re.compile(r"\d")
_AT = ("@", "＠", "%40")
"""An address without one is hidden from machines: it is masked, and nothing that could be written to."""

_REACHED = frozenset({"phone", "email"})


def entries(listed: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, Tag]]:
    """Every name of the playbook's lists as a phrase, with its kind and spelling."""
    for kind, names in listed.items():
        for name in names:
            if words := tokenise(name).words:
                yield " ".join(words), Tag(GROUP, f"{kind}:{name}")


def entities(
    text: str, tokens: Tokens, hits: Sequence[Hit], pii: Sequence[PiiSpan], times: Sequence[Entity]
) -> tuple[Entity, ...]:
    """Everything named, in order.

    Args:
        text: The customer's own words.
        tokens: Its words.
        hits: All phrases found in it.
        pii: Personal data found in it.
        times: Its times.
    """
    found = [*times, *amounts(text)]
    for span in pii:
        written = text[span.start : span.end]
        if span.kind in _REACHED and (span.kind == "phone" or any(at in written for at in _AT)):
            value = written.lower() if span.kind == "email" else _number(written)
            found.append(Entity(span.kind, value, span.start, span.end))
    for hit in hits:
        if hit.tag.group == GROUP:
            kind, _, name = hit.tag.name.partition(":")
            found.append(Entity(kind, name, tokens.starts[hit.first], tokens.ends[hit.last]))
    found.sort(key=lambda one: (one.start, one.end, one.kind))
    return tuple(found[:AT_MOST])


def _number(written: str) -> str:
    return ("+" if written[0] in "+＋" else "") + "".join(_DIGIT.findall(written))
