"""Tables: the log that is the truth, and the projections that are dropped and folded again at will."""

from functools import cache
from hashlib import blake2b

from sqlalchemy import BLOB, Column, Index, Integer, MetaData, Table, Text, literal_column, or_
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

FOLD_VERSION = 2
"""Raise it when a fold changes what it writes without changing a table: projections are rebuilt."""

FOREVER = 2**63 - 1
"""Stands for "no end known" in columns that an index is ordered by."""

DAILY, LASTING, WEEKLY = 0, 1, 2
"""How long the period of a reservation key is: values of `totals.lasting`."""

LOG = MetaData()
PROJECTIONS = MetaData()
KEPT = MetaData()
"""What outlives a rebuild, although it follows from what is folded: making it again takes long."""
VIEWS = MetaData()
"""What can be read like a table and is none."""


def _column(name: str, kind: type = Text, *, key: bool = False, null: bool = False) -> Column[object]:
    return Column(name, kind, primary_key=key, nullable=null, autoincrement=False)


def _text(*names: str) -> list[Column[object]]:
    return [_column(name) for name in names]


def _integers(*names: str) -> list[Column[object]]:
    return [_column(name, Integer) for name in names]


def _keys(*names: str) -> list[Column[object]]:
    return [_column(name, key=True) for name in names]


def _clustered(name: str, *columns: Column[object]) -> Table:
    """A table that is its own index; for short rows, because inner pages of its tree hold whole rows, too."""
    return Table(name, PROJECTIONS, *columns, sqlite_with_rowid=False)


def _filed(name: str, *columns: Column[object]) -> Table:
    """A table of long rows in the order in which they came first, found by an index."""
    return Table(name, PROJECTIONS, *columns)


# --- the log ------------------------------------------------------------------------------------------

events = Table(
    "events",
    LOG,
    _column("seq", Integer, key=True),
    *_text("type"),
    *_integers("version", "at", "key_id"),
    _column("payload", BLOB),
)
event_parts = Table(
    "event_parts",
    LOG,
    _column("seq", Integer, key=True),
    _column("part", Integer, key=True),
    *_integers("key_id"),
    _column("payload", BLOB),
    sqlite_with_rowid=False,
)
chain = Table(
    "chain", LOG, _column("first_seq", Integer, key=True), *_integers("last_seq"), _column("digest", BLOB)
)
meta = Table("meta", LOG, *_keys("name"), *_text("value"), sqlite_with_rowid=False)

# --- the inbox ----------------------------------------------------------------------------------------

signals = Table(
    "signals",
    PROJECTIONS,
    _column("pos", Integer, key=True),  # log position * 4096, plus 1 + index for a derived signal
    *_text("id"),
    *_integers("state", "band"),
    _column("digest", BLOB),
    _column("cause", null=True),
)
Index("signals_id", signals.c.id, unique=True)
Index("signals_pending", signals.c.band, signals.c.pos, sqlite_where=signals.c.state == literal_column("0"))
history_keys = _clustered("history_keys", *_keys("key"), _column("pos", Integer, key=True))
Index("history_keys_pos", history_keys.c.pos)
dead_letters = _clustered(
    "dead_letters",
    *_keys("id"),
    *_integers("seq"),
    *_text("signal_id", "code", "error"),
    *_integers("at", "open"),
)
Index("dead_letters_open", dead_letters.c.seq, sqlite_where=dead_letters.c.open == literal_column("1"))
lanes = _clustered("lanes", *_keys("lane"), *_integers("last_now"))
percepts = _clustered("percepts", *_keys("signal_id"), *_integers("seq"))

# --- who is who ---------------------------------------------------------------------------------------

