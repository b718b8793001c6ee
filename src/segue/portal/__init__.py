"""Portal: what customers themselves open, such as unsubscribe pages and web chat."""

from segue.portal.routes import routes

__all__ = ["routes"]
