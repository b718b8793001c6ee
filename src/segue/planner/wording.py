"""Wording: the coded filter every draft passes, whoever wrote it."""

import re

from segue.core.units import PPM
from segue.planner.disclosing import undisclosed
from segue.planner.options import Moment, Option

_LINK = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
_PERCENT = re.compile(r"(\d+)(?:[.,]\d+)?\s?%")
_BLANK = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b")
LONGEST = 20_000


def objection(moment: Moment, option: Option) -> str:
    """What is wrong with a draft, or empty.

    Only links the playbook allows, no address but the recipient's and the sender's, no percentage that is
    not the offer's, no blank left open, nothing private, and nothing another contact said.
    """
    arguments = option.candidate.arguments
    words = f"{arguments.get('subject', '')}\n{arguments.get('text', '')}"
    if not option.candidate.channel:
        return ""
    if not str(arguments.get("text", "")).strip():
        return "the draft is empty"
    if len(words) > LONGEST:
        return f"the draft is longer than {LONGEST} characters"
    if _BLANK.search(words):
        return "the draft has an open blank"
    return (
        _links(moment, words)
        or _addresses(arguments, words)
        or _percents(moment, option, words)
        or undisclosed(moment, option, words)
    )


def _links(moment: Moment, words: str) -> str:
    allowed = moment.playbook.settings.links
    bad = next((link for link in _LINK.findall(words) if not link.startswith(allowed)), "")
    return f"the link `{bad}` is not allowed" if bad else ""


def _addresses(arguments: dict[str, object], words: str) -> str:
    known = {str(arguments.get("to", "")).lower(), str(arguments.get("from", "")).lower()}
    bad = next((mail for mail in _MAIL.findall(words) if mail.lower() not in known), "")
    return "the draft holds an address that is not the recipient's or the sender's" if bad else ""


def _percents(moment: Moment, option: Option, words: str) -> str:
    offer = moment.playbook.offers.get(option.candidate.offer)
    allowed = {offer.percent_ppm * 100 // PPM} if offer else set()
    bad = next((number for number in _PERCENT.findall(words) if int(number) not in allowed), "")
    return f"`{bad}%` is not in the offer" if bad else ""