profiles = _clustered(
    "profiles",
    *_keys("profile_id"),
    *_text("person_id"),
    *_integers("first_seq"),
    *_text("account_id"),
    *_integers("joined_seq", "level", "parted"),
)
# Both hold all that is read through them.
Index(
    "profiles_person",
    profiles.c.person_id,
    profiles.c.first_seq,
    profiles.c.profile_id,
    profiles.c.account_id,
    profiles.c.joined_seq,
    profiles.c.level,
    profiles.c.parted,
)
Index(
    "profiles_account",
    profiles.c.account_id,
    profiles.c.first_seq,
    profiles.c.person_id,
    sqlite_where=profiles.c.account_id != literal_column("''"),
)
clusters = _clustered(
    "clusters",
    *_keys("profile_id"),
    _column("seq", Integer, key=True),
    *_text("person_id"),
    *_integers("recorded_at"),
)
# Of whom a profile was part until then: what was used of caps by both counts for each.
partings = _clustered("partings", *_keys("profile_id", "other"), *_integers("until"))
identifiers = _clustered(
    "identifiers", *_keys("hash"), *_text("namespace", "profile_id", "account_id"), *_integers("shared")
)
Index("identifiers_profile", identifiers.c.profile_id, identifiers.c.namespace)
evidence = _clustered(
    "evidence",
    *_keys("hash", "profile_id"),
    *_text("namespace"),
    *_integers("anchor", "first_at", "last_at", "trust"),
)
Index("evidence_profile", evidence.c.profile_id)
# What humans said of who is who; the newest word on a pair counts, and the older ones stay.
identity_words = _clustered(
    "identity_words",
    *_keys("one", "other"),
    _column("seq", Integer, key=True),
    *_text("kind"),
    *_integers("recorded_at"),
)
Index("identity_words_other", identity_words.c.other)
# Hashes of linking codes, who brought each back first, and how many of a sender were refused on a day.
link_codes = _clustered(
    "link_codes", *_keys("code"), *_text("profile_id", "channel"), *_integers("expires_at"), *_text("used_by")
)
link_attempts = _clustered(
    "link_attempts", *_keys("key"), _column("day", Integer, key=True), *_integers("refused")
)
memberships = _clustered(
    "memberships",
    *_keys("profile_id"),
    _column("joined_at", Integer, key=True),
    *_text("account_id"),
    *_integers("left_at"),
)
suppressions = _clustered("suppressions", *_keys("hash"), *_integers("at"))

# --- memory -------------------------------------------------------------------------------------------

# What is believed of a subject and has not ended: one row, which every context reads whole (ADR 19).
# `since` is the latest beginning in it, `until` the earliest end, `ended` the latest end in `facts_ended`.
beliefs = _filed("beliefs", *_keys("subject"), *_integers("since", "until", "ended"), *_text("facts"))
# Ordered by the end of validity, so that reading what held late never walks over what ended early.
facts_ended = _clustered(
    "facts_ended",
    *_keys("subject"),
    _column("valid_to", Integer, key=True),
    *_keys("predicate", "qualifier", "trust"),
    _column("valid_from", Integer, key=True),
    *_integers("recorded_from"),
    *_text("value", "signal_id", "words"),
)
# All that is believed, a row for each fact, from both tables above; for reads that no step waits for.
# INVARIANT: of one (subject, predicate, qualifier, trust) its rows never overlap in valid time.
facts = facts_ended.to_metadata(VIEWS, name="believed")
facts_past = _clustered(
    "facts_past",
    *_keys("subject", "predicate", "qualifier", "trust"),
    _column("valid_from", Integer, key=True),
    _column("recorded_from", Integer, key=True),
    *_integers("valid_to", "recorded_to"),
    *_text("value", "signal_id", "words"),
)
threads = _clustered(
    "threads", *_keys("id"), *_text("profile_id", "channel"), *_integers("first_at", "last_at", "length")
)
messages = Table(
    "messages",
    PROJECTIONS,
    _column("pos", Integer, key=True),
    *_text("id", "thread", "profile_id", "channel", "direction", "by", "text"),
    *_integers("at"),
    *_text("signal_id", "brand", "subject", "reference"),
    *_integers("recorded_at"),
)
Index("messages_id", messages.c.id, unique=True)
Index("messages_profile", messages.c.profile_id, messages.c.at)
counts = _clustered("counts", *_keys("subject", "name"), _column("day", Integer, key=True), *_integers("n"))
goals = _filed("goals", *_keys("id"), *_text("subject"), *_integers("closed_at"), _column("record", BLOB))
Index("goals_subject", goals.c.subject, goals.c.closed_at)
Index("goals_open", goals.c.closed_at, sqlite_where=goals.c.closed_at == literal_column(str(FOREVER)))
outcomes = _filed(
    "outcomes",
    *_keys("id"),
    *_text("subject", "goal_id", "decision_id"),
    *_integers("at"),
    _column("record", BLOB),
)
Index("outcomes_at", outcomes.c.at)
Index("outcomes_subject", outcomes.c.subject)
exposures = _filed("exposures", *_keys("id"), *_text("profile_id"), *_integers("at"), _column("record", BLOB))
Index("exposures_profile", exposures.c.profile_id, exposures.c.at)
arms = _clustered("arms", *_keys("unit"), _column("record", BLOB))

