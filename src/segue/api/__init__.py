"""API: what machines say to Segue and read from it over HTTP."""

from segue.api.access import key_in, unauthenticated
from segue.api.failing import Failing, is_for_machines
from segue.api.peeking import key_of_request, may_show_key_in_body
from segue.api.problems import MEDIA_TYPE as PROBLEM_MEDIA_TYPE
from segue.api.problems import Refusal
from segue.api.routes import routes

__all__ = [
    "PROBLEM_MEDIA_TYPE",
    "Failing",
    "Refusal",
    "is_for_machines",
    "key_in",
    "key_of_request",
    "may_show_key_in_body",
    "routes",
    "unauthenticated",
]
