"""Groups that grow: a union-find that knows what no single person can have, and what humans keep apart."""

from bisect import insort
from collections.abc import Iterable

from segue.core.records.identity import NAMELESS, IdentityRules
from segue.identity.claims import clash


class Groups:
    """Nodes are profiles and identifier hashes.

    Args:
        rules: What one person can have at most.
    """

    def __init__(self, rules: IdentityRules) -> None:
        self._rules = rules
        self._parent: dict[str, str] = {}
        self._unique: dict[str, dict[str, str]] = {}
        self._times: dict[str, dict[str, list[tuple[int, str]]]] = {}
        self._apart: list[tuple[str, str]] = []
        self._names: dict[str, set[str]] = {}
        self._peopled: set[str] = set()

    def add(self, key: str, namespace: str, first_at: int) -> None:
        """Add an identifier first seen then; of several times the earliest counts."""
        root = self.find(key)
        if namespace not in NAMELESS:
            self._names.setdefault(root, set()).add(namespace)
        rule = self._rules.of(namespace)
        if rule.is_unique:
            self._unique.setdefault(root, {})[namespace] = key
        elif rule.per_person:
            times = self._times.setdefault(root, {}).setdefault(namespace, [])
            if not times:
                times.append((first_at, key))
            elif first_at < times[0][0]:
                times[0] = (first_at, key)

    def add_profile(self, profile_id: str, names: Iterable[str]) -> None:
        """Add a profile with the addresses on record of it."""
        root = self.find(profile_id)
        self._peopled.add(root)
        self._names.setdefault(root, set()).update(names)

    def find(self, node: str) -> str:
        """The name of a node's group."""
        parent = self._parent
        root = node
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    def join(self, one: str, other: str) -> None:
        """Make two groups one, whatever the limits say."""
        kept, gone = self.find(one), self.find(other)
        if kept == gone:
            return
        if gone < kept:
            kept, gone = gone, kept
        self._parent[gone] = kept
        if gone in self._names:
            self._names.setdefault(kept, set()).update(self._names.pop(gone))
        if gone in self._peopled:
            self._peopled.add(kept)
        unique = self._unique.pop(gone, None)
        if unique:
            self._unique[kept] = unique | self._unique.get(kept, {})
        for namespace, times in self._times.pop(gone, {}).items():
            held = self._times.setdefault(kept, {}).setdefault(namespace, [])
            for item in times:
                insort(held, item)

    def part(self, one: str, other: str) -> None:
        """Keep two nodes apart, unless they are one group already."""
        if self.find(one) != self.find(other):
            self._apart.append((one, other))

    def are_apart(self, one: str, other: str) -> bool:
        """Whether joining them would join what is kept apart."""
        if not self._apart:
            return False
        pair = {self.find(one), self.find(other)}
        return len(pair) > 1 and any({self.find(a), self.find(b)} == pair for a, b in self._apart)

    def conflict(self, one: str, other: str, *, alias: bool) -> str:
        """Why two groups cannot be one person, or empty.

        Args:
            one: A node of the first.
            other: A node of the second.
            alias: Whether what a person has once may become two spellings of the same.
        """
        first, second = self.find(one), self.find(other)
        if first == second:
            return ""
        if self.are_apart(first, second):
            return "apart"
        if not alias:
            mine, theirs = self._unique.get(first), self._unique.get(second)
            if mine and theirs and (both := mine.keys() & theirs.keys()):
                return f"limit:{min(both)}"
        return self._over(first, second)

    def clash(self, profile_id: str, key: str, namespace: str) -> bool:
        """Whether a claim would make one person of two who are known by name."""
        own, theirs = self.find(profile_id), self.find(key)
        if own == theirs:
            return False
        nobody: set[str] = set()
        names = self._names.get(own, nobody), self._names.get(theirs, nobody)
        return clash(*names, namespace, is_new=theirs not in self._peopled)

    def _over(self, first: str, second: str) -> str:
        mine, theirs = self._times.get(first), self._times.get(second)
        if not mine or not theirs:
            return ""
        for namespace in sorted(mine.keys() & theirs.keys()):
            rule = self._rules.of(namespace)
            times = sorted(at for at, _ in (*mine[namespace], *theirs[namespace]))
            most = rule.per_person
            for index in range(len(times) - most):
                if not rule.window or times[index + most] - times[index] <= rule.window:
                    return f"limit:{namespace}"
        return ""