# Token vectors of a message, at most 2 KB (`segue.graph.recall.vectors`), by its place; `stores/vectors.py`.
token_vectors = Table("token_vectors", KEPT, _column("pos", Integer, key=True), _column("vectors", BLOB))

# --- decisions and what they leave open ---------------------------------------------------------------

decisions = Table(
    "decisions",
    PROJECTIONS,
    _column("seq", Integer, key=True),
    *_text("id", "signal_id", "root_id", "person_id", "account_id", "profile_id", "trigger_profile_id"),
    *_integers("at"),
    *_text("action", "play", "mode", "question"),
    _column("score", Integer, null=True),
    *_text("because", "offer", "held"),
)
Index("decisions_id", decisions.c.id, unique=True)
Index("decisions_signal", decisions.c.signal_id)
Index("decisions_root", decisions.c.root_id, sqlite_where=decisions.c.question == literal_column("'gate'"))
Index("decisions_profile", decisions.c.profile_id)
Index("decisions_trigger", decisions.c.trigger_profile_id)
Index(
    "decisions_account", decisions.c.account_id, sqlite_where=decisions.c.account_id != literal_column("''")
)
effects = _filed(
    "effects",
    *_keys("id"),
    *_integers("pos"),
    *_text("profile_id", "account_id", "decision_id", "connector", "state"),
    *_integers("deadline_at"),
    _column("due_at", Integer, null=True),
    *_integers("in_flight", "cancel"),
    _column("record", BLOB),
)
# In `or`, not `in`: for that a table in memory would be filled at each insert.
_open = or_(*(effects.c.state == literal_column(f"'{state}'") for state in ("pending", "sent", "unknown")))
Index("effects_due", effects.c.due_at, effects.c.pos, sqlite_where=effects.c.due_at.is_not(None))
# By connector too: what waits for a broken one, thousands perhaps, is passed over without being read.
_way = effects.c.connector
Index("effects_way", _way, effects.c.due_at, effects.c.pos, sqlite_where=effects.c.due_at.is_not(None))
_waits = effects.c.due_at.is_not(None) & (effects.c.state == literal_column("'pending'"))
Index("effects_overdue", _way, effects.c.deadline_at, effects.c.pos, sqlite_where=_waits)
Index("effects_in_flight", effects.c.pos, sqlite_where=effects.c.in_flight == literal_column("1"))
for _ended in ("unknown", "failed"):
    _is = effects.c.state == literal_column(f"'{_ended}'")
    Index(f"effects_{_ended}", effects.c.pos, sqlite_where=_is)
