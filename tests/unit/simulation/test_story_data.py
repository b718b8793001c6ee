"""The story's data: who is in it, how much happens, and that it is the same every time."""

from datetime import date, timedelta

from segue.core.units import to_instant
from segue.identity import normalise_all
from segue.simulation import background, history, usage
from segue.simulation.cast import accounts, members, people
from segue.simulation.happening import Campaign, Submit
from segue.simulation.telling import DAYS, START, local, looked_at_prices, shown


def test_the_cast_is_as_large_as_the_story_needs() -> None:
    companies = accounts().values()

    assert len(people()) >= 60
    assert len(companies) >= 20
    assert len({account.country for account in companies}) >= 4
    assert len({account.currency for account in companies}) >= 3
    assert {account.brand for account in companies} == {"acme", "nimbus"}


def test_no_two_people_share_an_identifier() -> None:
    spelt = [normalise_all(person.identifiers) for person in people().values()]

    assert all(len(identifiers) == 3 for identifiers in spelt)
    assert len({item for identifiers in spelt for item in identifiers}) == 3 * len(people())


def test_the_story_holds_at_least_a_thousand_live_signals() -> None:
    happenings = background.happenings()

    live = sum(len(item.signals) for item in happenings if isinstance(item, Submit))

    assert live >= 1_000
    assert any(isinstance(item, Campaign) for item in happenings)


def test_everything_happens_within_the_story() -> None:
    first, last = START, START + timedelta(days=DAYS)

    assert all(first <= item.at < last for item in background.happenings())


def test_everyday_life_is_the_same_every_time() -> None:
    assert background.happenings() == background.happenings()


def test_history_lies_before_the_story_and_reaches_back_a_year() -> None:
    past = list(history.past(accounts()["granite"]))

    assert all(signal.history and signal.occurred_at < START for signal in past)
    assert START - min(signal.occurred_at for signal in past) >= timedelta(days=350)


def test_source_ids_are_unique() -> None:
    told = [s for item in background.happenings() if isinstance(item, Submit) for s in item.signals]
    told += [
        s
        for account in accounts().values()
        for s in (*history.records(account, facts={}), *history.past(account))
    ]

    assert len({(signal.source, signal.source_id) for signal in told}) == len(told)


def test_use_dips_at_weekends_and_at_christmas_and_falls_at_nordwind() -> None:
    granite, isar, nordwind = (accounts()[key] for key in ("granite", "isar", "nordwind"))

    assert usage.count(granite, date(2026, 11, 7)) < usage.count(granite, date(2026, 11, 6)) // 2
    assert usage.count(isar, date(2026, 12, 28)) < usage.count(isar, date(2026, 12, 14)) // 2
    assert usage.count(nordwind, date(2026, 11, 10)) < usage.count(nordwind, date(2026, 11, 3)) // 3


def test_clocks_are_of_the_place() -> None:
    before, after = local("2026-10-23 08:00", "Europe/Berlin"), local("2026-10-26 08:00", "Europe/Berlin")

    assert after - before == timedelta(days=3, hours=1)
    assert shown(to_instant(after), "Europe/Berlin") == "Mon 26 Oct 2026 08:00"


def test_the_last_look_at_the_prices_is_at_the_time_given() -> None:
    looks = looked_at_prices(people()["mia"], "2026-11-12", "10:01")

    assert [f"{look.occurred_at:%H:%M}" for look in looks] == ["08:59", "09:00", "09:01"]


def test_members_are_those_of_the_account() -> None:
    assert [person.key for person in members(accounts()["nordwind"])] == ["jonas", "birgit", "meike"]
