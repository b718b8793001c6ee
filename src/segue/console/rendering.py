"""Rendering: templates and what all of them share; every text is escaped unless a filter made it markup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket

from segue.console import wording
from segue.console.phrases import held_by, told
from segue.console.settings import PageSettings
from segue.console.veil import chips
from segue.console.visitors import Visitor
from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.core.records.overview import Controls
from segue.core.units import Instant
from segue.privacy.links import hide_links
from segue.runtime.limits import LineState

OK, WRONG, FORBIDDEN, MISSING, TOO_MANY = 200, 400, 403, 404, 429
_VERSION_CHARS = 12
_KEPT = '<textarea.*?</textarea>|<div class="(?:text|marked)".*?</div>'
_TURNS = re.compile(f"({_KEPT})|[\u202a-\u202e\u2066-\u2069]", re.DOTALL)
"""Characters that turn the direction of what follows them.

A field to write in and the words of a message keep their text to the code point: each is a block of its own,
and what turns in it turns nothing outside.
"""

_TURNED = "\ufffd"


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and its HTTP status."""

    status: int
    html: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one page: who looks, when, and what is open to them.

    Attributes:
        visitor: Who looks.
        now: The tenant's time.
        path: The page's own path and query, which forms lead back to.
        revealed: Whose personal data are open to this browser.
        lines: How the way to each connector is.
        ids: The tenant's id key, which finds people by identifiers.
    """

    visitor: Visitor
    now: Instant
    path: str = "/"
    revealed: frozenset[str] = frozenset()
    lines: Mapping[str, LineState] = field(default_factory=dict)
    ids: IdKey | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: who looks, what is stopped, and how much waits."""

    look: Look
    controls: Controls
    waiting: int
    letters: int


class Renderer:
    """Renders the templates of one tenant; may be used from any thread.

    Args:
        settings: Units and names.
    """

    def __init__(self, settings: PageSettings) -> None:
        self.settings = settings
        self._templates = _environment(settings)

    def page(
        self,
        template: str,
        reader: Reader | None = None,
        look: Look | None = None,
        *,
        status: int = OK,
        **values: Any,  # noqa: ANN401 - template values
    ) -> Page:
        """Render one page; without `reader` and `look` nothing stands around it."""
        frame = None
        if reader is not None and look is not None:
            waiting, _ = reader.overview.approvals_worth()
            controls = reader.overview.controls(look.now)
            frame = Frame(look, controls, waiting, reader.overview.letters_count())
        html = self._templates.get_template(template).render(frame=frame, **values)
        # INVARIANT: no page shows what would let its reader speak as a customer, revealed or not.
        return Page(status, _TURNS.sub(_as_read, html if reader is None else hide_links(html)))

    def missing(self, sentence: str = "There is no such page.") -> Page:
        """What is not there."""
        return self.problem(MISSING, "Not found", sentence)

    def problem(self, status: int, title: str, sentence: str, then: str = "") -> Page:
        """A page that says what is wrong, and in `then` a command that mends it."""
        return self.page("problem.html", status=status, title=title, sentence=sentence, then=then)


def _as_read(found: re.Match[str]) -> str:
    return found[1] or _TURNED


@cache
def style() -> str:
    """The style sheet of all pages."""
    return files("segue.console").joinpath("style.css").read_text(encoding="utf-8")


@cache
def style_version() -> str:
    """Names the style sheet in its address, so that browsers may keep it."""
    return blake2b(style().encode(), digest_size=16).hexdigest()[:_VERSION_CHARS]


class _Compiled(BytecodeCache):
    """Templates are compiled once in a process, whatever playbook comes into force."""

    _known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


def _environment(settings: PageSettings) -> Environment:
    made = Environment(
        loader=PackageLoader("segue.console"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )
    names = ("moment", "exact", "day", "clock", "share", "words", "plain", "sentence", "lasts")
    made.filters.update({name: getattr(wording, name) for name in names})
    made.filters["prose"] = lambda text: wording.prose(text, settings.root)
    made.filters["money"] = lambda micro: wording.money(micro, settings.reporting)
    made.filters["number"] = lambda number: f"{number:,}"
    made.filters.update({"told": told, "chips": chips, "held_by": held_by})
    made.filters["wish"] = lambda wish: wording.value(wish.kind, wish.value, settings)
    made.globals.update(
        tenant=settings.tenant,
        reporting=settings.reporting,
        root=settings.root,
        style_version=style_version(),
        dict=dict,
    )
    return made
