"""A bulk loader: history of many people, written through the store's own `record` in large transactions.

Each signal is accepted and stepped by the planner itself, on a context that holds what is known of a person
who was never seen before: nothing but the links. The consent a CRM would tell of comes with it.
"""

import sys
import time
from collections.abc import Iterator
from itertools import islice

import msgspec

from benchmarks import workload
from benchmarks.workload import Company
from segue.core.ports import Unit
from segue.core.records.context import Context
from segue.core.records.identity import KnownAccount, Web
from segue.core.records.memory import Fact
from segue.core.records.signals import NewSignal, Signal
from segue.core.units import Instant, to_instant
from segue.runtime.admission import admit
from segue.runtime.tenant import Tenant

BATCH = 5_000


def load(tenant: Tenant, company: Company) -> int:
    """Write one signal for each account and each person; returns how many."""
    began, done = time.perf_counter(), 0
    at = to_instant(workload.START)
    told = _told(company)
    total = company.accounts + company.people
    while batch := list(islice(told, BATCH)):
        with tenant.store.write() as unit:
            for new in batch:
                draft = admit(new, tenant.mind, tenant.ids, at)
                done += 1
                signal = draft.received(Instant(at - total + done))
                unit.accept(signal)
                _step(tenant, unit, signal)
        seconds = time.perf_counter() - began
        sys.stderr.write(f"\r{done:,} of {total:,} signals loaded, {done / seconds:,.0f} a second ")
        sys.stderr.flush()
    sys.stderr.write("\n")
    return done


def _told(company: Company) -> Iterator[NewSignal]:
    at = workload.START
    for number in range(company.accounts):
        body = workload.account_body(number)
        yield NewSignal(
            "crm", f"a{number}", "account.updated", (f"account:a{number}",), at, body, history=True
        )
    for number in range(company.people):
        who, body = workload.identifiers(company, number), workload.person_body(number)
        yield NewSignal("crm", f"p{number}", "profile.updated", who, at, body, history=True)


def _step(tenant: Tenant, unit: Unit, signal: Signal) -> None:
    ids = tenant.ids
    account = signal.account_identifier
    known: dict[str, KnownAccount] = {}
    if signal.person_identifiers:
        key = ids.identifier_hash(account)
        known = {key: KnownAccount(ids.account_id(account))}
    links = tenant.mind.link(signal, Web(), known, ids)
    context = Context(
        now=signal.received_at,
        position=0,
        lane=f"account:{links.account_id}",
        links=links,
        person_id=links.person_id,
        profile_id=links.profile_id,
        account_id=links.account_id,
        profile_ids=(links.profile_id,) if links.profile_id else (),
    )
    stepped = tenant.mind.step(context, signal, None)
    if links.profile_id:
        consent = Fact(
            subject=f"profile:{links.profile_id}",
            predicate="consent.all",
            value="granted",
            valid_from=signal.occurred_at,
            trust="verified",
            signal_id=signal.id,
        )
        stepped = msgspec.structs.replace(stepped, facts=(*stepped.facts, consent))
    unit.record(stepped)
