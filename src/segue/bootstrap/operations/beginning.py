"""Beginning anew after a restore: what let people in before lets nobody in, and nothing counts as known."""

from segue.bootstrap.home import Home
from segue.connectors.email import Book
from segue.connectors.webchat import ChatBook
from segue.core.ids import IdKey
from segue.core.units import Instant
from segue.stores.copying import scrub_file
from segue.stores.doors import Answers, DoorsDb, Reveals, Sessions


def begin_anew(home: Home, ids: IdKey, at: Instant, lost_since: Instant | None) -> None:
    """End sessions and reveals, and number chat visitors anew: a token of the lost time opens nobody's chat.

    Args:
        home: The restored home.
        ids: Its id key.
        at: When it was restored.
        lost_since: When the log was backed up, where the other files are of a later backup. Then mailboxes
            are gone through again from there, and no answer of the doors is told again.
    """
    if home.doors.is_file():
        doors = DoorsDb(home.doors)
        Sessions(doors).end_everybodys()
        Reveals(doors).close_all()
        if lost_since is not None:
            Answers(doors, home.master_key()).forget_all()
        doors.close()
        scrub_file(home.doors)
    if home.chat.is_file():
        chat = ChatBook(home.chat)
        chat.number_from(at)
        chat.close()
    if home.email.is_file() and lost_since is not None:
        mail = Book(home.email, ids)
        mail.go_back(lost_since)
        mail.close()
