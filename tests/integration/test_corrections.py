"""What a human corrects is believed; what is forgotten stays so, whatever comes again or late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, rebuild, replay
from segue.bootstrap.correcting import Correction
from segue.bootstrap.memories import Item, memory_card
from segue.core.errors import InputError, MissingError
from segue.core.ids import IdKey

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
KEY = IdKey(b"fixed id key for tests only")
WHO = "email:ann@x.io"


def wrote(source_id: str, text: str, at: datetime = START, **fields: Any) -> segue.Signal:
    body = {"channel": "email", "text": text}
    return segue.Signal("mail", source_id, "message.received", (WHO,), at, body, **fields)


def says(predicate: str, value: Any, **fields: Any) -> Correction:
    return Correction(predicate, value, "rep:anna", "she told me on the phone", **fields)


@asynccontextmanager
async def opened(home: Path, *signals: segue.Signal) -> AsyncIterator[App]:
    async with segue.open(home, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await app.submit(signals)
        await app.settle(until=START + timedelta(hours=1))
        yield app


def items(app: App, predicate: str) -> list[Item]:
    card = memory_card(app, WHO, playbook=app.playbook)
    return [item for item in card.items if item.predicate == predicate]


async def test_a_correction_closes_what_was_said_and_is_verified_by_its_human(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote("1", "We are 40 people.")) as app:
        (before,) = items(app, "team_size")
        done = await app.correct(WHO, says("team_size", "45"))
        (after,) = items(app, "team_size")
        then = memory_card(app, WHO, as_of=START)

    assert done.state == "accepted"
    assert (before.value, before.trust, before.words) == (40, "claimed", "We are 40 people")
    assert (after.value, after.trust, after.words) == (45, "verified", "she told me on the phone")
    assert after.source == "segue.memory"
    assert [item.value for item in then.items if item.predicate == "team_size"] == [40]


async def test_what_is_forgotten_is_not_revived_by_the_same_or_an_older_signal(tmp_path: Path) -> None:
    said = wrote("1", "We use HubSpot.")
    older = wrote("0", "We use HubSpot.", START - timedelta(days=9), history=True)

    async with opened(tmp_path, said) as app:
        await app.correct(WHO, says("current_tool", None, qualifier="hubspot"))
        await app.submit([said, older])
        await app.settle(until=START + timedelta(hours=2))
        left = items(app, "current_tool")
    again = replay(tmp_path)

    assert left == []
    assert (again.different, rebuild(tmp_path).equal) == ([], True)


async def test_who_says_it_again_later_is_heard(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote("1", "We use HubSpot.")) as app:
        await app.correct(WHO, says("current_tool", None, qualifier="hubspot"))
        await app.settle(until=START + timedelta(days=2))
        await app.submit([wrote("2", "We use HubSpot again.", START + timedelta(days=2))])
        await app.settle(until=START + timedelta(days=3))
        (item,) = items(app, "current_tool")

    assert item.value == "HubSpot"


async def test_one_tool_is_corrected_to_another_and_the_rest_stay(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote("1", "We use Trello and Slack.")) as app:
        await app.correct(WHO, says("current_tool", "Asana", qualifier="trello"))
        left = [item.value for item in items(app, "current_tool")]

    assert left == ["Asana", "Slack"]


async def test_a_wish_and_a_fact_of_record_are_corrected_in_their_own_type(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote("1", "Please call me on WhatsApp only, not before 10.")) as app:
        await app.correct(WHO, says("preference.not_before", 660))
        await app.correct(WHO, says("language", "de"))
        await app.correct(WHO, says("budget", "EUR 20000"))
        await app.correct(WHO, says("go_live", "2027-03-01"))
        found = {item.predicate: item.value for item in memory_card(app, WHO).items}

    assert found["preference.not_before"] == 660
    assert found["language"] == "de"
    assert found["budget"] == {"amount": 2_000_000, "currency": "EUR"}
    assert found["go_live"] == 1_803_859_200_000_000


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (says("team_size", "many"), "is no int"),
        (says("team_sise", 40), "did you mean `team_size`"),
        (says("consent.email", "granted"), "cannot be corrected here"),
        (says("promise.customer", None, qualifier="call"), "cannot be corrected here"),
        (says("team_size", "-5"), "value: size of the team must be from 1 to 2,000,000, not `-5`"),
        (says("outcome", None), "nothing that can be corrected"),
        (says("mood", "calm"), "nothing that can be corrected"),
        (says("preference.channel", "pigeon"), "names no channel"),
        (says("preference.not_before", 2_000), "minutes after midnight"),
        (says("budget", "20k"), "no money"),
        (says("arr", "EUR 5", of="account"), "belong to one"),
        (says("job", ""), "is empty"),
        (Correction("team_size", 41, "", "why"), "by:"),
        (Correction("team_size", 41, "rep:anna", " "), "why:"),
        (says("job", "x" * 20_000), "longer than"),
    ],
)
async def test_what_cannot_be_corrected_says_so_and_changes_nothing(
    said: Correction, message: str, tmp_path: Path
) -> None:
    async with opened(tmp_path, wrote("1", "We are 40 people.")) as app:
        before = app.position()
        with pytest.raises((InputError, MissingError), match=message):
            await app.correct(WHO, said)

        assert app.position() == before


async def test_nobody_is_corrected_who_is_not_known(tmp_path: Path) -> None:
    async with opened(tmp_path) as app:
        with pytest.raises(MissingError):
            await app.correct("email:who@x.io", says("team_size", 40))


async def test_a_mood_fades_a_wish_does_not_and_each_says_who_may_be_told(tmp_path: Path) -> None:
    angry = "This is outrageous, I am furious! Not before 10 please. We are 40 people."

    async with opened(tmp_path, wrote("1", angry)) as app:
        early = {item.predicate: item for item in memory_card(app, WHO, as_of=START).items}
        late = memory_card(app, WHO, as_of=START + timedelta(days=2), playbook=app.playbook)
    found = {item.predicate: item for item in late.items}

    assert found["mood"].confidence_ppm * 4 == pytest.approx(early["mood"].confidence_ppm, abs=8)
    assert found["preference.not_before"].confidence_ppm == early["preference.not_before"].confidence_ppm
    assert found["team_size"].confidence_ppm < early["team_size"].confidence_ppm
    assert [item.group for item in late.items] == sorted(
        (item.group for item in late.items),
        key=["who", "preferences", "told", "moods", "other"].index,
    )
    assert (found["mood"].tell, found["team_size"].tell) == ("staff", "person")
    assert (found["mood"].may, found["team_size"].may) == (("forget",), ("correct", "forget"))


async def test_a_forgotten_mood_is_gone_whole(tmp_path: Path) -> None:
    async with opened(tmp_path, wrote("1", "This is outrageous, I am furious!")) as app:
        assert items(app, "mood_ppm")
        await app.correct(WHO, says("mood", None))

        assert [items(app, name) for name in ("mood", "mood_ppm", "sentiment")] == [[], [], []]
