"""A web of evidence too large to be read whole: what is firm in it is read, and a hub stops leading on."""

import pytest

from segue.bootstrap import sides_of
from segue.bootstrap.readings import Readings
from segue.core.errors import InputError
from segue.core.records.identity import IdentityRules
from segue.core.records.signals import Kind
from segue.identity import normalise_all
from segue.stores.reads_web import MOST_TIES
from tests.people import IDS, a_sighting, a_word, hashed
from tests.stored import House, a_house

ANN, PHONE = "email:ann@x.io", "phone:+493012345678"
BROWSERS = MOST_TIES // 2 + 50


def with_many_browsers(house: House) -> None:
    """Very many browsers are seen, and turn out to be Ann's."""
    cookies = [f"cookie:{number}" for number in range(BROWSERS)]
    house.see_all(a_sighting(cookie) for cookie in cookies)
    house.see(a_sighting(ANN, *cookies))
    house.see(a_sighting(ANN, PHONE, source="form"))


def test_an_id_of_a_system_of_record_joins_somebody_with_very_many_browsers() -> None:
    with a_house(IdentityRules()) as house:
        with_many_browsers(house)
        before = house.members(ANN)

        house.see(a_sighting("crm:1", ANN, source="crm"))
        house.see(a_sighting(ANN, "cookie:new", source="web"))

        assert len(before) == BROWSERS + 2
        assert house.members("crm:1") == before | {IDS.profile_id("crm", "crm:1")}
        assert house.person("cookie:new") == house.person("crm:1") == IDS.profile_id("web", "cookie:0")


def test_an_earlier_person_takes_all_of_somebody_with_very_many_browsers_along() -> None:
    with a_house(IdentityRules()) as house:
        house.see(a_sighting("crm:1", source="crm"))
        with_many_browsers(house)
        before = house.members(ANN)

        house.see(a_sighting("crm:1", ANN, source="crm"))

        assert house.members(ANN) == before | {IDS.profile_id("crm", "crm:1")}
        assert house.person(f"cookie:{BROWSERS - 1}") == IDS.profile_id("crm", "crm:1")


def test_a_human_splits_somebody_with_very_many_browsers() -> None:
    with a_house(IdentityRules()) as house:
        with_many_browsers(house)
        house.see(a_sighting(PHONE, source="sms"))
        before = house.members(ANN)

        house.say(a_word(Kind.IDENTITY_SPLIT, [ANN], [PHONE]))

        assert house.person(PHONE) == IDS.profile_id("sms", PHONE)
        assert house.members(ANN) == before - {IDS.profile_id("sms", PHONE)}


def test_claims_do_not_freeze_whom_they_speak_of() -> None:
    with a_house(IdentityRules()) as house:
        house.see(a_sighting("user:1", ANN, source="shop"))
        others = [f"email:{number}@x.io" for number in range(MOST_TIES)]
        house.see(a_sighting("user:1", *others, trust="claimed"))

        links = house.see(a_sighting("crm:1", ANN, source="crm"))

        assert links.refused == ()
        assert house.person("crm:1") == house.person("user:1") == house.person(ANN)


def test_a_hub_is_found_and_links_nobody_from_then_on() -> None:
    with a_house(IdentityRules()) as house:
        emails = [f"email:{number}@x.io" for number in range(MOST_TIES)]
        house.see(a_sighting("user:import", *emails, source="import"))

        first = house.see(a_sighting("crm:1", "email:1@x.io", source="crm"))
        second = house.see(a_sighting("crm:2", "email:2@x.io", source="crm"))

        assert first.shared == (hashed("user:import"),)
        assert first.refused == ((hashed("email:1@x.io"), "crowd"),)
        assert second.refused == ()
        assert house.person("crm:2") == house.person("email:2@x.io")
        assert house.person("crm:2") != house.person("user:import")
        assert len(house.web("email:2@x.io").ties) < 10


def test_a_shared_inbox_with_very_many_browsers_freezes_none_of_them() -> None:
    with a_house(IdentityRules()) as house:
        for number in range(6):
            house.see(a_sighting(f"user:{number}", "email:info@x.io", source="shop"))
        house.see(a_sighting("email:info@x.io", *(f"cookie:{number}" for number in range(MOST_TIES))))

        links = house.see(a_sighting("crm:1", "cookie:1", source="crm"))

        assert hashed("email:info@x.io") in house.web("email:info@x.io").shared
        assert links.refused == ()
        assert house.person("cookie:1") == house.person("crm:1")


def test_a_human_is_told_where_too_much_hangs_together() -> None:
    with a_house(IdentityRules()) as house:
        emails = [f"email:{number}@x.io" for number in range(MOST_TIES)]
        house.see(a_sighting("user:import", *emails, source="import"))

        with pytest.raises(InputError, match="too many identifiers hang together"):
            sides_of(Readings(house.store, normalise_all, "EUR"), ["email:1@x.io"], ["email:2@x.io"])
