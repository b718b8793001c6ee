"""Templates: Jinja cut down to blanks, choices and lists, compiled and checked when a playbook loads."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from segue.core.errors import MissingError, PlaybookError
from segue.core.records.playbook import Text
from segue.core.units import to_datetime
from segue.playbook.problems import nearest

OWN_BLANKS: Final[Mapping[str, frozenset[str]]] = {
    "sender": frozenset({"name", "display", "address", "brand"}),
    "offer": frozenset({"name", "kind", "words", "percent", "valid_days"}),
    "goal": frozenset({"play", "state", "outcome"}),
    "ticket": frozenset({"id", "topic", "subject"}),
    "promise": frozenset({"what", "state", "due", "by", "words"}),
    "meeting": frozenset({"id", "starts_at", "title"}),
}
"""Blanks below a root beside `person.*` and `account.*`, which are the playbook's facts."""

BARE_BLANKS: Final = frozenset(
    {
        "answer",
        "asks",
        "slots",
        "brand",
        "question",
        "brief",
        "conversation",
        "link",
        "link_code",
        "deep_link",
        "unsubscribe",
    }
)
"""Blanks without a dot."""

_NOTHING: Final[Mapping[str, str]] = {}
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.If,
    nodes.For, nodes.CondExpr, nodes.Or, nodes.And, nodes.Not, nodes.Compare, nodes.Operand, nodes.Filter,
)  # fmt: skip


def _first_name(name: str) -> str:
    return str(name).split()[0] if str(name).split() else ""


def _day(instant: int) -> str:
    moment = to_datetime(instant)
    return f"{moment.day} {moment:%B %Y}"


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "first_name": _first_name,
    "day": _day,
    "join": lambda items, between=", ": between.join(str(item) for item in items),
    "lower": lambda text: str(text).lower(),
    "capitalize": lambda text: str(text).capitalize(),
}


class Press:
    """Compiles the texts of one playbook.

    Args:
        facts: Full names of all facts, of which those of `person` and `account` are blanks.
        withheld: Blanks that its readers are not told, each with why.
    """

    def __init__(self, facts: frozenset[str], withheld: Mapping[str, str] = _NOTHING) -> None:
        self._withheld = withheld
        self._blanks = {
            root: frozenset(name.partition(".")[2] for name in facts if name.startswith(f"{root}."))
            for root in ("person", "account")
        }
        self._blanks.update(OWN_BLANKS)
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            autoescape=False,  # plain text; HTML is made, and escaped, by the connector
            keep_trailing_newline=False,
            finalize=_no_blank_left,
        )
        self._environment.globals.clear()
        self._environment.filters = dict(FILTERS)
        self._environment.tests.clear()

    def compile(self, name: str, text: str, file: str, line: int) -> Text:
        """Compile one text.

        Returns:
            Its blanks, and a pure function of nested values (`{"person": {"name": ...}, "answer": ...}`)
            which raises `MissingError` where a blank it prints has no value.

        Raises:
            PlaybookError: Syntax, an unknown blank or filter, or a form that templates may not use.
        """
        try:
            tree = self._environment.parse(text)
            names = frozenset(self._names(tree, file, line))
            template = self._environment.from_string(tree)
        except TemplateSyntaxError as error:
            message = f"cannot read the template: {error.message}"
            raise PlaybookError(message, file=file, line=line + error.lineno - 1) from None

        def render(values: Mapping[str, Any]) -> str:
            try:
                return template.render(_filled(values, names))
            except _Blank:
                missing = sorted(blank for blank in names if _value(values, blank) is None)
                told = ", ".join(f"`{blank}`" for blank in missing)
                raise MissingError(f"template `{name}`: no value for {told or 'a blank'}") from None

        return Text(render, names)

    def _names(self, tree: nodes.Template, file: str, line: int) -> Iterator[str]:
        for node in _walk(tree):
            place: dict[str, Any] = {"file": file, "line": line + node.lineno - 1}
            if not isinstance(node, _ALLOWED):
                word = type(node).__name__.lower()
                hint = "use blanks, `if` and `for`"
                raise PlaybookError(f"`{word}` is not part of templates", hint=hint, **place)
            if isinstance(node, nodes.Filter) and node.name not in FILTERS:
                raise PlaybookError(
                    f"unknown filter `{node.name}`", hint=nearest(node.name, FILTERS), **place
                )
        free = meta.find_undeclared_variables(tree)
        dotted = {id(node.node) for node in tree.find_all(nodes.Getattr)}
        for node in _walk(tree):
            blank = _blank_of(node, free, dotted)
            if blank:
                self._check(blank, {"file": file, "line": line + node.lineno - 1})
                yield blank

    def _check(self, blank: str, place: dict[str, Any]) -> None:
        root, dot, rest = blank.partition(".")
        if blank in self._withheld:
            raise PlaybookError(self._withheld[blank], hint="leave it out", **place)
        known = rest in self._blanks.get(root, ()) if dot else blank in BARE_BLANKS
        if not known:
            every = {f"{name}.{key}" for name, keys in self._blanks.items() for key in keys} | BARE_BLANKS
            raise PlaybookError(f"unknown blank `{blank}`", hint=nearest(blank, every), **place)


class _Blank(Exception):  # noqa: N818 - a signal inside one call, never seen outside
    pass


def _no_blank_left(value: object) -> object:
    """Nothing that Segue sends ever says `None`."""
    if value is None:
        raise _Blank
    return value


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _blank_of(node: nodes.Node, free: set[str], dotted: set[int]) -> str:
    """Full name of the blank a node stands for, or empty."""
    if isinstance(node, nodes.Getattr):
        return f"{node.node.name}.{node.attr}" if isinstance(node.node, nodes.Name) else f"?.{node.attr}"
    if isinstance(node, nodes.Name) and node.ctx == "load" and id(node) not in dotted and node.name in free:
        return node.name
    return ""


def _value(values: Mapping[str, Any], blank: str) -> Any:  # noqa: ANN401 - a value of any type
    root, dot, rest = blank.partition(".")
    found = values.get(root)
    return (found.get(rest) if isinstance(found, Mapping) else None) if dot else found


def _filled(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """Give every known blank a value, None where there is none, so that `or` can stand in for it."""
    filled: dict[str, Any] = {}
    for blank in names:
        root, dot, rest = blank.partition(".")
        if dot:
            setattr(filled.setdefault(root, SimpleNamespace()), rest, _value(values, blank))
        else:
            filled[blank] = _value(values, blank)
    return filled
