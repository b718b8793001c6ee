"""API: what machines say to Segue and read from it over HTTP."""

from segue.api.failing import Failing, is_for_machines
from segue.api.routes import routes

__all__ = ["Failing", "is_for_machines", "routes"]
