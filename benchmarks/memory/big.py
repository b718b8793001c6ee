"""Reads of a home with very many facts: the context of one decision, and who an identifier belongs to.

Each person has an e-mail address, an account with three others, and twenty facts: eight hold now, the others
are what they were before. The decision is on a message of a person drawn from all; its context holds what the
mind of the default library wants for one, suppressions and counts included. CPU, not wall time.
"""

import random
import sys
import time
from typing import Any

from benchmarks import company
from benchmarks.report import percentile
from segue.bootstrap.minds import mind_of
from segue.core.ids import IdKey
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, Instant
from segue.playbook import load
from segue.runtime.tenant import Mind
from segue.stores import SqliteStore

FACTS, PEOPLE = 1_000_000, 50_000
QUICK_FACTS, QUICK_PEOPLE = 40_000, 2_000
CURRENT = 8
MORE = 10
READS = 2_000
_START = Instant(20_000 * DAY)
_BATCH = 2_000


def measure(*, quick: bool, more: bool = False) -> dict[str, Any]:
    """Measure at a million facts; `quick` takes 40,000, and `more` ten million besides."""
    facts, people = (QUICK_FACTS, QUICK_PEOPLE) if quick else (FACTS, PEOPLE)
    figures = _measured(facts, people)
    if more:
        many = _measured(facts * MORE, people * MORE)
        figures["context_cpu_us_p50_10m"] = many["context_cpu_us_p50"]
        figures["context_ratio_10m"] = round(many["context_cpu_us_p50"] / figures["context_cpu_us_p50"], 2)
    return figures


def _measured(facts: int, people: int) -> dict[str, Any]:
    with company.a_home() as home:
        store = SqliteStore.open(home, master_key=company.MASTER_KEY, ids=company.IDS)
        mind, _ = mind_of(load(home / "playbook"), store.ids, with_encoder=False)
        _load(store, facts // people, people)
        contexts, lookups = _reads(store, mind, people)
        store.close()
    return {
        "facts": facts,
        "people": people,
        "context_cpu_us_p50": round(percentile(contexts, 0.5), 1),
        "identifier_cpu_us_p50": round(percentile(lookups, 0.5), 1),
    }


def _load(store: SqliteStore, each: int, people: int) -> None:
    for first in range(0, people, _BATCH):
        with store.write() as unit:
            for number in range(first, min(first + _BATCH, people)):
                unit.record(_told(company.IDS, number, each))
        sys.stderr.write(f"\r{first + _BATCH:,} of {people:,} people loaded ")
    sys.stderr.write("\n")


def _told(ids: IdKey, number: int, each: int) -> Stepped:
    profile = f"p{number:025}"
    links = Links(
        profile_id=profile,
        is_new=True,
        person_id=profile,
        identifiers=((ids.identifier_hash(_email(number)), "email"),),
        account_id=f"a{number // 4}",
        joined=True,
    )
    facts = tuple(
        Fact(
            f"profile:{profile}",
            f"detail_{n % CURRENT}",
            number + n,
            Instant(_START + n),
            "verified",
            f"s{number}",
        )
        for n in range(each)
    )
    now = Instant(_START + number)
    lane = f"account:{links.account_id}"
    return Stepped(
        f"s{number}", now, lane, f"profile:{profile}", links, profile, links.account_id, facts=facts
    )


def _email(number: int) -> str:
    return f"email:person{number}@example.com"


def _reads(store: SqliteStore, mind: Mind, people: int) -> tuple[list[float], list[float]]:
    rng = random.Random(5)  # noqa: S311 - drawn people, no secrets
    now = Instant(_START + DAY)
    contexts: list[float] = []
    lookups: list[float] = []
    with store.read() as reader:
        for _ in range(READS):
            number = rng.randrange(people)
            profile, key = f"p{number:025}", company.IDS.identifier_hash(_email(number))
            links = Links(profile_id=profile, person_id=profile, account_id=f"a{number // 4}")
            body = {"channel": "chat", "text": "What does another seat cost?"}
            signal = Signal("s", "chat", "1", Kind.MESSAGE_RECEIVED, (_email(number),), now, now, body)
            wants = mind.wants(signal, links)
            began = time.process_time_ns()
            known = reader.known((key,))
            middle = time.process_time_ns()
            context = reader.context(signal, links, now, wants)
            contexts.append((time.process_time_ns() - middle) / 1_000)
            lookups.append((middle - began) / 1_000)
            assert known[key].profile_id == profile
            assert context.facts
    return contexts[READS // 10 :], lookups[READS // 10 :]
