"""Web chat: the conversations of a website's visitors, kept by Segue itself, behind the connector port."""

from segue.connectors.webchat.book import ChatBook, Line, Visitor
from segue.connectors.webchat.tool import WebChat
from segue.connectors.webchat.words import LANGUAGES, Notice, notice

__all__ = ["LANGUAGES", "ChatBook", "Line", "Notice", "Visitor", "WebChat", "notice"]
