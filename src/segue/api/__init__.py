"""API: what machines say to Segue and read from it over HTTP."""

from segue.api.routes import routes

__all__ = ["routes"]
