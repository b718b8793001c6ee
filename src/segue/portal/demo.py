"""The demo page of the chat: a website under a strict policy, in homes that hold the demo's story only.

Whoever opens it may be anybody of the story: the page vouches for them as a website does for its users.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door
from segue.core.errors import SegueError
from segue.core.ports import PersonView
from segue.portal.asking import AnyRequest
from segue.portal.origins import Origins
from segue.portal.rendering import DEMO_POLICY, Rendering
from segue.privacy.vouching import signature

_SHOWN = 5
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the story whom a visitor may be."""

    name: str
    email: str


def demo_routes(door: Door, rendering: Rendering) -> list[ControllerRouterHandler]:
    """The demo page, where there is a story."""
    if not door.home.story.is_file():
        return []
    origins = Origins(door)

    @get("/chat/demo", sync_to_thread=True)
    def demo(request: AnyRequest) -> Response[str]:
        email = request.query_params.get("email", "").strip()
        someone = _someone(door, email) if email else None
        if email and someone is None:
            raise NotFoundException
        secret = door.chat.secret_of(origins.of(request))
        values: dict[str, Any] = {
            "tenant": door.app.playbook.settings.tenant,
            "brand": door.app.playbook.settings.brands[0],
            "someone": someone,
            "identity": signature(secret, "", someone.email) if someone else "",
            "people": _people(door),
        }
        return rendering.page("demo.html", values, policy=DEMO_POLICY)

    return [demo]


def _people(door: Door) -> list[Someone]:
    """A few people the story's last decisions are about."""
    found: dict[str, Someone | None] = {}
    for decision in door.app.decisions(limit=_LOOKED_AT):
        if decision.person_id and decision.person_id not in found:
            found[decision.person_id] = _someone(door, decision.person_id)
        if sum(item is not None for item in found.values()) >= _SHOWN:
            break
    return [item for item in found.values() if item is not None]


def _someone(door: Door, who: str) -> Someone | None:
    """Somebody by person id or e-mail address; None where no name and address are on record."""
    try:
        view = door.app.person(f"email:{who}" if "@" in who else who)
    except SegueError:
        return None
    name, email = _fact(view, "name"), _fact(view, "email")
    return Someone(name, email) if name and email else None


def _fact(view: PersonView, predicate: str) -> str:
    own = (fact for fact in view.facts if fact.subject.startswith("profile:"))
    return next((str(fact.value) for fact in own if fact.predicate == predicate), "")
