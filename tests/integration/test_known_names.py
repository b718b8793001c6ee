"""Names on record, a colleague's too, are found in what somebody writes, and their hash is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import segue
from segue.bootstrap import replay
from segue.core.ids import IdKey
from segue.core.names import Names
from segue.core.records.events import Perceived
from segue.core.records.percepts import Percept

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
KEY = IdKey(b"fixed id key for tests only")
TEXT = "Ann-Kathrin Mueller here. Please ask Bob Stone, not Carla Nobody, about 5 Mill Lane."


def known(number: int, who: str, account: str, facts: dict[str, str]) -> segue.Signal:
    ids = (f"crm:{number}", f"email:{who}@x.io", f"account:{account}")
    return segue.Signal("crm", f"{number}", "profile.updated", ids, START, {"facts": facts})


async def percept_of(path: Path, text: str) -> Percept:
    body = {"channel": "email", "text": text}
    async with segue.open(path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await app.submit(
            [
                known(1, "ann", "acme", {"name": "Ann-Kathrin Müller"}),
                known(2, "bob", "acme", {"name": "Bob Stone"}),
                known(3, "carla", "other", {"name": "Carla Nobody"}),
            ]
        )
        await app.settle(until=START + timedelta(minutes=1))
        await app.submit([segue.Signal("mail", "1", "message.received", ("email:ann@x.io",), START, body)])
        await app.settle(until=START + timedelta(minutes=2))
        with app.store.read() as reader:
            (found,) = (row.event for row in reader.log() if isinstance(row.event, Perceived))
    return found.percept


async def test_names_of_person_and_colleagues_are_found_and_nobody_elses(tmp_path: Path) -> None:
    percept = await percept_of(tmp_path, TEXT)

    named = [TEXT[span.start : span.end] for span in percept.pii if span.kind == "name"]
    assert named == ["Ann-Kathrin Mueller", "Bob Stone"]
    assert percept.names == Names(["Ann-Kathrin Müller", "Bob Stone"]).hash


async def test_replay_reads_the_percept_and_not_the_names_of_today(tmp_path: Path) -> None:
    await percept_of(tmp_path, TEXT)

    report = replay(tmp_path)

    assert report.decisions == report.identical > 0
