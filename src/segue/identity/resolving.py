"""Who is one person: a pure function of the evidence as a set, so that no order of signals changes it.

The strongest ties join first, as in Kruskal's algorithm; a tie that would join what cannot be one person is
refused. So on a conflict it is always the weakest identifier that gives way, whichever signal came last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from segue.core.records.identity import CLAIMED, LAST_RANK, NAMELESS, PROVEN, IdentityRules, Tie, Web, Word
from segue.identity.groups import Groups


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who belongs together.

    Attributes:
        group: Name of the group of each profile and identifier hash; names mean nothing else.
        refused: Why a tie (profile, hash) does not join, by tie.
        shared: Hashes that link too many people; those known as shared before included.
    """

    group: dict[str, str]
    refused: dict[tuple[str, str], str]
    shared: frozenset[str]


def resolve(web: Web, rules: IdentityRules) -> Resolution:
    """Find the persons in a web of evidence.

    Args:
        web: Every tie that hangs together with what is asked about.
        rules: The playbook's.
    """
    shared = set(web.shared)
    while True:
        # Begun anew with what is shared: else it were not the same once that is known from the start.
        state = _State(web, rules, set(shared))
        groups = _settled(state)
        crowded = _crowded(state)
        if not crowded:
            break
        shared |= crowded
    nodes = {node for tie in web.ties for node in (tie.profile_id, tie.key)} | set(web.profiles)
    return Resolution(
        {node: groups.find(node) for node in sorted(nodes)}, dict(state.refused), frozenset(state.shared)
    )


