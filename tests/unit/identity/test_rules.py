"""Rules decide which identifiers may join people; on a conflict the weakest gives way, with its reason."""

from dataclasses import replace

from segue.core.records.identity import IdentityRules
from segue.core.records.signals import Kind
from segue.core.units import DAY
from tests.people import IDS, People, hashed


def test_two_crm_ids_are_two_people_and_the_weaker_identifier_gives_way() -> None:
    people = People()
    people.see("crm:1", "email:a@x.io")

    links = people.see("crm:2", "email:a@x.io")

    assert not people.are_one("crm:1", "crm:2")
    assert people.are_one("crm:1", "email:a@x.io")
    assert links.refused == ((hashed("email:a@x.io"), "limit:crm"),)


def test_one_signal_may_say_that_two_crm_ids_are_one_person() -> None:
    people = People()
    people.see("crm:1", "email:a@x.io")
    people.see("crm:2", "email:b@x.io")

    people.see("crm:1", "crm:2")

    assert people.are_one("crm:1", "crm:2", "email:a@x.io", "email:b@x.io")


def test_a_late_crm_id_undoes_what_a_family_phone_had_joined() -> None:
    people = People()
    people.see("email:a@x.io", "phone:+4930123456")
    people.see("email:b@x.io", "phone:+4930123456")
    assert people.are_one("email:a@x.io", "email:b@x.io")

    people.see("crm:1", "email:a@x.io", source="crm")
    links = people.see("crm:2", "email:b@x.io", source="crm")

    assert not people.are_one("email:a@x.io", "email:b@x.io")
    assert people.are_one("crm:1", "email:a@x.io")
    assert people.are_one("crm:2", "email:b@x.io")
    assert people.person("phone:+4930123456") == ""
    assert links.moved


def test_what_a_kiosk_saw_is_of_nobody_in_particular() -> None:
    people = People()
    people.see("cookie:k")
    for number in range(3):
        people.see(f"crm:{number}", "cookie:k")

    people.see("cookie:k")

    assert people.profile("cookie:k") == IDS.profile_id("web", "cookie:k")
    assert len({people.person(f"crm:{number}") for number in range(3)}) == 3


def test_an_identifier_that_would_link_too_many_becomes_shared_and_its_evidence_stays() -> None:
    people = People()
    for number in range(6):
        people.see(f"user:{number}", "email:info@acme.io")

    assert hashed("email:info@acme.io") in people.web.shared
    assert len({people.person(f"user:{number}") for number in range(6)}) == 6
    carried = [tie for tie in people.web.ties if tie.key == hashed("email:info@acme.io")]
    assert len(carried) == 6


def test_a_shared_inbox_with_many_phones_is_found_too() -> None:
    people = People()
    for number in range(8):
        people.see("email:info@acme.io", f"phone:+493012345{number}", at=number * 40 * DAY)

    assert hashed("email:info@acme.io") in people.web.shared


def test_many_devices_of_one_person_are_no_crowd() -> None:
    people = People()
    for number in range(40):
        people.see("email:a@x.io", f"cookie:{number}", at=number * DAY)

    assert people.are_one("email:a@x.io", *(f"cookie:{number}" for number in range(40)))
    assert people.web.shared == frozenset()


def test_only_so_many_addresses_join_within_a_window() -> None:
    within, spread = People(), People()
    for number in range(6):
        within.see("user:1", f"email:a{number}@x.io", at=number * DAY)
        spread.see("user:1", f"email:a{number}@x.io", at=number * 31 * DAY)

    assert within.person("email:a5@x.io") != within.person("user:1")
    assert within.are_one("user:1", *(f"email:a{number}@x.io" for number in range(5)))
    assert spread.are_one("user:1", *(f"email:a{number}@x.io" for number in range(6)))


