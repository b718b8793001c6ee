"""The routes of the API, gathered for the server."""

from litestar.types import ControllerRouterHandler

from segue.api.health import health_routes
from segue.bootstrap import Door


def routes(door: Door) -> list[ControllerRouterHandler]:
    """All routes for machines of one tenant."""
    return [*health_routes(door)]
