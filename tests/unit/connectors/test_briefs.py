"""Briefs in the sandbox helpdesk: one for each conversation, updated, not repeated."""

from segue.connectors.sandbox import SandboxCompany
from segue.core.ports import Request
from segue.core.units import to_datetime
from segue.runtime.clock import VirtualClock
from tests.build import NOW


def a_company() -> SandboxCompany:
    return SandboxCompany(None, VirtualClock(to_datetime(NOW)))


async def ask(company: SandboxCompany, verb: str, key: str, brief: str, conversation: str = "ann") -> None:
    told = {"conversation": conversation, "brief": brief, "requester": "ann@x.io"}
    await company.connectors["helpdesk"].perform(Request(key, verb, told, 1, 30.0))


async def test_a_hand_over_files_a_brief_and_an_update_changes_it() -> None:
    company = a_company()

    await ask(company, "hand_over", "k1", "first")
    await ask(company, "brief", "k2", "first and second")

    assert company.briefs() == {"ann": "first and second"}
    assert [done.arguments["brief"] for done in company.hand_overs()] == ["first"]


async def test_each_conversation_has_one_and_a_new_hand_over_begins_it_anew() -> None:
    company = a_company()

    await ask(company, "hand_over", "k1", "first")
    await ask(company, "hand_over", "k2", "of Bob", "bob")
    await ask(company, "hand_over", "k3", "again")

    assert company.briefs() == {"ann": "again", "bob": "of Bob"}


async def test_the_same_hand_over_again_leaves_what_was_updated_since() -> None:
    company = a_company()
    await ask(company, "hand_over", "k1", "first")
    await ask(company, "brief", "k2", "second")

    await ask(company, "hand_over", "k1", "first")

    assert company.briefs() == {"ann": "second"}


async def test_an_update_without_a_hand_over_is_a_brief_of_its_own() -> None:
    company = a_company()

    await ask(company, "brief", "k1", "only")

    assert company.briefs() == {"ann": "only"}
