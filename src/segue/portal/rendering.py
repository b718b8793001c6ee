"""Rendering the portal's pages: plain HTML out of templates, and headers that let nothing else in."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import MediaType, Response

from segue.portal.assets import asset

DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""As strict as a website's policy can be: the widget must work under it."""


def environment() -> Environment:
    """The templates of the portal."""
    return Environment(
        loader=PackageLoader("segue.portal"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Rendering:
    """Renders pages; may be used from any thread."""

    def __init__(self) -> None:
        self._templates = environment()
        self.style = asset("portal.css")

    def page(
        self, template: str, values: Mapping[str, Any], *, status: int = 200, policy: str = ""
    ) -> Response[str]:
        """One page.

        Args:
            template: Its file.
            values: What it shows.
            status: HTTP status.
            policy: Content security policy in place of the server's own.
        """
        html = self._templates.get_template(template).render(**values)
        headers = {"content-security-policy": policy} if policy else {}
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)
