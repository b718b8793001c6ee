"""Console: read-only pages, rendered on the server from a reader; plain HTML without JavaScript."""

from segue.console.pages import Page, Pages
from segue.console.routes import pages_of, problem_page, routes
from segue.console.settings import PageSettings

__all__ = ["Page", "PageSettings", "Pages", "pages_of", "problem_page", "routes"]
