"""Briefs of the helpdesk: one for each conversation, filed with its hand-over and kept up to date since."""

from segue.connectors.sandbox.book import Book, Done
from segue.core.ports import Request

BRIEF, CONVERSATION = "brief", "conversation"
_FILED_BY = "filed_by"


class Desk:
    """Files the brief of a hand-over under its conversation.

    Args:
        book: The company's memory.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    async def handed_over(self, request: Request, done: Done) -> None:
        """A conversation came in: its brief takes the place of an earlier one, once for each hand-over."""
        told = done.arguments
        if request.verb != "hand_over" or not (told.get(CONVERSATION) and told.get(BRIEF)):
            return
        conversation = str(told[CONVERSATION])
        known = self._book.by_natural("helpdesk", conversation)
        filed = {name: told[name] for name in (CONVERSATION, BRIEF, "requester") if name in told}
        filed[_FILED_BY] = done.key
        if known is None:
            self._book.do(done.at, "helpdesk", BRIEF, f"{done.key}:{BRIEF}", conversation, filed)
        elif known.arguments.get(_FILED_BY) != done.key:  # the same hand-over again is older than what stands
            self._book.change(known, {**known.arguments, **filed})