@dataclass(slots=True)
class _State:
    """What is settled so far: shared and contested identifiers, ties that a newer claim replaced."""

    web: Web
    rules: IdentityRules
    shared: set[str]
    contested: set[str] = field(default_factory=set)
    recycled: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    anchors: dict[str, tuple[str, str]] = field(default_factory=dict)
    ordered: list[tuple[tuple[bool, int, int, int, str, str], Tie]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anchors = {tie.profile_id: (tie.key, tie.namespace) for tie in self.web.ties if tie.anchor}
        self.ordered = sorted((self.strength(tie), tie) for tie in self.web.ties if not tie.anchor)

    def strength(self, tie: Tie) -> tuple[bool, int, int, int, str, str]:
        """Claims come last; the weaker end decides, then the stronger one, then who came first."""
        anchor = self.anchors.get(tie.profile_id)
        ends = (self.rules.of(tie.namespace).rank, self.rules.of(anchor[1]).rank if anchor else LAST_RANK)
        if tie.trust == PROVEN:
            ends = (0, 0)
        return tie.trust == CLAIMED, max(ends), min(ends), tie.first_at, tie.profile_id, tie.key

    def void(self, tie: Tie) -> str:
        """Why a tie joins nothing, whatever else there is."""
        anchor = self.anchors.get(tie.profile_id)
        if tie.key in self.shared or (anchor and anchor[0] in self.shared):
            return "shared"
        if tie.key in self.contested:
            return "contested"
        return "recycled" if (tie.profile_id, tie.key) in self.recycled else ""

    def is_alias(self, tie: Tie) -> bool:
        """Whether its source says that two ids of which a person has one are the same person's."""
        anchor = self.anchors.get(tie.profile_id)
        same = anchor is not None and anchor[1] == tie.namespace
        return same and self.rules.of(tie.namespace).is_unique


def _settled(state: _State, without: str = "") -> Groups:
    """Join until no conflict settles anything more."""
    while True:
        groups, again = _joined(state, without)
        if not again:
            return groups


def _joined(state: _State, without: str) -> tuple[Groups, bool]:
    groups = _groups(state)
    state.refused = {}
    joining: dict[str, list[Tie]] = {}
    for _, tie in state.ordered:
        why = "crowd" if without and without in _ends(state, tie) else state.void(tie)
        why = why or groups.conflict(tie.profile_id, tie.key, alias=state.is_alias(tie))
        if not why and tie.trust == CLAIMED and groups.clash(tie.profile_id, tie.key, tie.namespace):
            why = "claimed"
        if not why:
            groups.join(tie.profile_id, tie.key)
            joining.setdefault(tie.key, []).append(tie)
            continue
        state.refused[tie.profile_id, tie.key] = why
        if why.startswith("limit") and _settles(state, tie, joining.get(tie.key, [])):
            return groups, True
    return groups, False


def _ends(state: _State, tie: Tie) -> tuple[str, str]:
    anchor = state.anchors.get(tie.profile_id)
    return tie.key, anchor[0] if anchor else ""


def _settles(state: _State, tie: Tie, holding: list[Tie]) -> bool:
    """Whether the claim of people who cannot be one with its holders changes whose an identifier is."""
    if not holding or (tie.trust == CLAIMED and any(item.trust != CLAIMED for item in holding)):
        return False
    if tie.first_at - max(item.last_at for item in holding) >= state.rules.recycled > 0:
        state.recycled |= {(item.profile_id, item.key) for item in holding}
        return True
    equal = {state.strength(item)[:3] for item in holding}
    if state.rules.of(tie.namespace).claimed == "nobody" and state.strength(tie)[:3] in equal:
        state.contested.add(tie.key)
        return True
    return False


def _groups(state: _State) -> Groups:
    """What holds whatever the rules say: a profile is its identifier's, and humans have the last word."""
    groups = Groups(state.rules)
    for tie in _first(state.web.ties):
        groups.add(tie.key, tie.namespace, tie.first_at)
    for name in {*state.web.profiles, *(tie.profile_id for tie in state.web.ties)}:
        groups.add_profile(name, state.web.names.get(name, ()))
    for tie in state.web.ties:
        if tie.anchor:
            groups.join(tie.profile_id, tie.key)
    for word in newest_words(state.web.words):
        if word.kind == "apart":
            groups.part(word.one, word.other)
        elif not groups.are_apart(word.one, word.other):
            groups.join(word.one, word.other)
    return groups


def _first(ties: Iterable[Tie]) -> Iterable[Tie]:
    """The earliest tie of each identifier; beside one that somebody vouches for, claims do not count."""
    first: dict[str, Tie] = {}
    for tie in ties:
        held = first.setdefault(tie.key, tie)
        if (tie.trust == CLAIMED, tie.first_at) < (held.trust == CLAIMED, held.first_at):
            first[tie.key] = tie
    return first.values()


def newest_words(words: Iterable[Word]) -> list[Word]:
    """Each pair once, by its newest word; what was merely found yields to what a human said."""
    newest: dict[frozenset[str], Word] = {}
    for word in words:
        pair = frozenset((word.one, word.other))
        known = newest.get(pair)
        if known is None or (word.kind != "found", word.seq) >= (known.kind != "found", known.seq):
            newest[pair] = word
    return sorted(newest.values(), key=lambda word: (word.kind == "found", -word.seq, word.one, word.other))


def _crowded(state: _State) -> set[str]:
    """Identifiers that link more people than one person's would."""
    found = set()
    for key, (limit, neighbours) in _neighbours(state).items():
        if len(neighbours) <= limit:
            continue
        apart = _State(state.web, state.rules, set(state.shared), set(state.contested), set(state.recycled))
        groups = _settled(apart, without=key)
        if len({groups.find(node) for node in neighbours}) > limit:
            found.add(key)
    return found


def _neighbours(state: _State) -> dict[str, tuple[int, set[str]]]:
    """Whom each identifier that may be shared lies between: who carried it, and what came with it."""
    found: dict[str, tuple[int, set[str]]] = {}
    vouched = {tie.key for tie in state.web.ties if tie.trust != CLAIMED and tie.namespace not in NAMELESS}
    for _, tie in state.ordered:
        anchor = state.anchors.get(tie.profile_id)
        if tie.trust == CLAIMED and (tie.key in vouched or (anchor and anchor[0] in vouched)):
            continue  # else anybody could make another's address one that links nobody
        limit = state.rules.of(tie.namespace).people
        if limit and tie.key not in state.shared:
            found.setdefault(tie.key, (limit, set()))[1].add(anchor[0] if anchor else tie.profile_id)
        if anchor is None or anchor[0] in state.shared or not state.rules.of(tie.namespace).per_person:
            continue
        limit = state.rules.of(anchor[1]).people
        if limit:
            found.setdefault(anchor[0], (limit, set()))[1].add(tie.key)
    return found
