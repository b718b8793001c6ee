"""The routes of the portal, gathered for the server."""

from litestar import MediaType, get
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door
from segue.portal.chat import chat_routes
from segue.portal.consent import consent_routes
from segue.portal.demo import demo_routes
from segue.portal.rendering import Rendering


def routes(door: Door) -> list[ControllerRouterHandler]:
    """All routes for customers of one tenant."""
    rendering = Rendering()

    @get("/portal.css", media_type=MediaType.CSS, sync_to_thread=False)
    def style_sheet() -> str:
        return rendering.style

    return [style_sheet, *chat_routes(door), *consent_routes(door, rendering), *demo_routes(door, rendering)]
