"""The routes of the portal, gathered for the server."""

from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door


def routes(_door: Door) -> list[ControllerRouterHandler]:
    """All routes for customers of one tenant."""
    return []
