"""Who is who: identifiers in one spelling, and the person and account a signal is about."""

from segue.identity.claims import believable
from segue.identity.identifiers import MAX_LENGTH, ascii_domain, is_junk, normalise, normalise_all
from segue.identity.linking import link, persons, subject_links

__all__ = [
    "MAX_LENGTH",
    "ascii_domain",
    "believable",
    "is_junk",
    "link",
    "normalise",
    "normalise_all",
    "persons",
    "subject_links",
]