def test_a_number_that_was_silent_for_long_is_its_new_holders() -> None:
    people = People()
    people.see("crm:1", "phone:+4930123456", at=0)

    people.see("crm:2", "phone:+4930123456", at=400 * DAY)

    assert people.are_one("crm:2", "phone:+4930123456")
    assert people.person("crm:1") != people.person("phone:+4930123456")


def test_a_late_identifier_brings_its_history_along() -> None:
    people = People()
    people.see("cookie:c", source="web")
    people.see("email:a@x.io", source="mail")
    people.see("phone:+4930123456", source="sms")

    people.see("crm:1", "email:a@x.io", "phone:+4930123456", "cookie:c", source="crm")

    assert people.are_one("crm:1", "cookie:c", "email:a@x.io", "phone:+4930123456")
    assert people.profile("cookie:c", "web") == people.person("crm:1")


def test_what_a_human_split_no_later_signal_joins_again() -> None:
    people = People()
    people.see("email:a@x.io", "phone:+4930123456")
    people.see("email:b@x.io", "phone:+4930123456", at=1)
    before = people.profile("email:b@x.io")

    people.say(Kind.IDENTITY_SPLIT, ["email:a@x.io"], ["email:b@x.io"])
    people.see("email:b@x.io", "phone:+4930123456", source="shop", at=2)
    people.see("email:a@x.io", "email:b@x.io", source="form")

    assert before == people.profile("email:a@x.io")
    assert people.profile("email:b@x.io") == IDS.profile_id("web", "email:b@x.io")
    assert people.are_one("email:a@x.io", "phone:+4930123456")


def test_split_and_merged_again_everybody_is_where_they_were() -> None:
    people = People()
    people.see("email:a@x.io", "phone:+4930123456")
    people.see("email:b@x.io", "phone:+4930123456")
    before = people.web

    people.say(Kind.IDENTITY_SPLIT, ["email:a@x.io"], ["email:b@x.io"])
    people.say(Kind.IDENTITY_MERGE, ["email:a@x.io"], ["email:b@x.io"])

    assert (people.web.profiles, people.web.owners) == (before.profiles, before.owners)


def test_the_newest_word_on_people_takes_back_what_was_said_of_any_two_identifiers_of_theirs() -> None:
    people = People()
    people.see("crm:1", "email:a@x.io")
    people.see("crm:2", "email:b@x.io")
    before = people.web.profiles

    for _ in range(2):
        people.say(Kind.IDENTITY_MERGE, ["crm:1"], ["email:b@x.io"])
        assert people.are_one("crm:1", "crm:2", "email:a@x.io", "email:b@x.io")
        people.say(Kind.IDENTITY_SPLIT, ["crm:1", "email:a@x.io"], ["email:b@x.io"])
        assert people.web.profiles == before


def test_a_human_may_merge_what_the_rules_keep_apart() -> None:
    people = People()
    people.see("crm:1", "email:a@x.io")
    people.see("crm:2", "email:b@x.io")

    people.say(Kind.IDENTITY_MERGE, ["email:a@x.io"], ["email:b@x.io"])

    assert people.are_one("crm:1", "crm:2", "email:a@x.io", "email:b@x.io")


def test_rules_are_the_playbooks() -> None:
    rules = IdentityRules()
    unique_users = replace(rules.of("user"), per_person=1)
    people = People(replace(rules, namespaces={**rules.namespaces, "user": unique_users}))
    people.see("user:1", "email:a@x.io")

    people.see("user:2", "email:a@x.io")

    assert not people.are_one("user:1", "user:2")


def test_a_web_too_large_to_be_read_leaves_everybody_as_they_are() -> None:
    people = People()
    people.see("crm:1", "email:a@x.io")
    people.see("cookie:c", "email:a@x.io")
    people.web = replace(people.web, whole=False)
    before = dict(people.web.profiles)

    links = people.see("phone:+493012345678", "cookie:c")

    assert (links.person_id, links.merged, links.moved, links.levels) == (links.profile_id, (), (), ())
    assert {name: people.web.profiles[name] for name in before} == before
