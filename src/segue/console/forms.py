"""Forms: read within limits, and believed only from the browser and the page they were made for."""

from collections.abc import Mapping

from litestar.enums import RequestEncodingType

from segue.console.rooms import Came, Req
from segue.console.visitors import Visitor, is_token

MOST_BYTES = 400_000
"""Size of a form, encoded: a draft of the longest kind in any script."""

_OWN = frozenset({"same-origin", "none"})


async def read_form(request: Req) -> Mapping[str, str]:
    """The fields of a form; of a name given more than once the last.

    Line ends are those of the records, not the CR LF that browsers send.
    """
    if request.content_type[0] != RequestEncodingType.URL_ENCODED:
        return {}
    form = await request.form()
    return {name: text.replace("\r\n", "\n") for name, text in form.multi_items() if isinstance(text, str)}


def is_own(request: Req, came: Came, form: Mapping[str, str]) -> bool:
    """Whether a form was made for this browser, and comes from a page of this site."""
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN:
        return False
    return isinstance(came.visitor, Visitor) and is_token(form.get("token", ""), came.visitor.token)
