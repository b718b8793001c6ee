"""Console: operators' pages, rendered on the server; plain HTML that needs no JavaScript."""

from segue.console.pages import Pages
from segue.console.rendering import Look, Page
from segue.console.routes import pages_of, problem_page, routes
from segue.console.settings import PageSettings

__all__ = [
    "Look",
    "Page",
    "PageSettings",
    "Pages",
    "pages_of",
    "problem_page",
    "routes",
]
