"""Linking without a store: a house of people in plain dictionaries, which reads all evidence every time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from segue.core.ids import IdKey
from segue.core.records.identity import CLAIMED, TOLD, Held, IdentityRules, Tie, Web, Word
from segue.core.records.memory import Links, Trust
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import judge, link, web_with

IDS = IdKey(b"0123456789abcdef")


def hashed(identifier: str) -> str:
    """Give the hash of an identifier."""
    return IDS.identifier_hash(identifier)


def a_sighting(
    *identifiers: str, source: str = "web", at: int = 0, name: str = "s", trust: Trust = "verified"
) -> Signal:
    """Make a signal that carries identifiers."""
    now = Instant(at)
    return Signal(name, source, name, Kind.PAGE_VIEWED, identifiers, now, now, trust=trust)


def a_word(kind: Kind, one: Iterable[str], other: Iterable[str]) -> Signal:
    """Make a human's word on who is who."""
    body = {"one": [hashed(item) for item in one], "other": [hashed(item) for item in other], "by": "eve"}
    return Signal("w", "segue.identity", "w", kind, (), Instant(0), Instant(0), body, subject="tenant")


@dataclass
class People:
    """Who is who, folded from links as a store folds them."""

    rules: IdentityRules = field(default_factory=IdentityRules)
    web: Web = field(default_factory=Web)
    seq: int = 0

    def see(self, *identifiers: str, source: str = "web", at: int = 0, trust: Trust = "verified") -> Links:
        """Take in one signal."""
        signal = a_sighting(*identifiers, source=source, at=at, trust=trust)
        return self.fold(link(signal, self.web, {}, IDS, self.rules))

    def say(self, kind: Kind, one: Iterable[str], other: Iterable[str]) -> Links:
        """Take in a human's word."""
        return self.fold(judge(a_word(kind, one, other), self.web, self.rules))

    def fold(self, links: Links) -> Links:
        """Keep what links say."""
        self.seq += 1
        profiles, owners = dict(self.web.profiles), dict(self.web.owners)
        if links.profile_id:
            profiles.setdefault(links.profile_id, Held(links.person_id, self.seq))
        for name, held in profiles.items():
            if held.person_id in links.merged or name == links.profile_id:
                profiles[name] = held._replace(person_id=links.person_id)
        for name, person_id in links.moved:
            profiles[name] = profiles[name]._replace(person_id=person_id)
        for name, level in links.levels:
            profiles[name] = profiles[name]._replace(level=level)
        for key, _ in links.identifiers:
            owners.setdefault(key, links.profile_id)
        owners.update(links.owners)
        ties = [
            Tie(
                links.profile_id,
                key,
                namespace,
                key == links.anchor,
                at,
                at,
                CLAIMED if links.claimed else TOLD,
            )
            for key, namespace, at in links.evidence
        ]
        words = [Word(one, other, kind, self.seq) for one, other, kind in links.words]  # type: ignore[arg-type]
        self.web = Web(
            ties=web_with(self.web, ties).ties,
            profiles=profiles,
            owners=owners,
            shared=self.web.shared | set(links.shared),
            words=(*self.web.words, *words),
            names=self.web.names,
        )
        return links

    def person(self, identifier: str) -> str:
        """Give the person an identifier leads to, or empty."""
        owner = self.web.owners.get(hashed(identifier), "")
        return self.web.profiles[owner].person_id if owner else ""

    def profile(self, identifier: str, source: str = "web") -> str:
        """Give the person of a source's view of an identifier."""
        return self.web.profiles[IDS.profile_id(source, identifier)].person_id

    def are_one(self, *identifiers: str) -> bool:
        """Whether identifiers lead to one person."""
        return len({self.person(item) for item in identifiers}) == 1 and bool(self.person(identifiers[0]))