Index("effects_profile", effects.c.profile_id, effects.c.pos, sqlite_where=_open)
Index("effects_account", effects.c.account_id, effects.c.pos, sqlite_where=_open)
Index("effects_decision", effects.c.decision_id)
attempts = _filed(
    "attempts", *_keys("effect_id"), _column("number", Integer, key=True), _column("record", BLOB)
)
timers = _filed("timers", *_keys("id"), *_integers("due_at"), *_text("subject"), _column("record", BLOB))
Index("timers_due", timers.c.due_at, timers.c.id)
Index("timers_subject", timers.c.subject)
restored = _clustered("restored", _column("id", Integer, key=True), *_integers("at", "seq"))
reservations = _filed(
    "reservations",
    *_keys("id"),
    *_text("key", "subject", "decision_id"),
    *_integers("amount", "taken", "lasting", "at"),
    _column("record", BLOB),
)
_taken = reservations.c.taken == literal_column("1")
Index("reservations_subject", reservations.c.subject, reservations.c.at, sqlite_where=_taken)
Index("reservations_key", reservations.c.key, reservations.c.at, reservations.c.id, sqlite_where=_taken)
totals = _clustered(
    "totals",
    *_keys("key"),
    *_integers("amount"),
    *_text("decision_id"),
    *_integers("at", "shared", "lasting"),
)
# Holds all that is read through it: every decision reads what is limited tenant-wide.
Index(
    "totals_shared",
    totals.c.lasting,
    totals.c.at,
    totals.c.key,
    totals.c.amount,
    totals.c.decision_id,
    sqlite_where=totals.c.shared == literal_column("1"),
)
approvals = _filed(
    "approvals",
    *_keys("id"),
    *_text("subject", "decision_id", "status"),
    *_integers("value_micro"),
    _column("record", BLOB),
)
Index(
    "approvals_subject", approvals.c.subject, sqlite_where=approvals.c.status == literal_column("'pending'")
)
Index("approvals_status", approvals.c.status, approvals.c.value_micro)
Index("approvals_decision", approvals.c.decision_id)

FACTS_DDL = """CREATE VIEW believed AS
SELECT subject, valid_to, predicate, qualifier, trust, valid_from, recorded_from, value, signal_id, words
FROM facts_ended
UNION ALL
SELECT subject, valid_to, predicate, qualifier, source ->> 1, source ->> 0, source ->> 3, value, source ->> 2,
    words
FROM (
    SELECT beliefs.subject,
        coalesce(fact.value ->> 4, 9223372036854775807) AS valid_to,
        fact.value ->> 0 AS predicate,
        coalesce(fact.value ->> 3, '') AS qualifier,
        beliefs.facts -> ('$[0][' || (fact.value ->> 2) || ']') AS source,
        fact.value -> 1 AS value,
        coalesce(fact.value ->> 5, '') AS words
    FROM beliefs, json_each(beliefs.facts, '$[1]') AS fact
)"""

# Words and the profile they belong to are one index, so that recall within one person is exact and fast.
SEARCH_DDL = (
    "CREATE VIRTUAL TABLE search USING fts5(text, subject, profile_id, content='messages', "
    "content_rowid='pos', "
    'columnsize=0, tokenize="unicode61 remove_diacritics 2")'
)


def create(metadata: MetaData) -> list[str]:
    """Statements that create every table and index of `metadata`."""
    dialect = sqlite.dialect()
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return made


@cache
def projection_ddl() -> tuple[str, ...]:
    """Statements that create the projections."""
    return (*create(PROJECTIONS), FACTS_DDL, SEARCH_DDL)


@cache
def kept_ddl() -> tuple[str, ...]:
    """Statements that create what outlives a rebuild, each by the name of its table."""
    return tuple(create(KEPT))


@cache
def projection_schema_hash() -> str:
    """What the projections in a file must have been made by, else they are rebuilt."""
    return blake2b(
        "\n".join((str(FOLD_VERSION), *kept_ddl(), *projection_ddl())).encode(), digest_size=16
    ).hexdigest()
