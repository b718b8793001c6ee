"""E-mail: SMTP out, IMAP in, and what a mailbox tells becomes signals."""

from segue.connectors.email.book import Book
from segue.connectors.email.connector import EMAIL, EmailConnector
from segue.connectors.email.inlet import EmailInlet, People
from segue.connectors.email.outbound import ways_out
from segue.connectors.email.settings import EmailForm

__all__ = ["EMAIL", "Book", "EmailConnector", "EmailForm", "EmailInlet", "People", "ways_out"]
