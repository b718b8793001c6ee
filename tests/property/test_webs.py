"""What the store reads of the evidence is enough: it places everybody as all evidence does."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from segue.core.records.identity import IdentityRules, NamespaceRule, Web
from segue.core.records.memory import Trust
from segue.core.records.signals import Kind
from segue.core.units import DAY
from segue.identity import link
from tests.people import IDS, People, a_sighting, a_word, hashed
from tests.stored import a_house

RULES = IdentityRules(
    namespaces={
        "crm": NamespaceRule(0, per_person=1),
        "email": NamespaceRule(2, per_person=3, window=10 * DAY, people=2),
        "cookie": NamespaceRule(4, people=2, claimed="nobody"),
    },
    recycled=40 * DAY,
)
"""Two people who share an identifier are as many as may: crowds come soon."""

NAMES = [
    *(f"crm:{letter}" for letter in "abcd"),
    *(f"{kind}:{x}" for kind in ("email", "cookie") for x in "ab"),
]


@dataclass(frozen=True, slots=True)
class Told:
    """A signal, or a human's word on two identifiers."""

    names: tuple[str, ...]
    source: str = ""
    at: int = 0
    trust: Trust = "verified"
    word: Kind | None = None


def a_life(seed: int) -> Iterator[Told]:
    """Thirty things that happen; drawn by a seed, since lists that Hypothesis draws rarely make a crowd."""
    draw = Random(seed)  # noqa: S311 - lives, not secrets
    for _ in range(30):
        if draw.random() < 0.1:
            yield Told(
                tuple(draw.sample(NAMES, 2)),
                word=draw.choice((Kind.IDENTITY_MERGE, Kind.IDENTITY_SPLIT)),
            )
            continue
        yield Told(
            tuple(draw.sample(NAMES, draw.choice((1, 2, 2)))),
            source=draw.choice(("web", "shop")),
            at=draw.randrange(60) * DAY,
            trust="claimed" if draw.random() < 0.1 else "verified",
        )


def places(web: Web) -> dict[str, tuple[str, int]]:
    """Person of every profile, and how certain that is."""
    return {name: (held.person_id, held.level) for name, held in web.profiles.items()}


@settings(max_examples=40)
@example(22)  # a level that was as it would be without a crowd that is shared
@example(41)  # what was contested before a crowd was found
@example(244)  # a view of a shared identifier that was met without its other views
@given(st.integers(0, 2**32))
def test_what_the_store_reads_places_everybody_as_all_evidence_does(seed: int) -> None:
    people = People(RULES)

    with a_house(RULES) as house:
        for number, told in enumerate(a_life(seed)):
            one, other = told.names[:1], told.names[1:]
            if told.word is None:
                signal = a_sighting(
                    *told.names, source=told.source, at=told.at, trust=told.trust, name=str(number)
                )
                house.see(signal)
                people.fold(link(signal, people.web, {}, IDS, RULES))
            elif {hashed(name) for name in told.names} <= set(people.web.owners):
                house.say(a_word(told.word, one, other))
                people.say(told.word, one, other)

        assert (places(house.web(*NAMES)), house.web(*NAMES).shared) == (
            places(people.web),
            people.web.shared,
        )


def test_a_view_of_a_shared_inbox_stays_with_the_other_views_of_it() -> None:
    with a_house(RULES) as house:
        house.see(a_sighting("email:a", source="mail", name="1"))
        house.see(a_sighting("email:a", "cookie:a", source="form", name="2"))
        for letter in "abc":
            house.see(a_sighting(f"crm:{letter}", "email:a", source="crm", name=letter))
        before = places(house.web(*NAMES))

        house.see(a_sighting("email:b", "cookie:a", name="3"))

        after = places(house.web(*NAMES))
        assert {name: after[name] for name in before} == before
