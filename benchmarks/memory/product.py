"""Recall as the product does it: conversations in a home, asked through the store, token vectors kept there.

Each conversation is one person's, who is one of its speakers; the other is a colleague. What recall leaves
out as no answer at all is left out, so that fewer than ten turns may be found.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import company
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links, Message
from segue.core.token_encoder import TokenEncoder
from segue.graph.recall import Said, packed_meaning
from segue.graph.recall.said import gist
from segue.stores import SqliteStore

_ASKED_FOR_COST = 40
_AT_ONCE = 64


def measure(
    told: Sequence[tuple[Sequence[Said], Sequence[tuple[str, frozenset[str]]]]], encoder: TokenEncoder
) -> dict[str, Any]:
    """Ask questions with known evidence of conversations, by words alone and with token vectors."""
    with company.a_home() as home:
        store = SqliteStore.open(home, master_key=company.MASTER_KEY, ids=company.IDS)
        with store.write() as unit:
            for number, (said, _) in enumerate(told):
                unit.record(_remembered(f"p{number:025}", said))
        _keep(store, encoder)
        figures = {}
        for name, by in (("words", None), ("tokens", encoder)):
            shares, costs = _asked(store, told, by)
            figures[f"turn_r10_product_{name}"] = round(float(np.mean(shares)), 3)
            figures[f"query_cpu_ms_product_{name}"] = round(float(np.mean(costs)), 2)
        store.close()
    return figures


def _keep(store: SqliteStore, encoder: TokenEncoder) -> None:
    after = 0
    while True:
        with store.read() as reader:
            unread = reader.unread(encoder.model, after, _AT_ONCE)
        if not unread:
            return
        store.keep_vectors(
            encoder.model, [(one.pos, packed_meaning(encoder.tokens(one.text))) for one in unread]
        )
        after = unread[-1].pos


def _remembered(profile: str, said: Sequence[Said]) -> Stepped:
    customer = said[0].speaker
    messages = tuple(
        Message(
            f"{profile}/{one.id}",
            f"{profile}/{one.thread}",
            profile,
            "chat",
            "in" if one.speaker == customer else "out",
            "customer" if one.speaker == customer else f"rep:{one.speaker}",
            one.text,
            one.at,
            profile,
        )
        for one in said
    )
    now = said[-1].at
    name = Fact(f"profile:{profile}", "name", customer, said[0].at, "verified", profile)
    links = Links(profile_id=profile, is_new=True, person_id=profile)
    return Stepped(
        *(profile, now, f"person:{profile}", f"profile:{profile}", links, profile, "", profile),
        facts=(name,),
        messages=messages,
    )


def _asked(
    store: SqliteStore,
    told: Sequence[tuple[Sequence[Said], Sequence[tuple[str, frozenset[str]]]]],
    by: TokenEncoder | None,
) -> tuple[list[float], list[float]]:
    shares: list[float] = []
    costs: list[float] = []
    with store.read() as reader:
        for number, (_, questions) in enumerate(told):
            gist.cache_clear()
            for turn, (text, evidence) in enumerate(questions):
                began = time.process_time()
                found = reader.recall(f"p{number:025}", text, 10, by).found
                if 0 < turn <= _ASKED_FOR_COST:  # the first one notes the words of every message
                    costs.append((time.process_time() - began) * 1_000)
                ids = {message.id.partition("/")[2] for message, _ in found}
                shares.append(len(evidence & ids) / len(evidence))
    return shares, costs
