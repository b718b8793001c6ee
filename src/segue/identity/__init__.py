"""Who is who: identifiers in one spelling, and the person and account a signal is about."""

from segue.identity.changes import Changes, changes_of, judge, names_of, web_with, words_of
from segue.identity.identifiers import (
    MAX_LENGTH,
    ascii_domain,
    blocklist,
    is_junk,
    normalise,
    normalise_all,
)
from segue.identity.linking import is_news, link, subject_links
from segue.identity.resolving import Resolution, resolve

__all__ = [
    "MAX_LENGTH",
    "Changes",
    "Resolution",
    "ascii_domain",
    "blocklist",
    "changes_of",
    "is_junk",
    "is_news",
    "judge",
    "link",
    "names_of",
    "normalise",
    "normalise_all",
    "resolve",
    "subject_links",
    "web_with",
    "words_of",
]
