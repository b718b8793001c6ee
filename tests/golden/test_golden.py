"""Readable journals and what the default library decides on them: one line per decision.

A journal in `journals/` tells of Ann and Bob of Alder, Cho and Dan of Birch, who are introduced at the start:

    2026-10-05 10:00  ann  message.received  {channel: email, text: Hello}
    2026-10-05 10:05  ann  gate              {campaign: news}
    2026-10-05 11:00  -    approve
    2026-10-05 12:00  -    kill_switch       {kill_switch: true}
    2026-10-12 00:00  -    end

Times are UTC. What was decided stands beside it in a file `.decisions`.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from segue.connectors.sandbox import SandboxCompany
from segue.core.records.decisions import Decision
from segue.core.records.events import DeadLettered, Stepped
from segue.core.units import to_datetime
from segue.runtime.clock import VirtualClock
from segue.runtime.gate import GateRequest
from tests.crash.house import START, House, told
from tests.crash.workload import ANN, BOB, CHO, DAN, introductions

JOURNALS = sorted((Path(__file__).parent / "journals").glob("*.journal"))
STAGES = {"arm", "kill_switch", "breaker", "reservation"}
"""Where a candidate may drop out without a rule that spoke."""
PEOPLE = {"ann": ANN, "bob": BOB, "cho": CHO, "dan": DAN}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal."""

    number: int
    at: datetime
    who: str
    what: str
    body: dict[str, Any]


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_a_journal_leads_to_the_decisions_on_record(journal: Path, records: bool) -> None:  # noqa: FBT001 - a fixture
    snapshot = journal.with_suffix(".decisions")

    decided = asyncio.run(_decided(_read(journal)))

    if records:
        snapshot.write_text(decided)
    assert decided == snapshot.read_text()


def test_there_are_journals() -> None:
    assert len(JOURNALS) >= 8


def _read(journal: Path) -> list[Line]:
    lines = []
    for number, text in enumerate(journal.read_text().splitlines(), start=1):
        if text and not text.startswith("#"):
            day, time, who, what, *body = text.split(maxsplit=4)
            at = datetime.fromisoformat(f"{day} {time}").replace(tzinfo=UTC)
            lines.append(Line(number, at, who, what, yaml.safe_load(body[0]) if body else {}))
    return lines


async def _decided(lines: list[Line]) -> str:
    clock = VirtualClock(START)
    company = SandboxCompany(None, clock)
    house = House(None, company.connectors, clock)
    await house.start()
    await house.submit(*introductions(START))
    for line in lines:
        await house.settle(line.at)
        await _happens(house, line)
        await house.settle(line.at)
    told_of = _told_of(house)
    house.close()
    company.close()
    return told_of


async def _happens(house: House, line: Line) -> None:
    match line.what:
        case "gate":
            campaign = str(line.body["campaign"])
            key, who = f"{campaign}:{line.who}", PEOPLE[line.who].split()
            asked = GateRequest("automation", key, who, "commercial", "email", campaign, "acme")
            await house.gate.reserve(asked)
        case "approve":
            with house.store.read() as reader:
                waiting = reader.approvals()
            for approval in waiting:
                await house.controls.approve(approval.id, "rep:eve")
        case "kill_switch":
            await house.controls.control(by="rep:eve", **line.body)
        case "end":
            pass
        case kind:
            await house.submit(told(str(line.number), kind, PEOPLE[line.who], line.body, line.at))


def _told_of(house: House) -> str:
    """Every decision with what became of it, and every signal that was laid aside."""
    names = {house.tenant.mind.normalise([who.split()[0]])[0]: name for name, who in PEOPLE.items()}
    with house.store.read() as reader:
        people = {
            reader.find_person(house.tenant.ids.identifier_hash(item)): name for item, name in names.items()
        }
        made = []
        for event in (event for _, event in house.events()):
            if isinstance(event, DeadLettered):
                made.append(f"{_at(event.at)}  laid aside: {event.error}")
            if isinstance(event, Stepped) and event.decision is not None:
                made.append(_line(event.decision, people.get(event.person_id, "-")))
                for effect in event.effects:
                    row = reader.effect(effect.id)
                    to = effect.arguments.get("to", "")
                    state = row.state if row else "missing"
                    made.append(f"{'':18}{effect.connector} {effect.verb} {to}: {state}".replace(" :", ":"))
    return "\n".join(made) + "\n"


def _line(made: Decision, who: str) -> str:
    """Say when, for whom and what was decided; and what spoke against whatever else there was."""
    spoke = {item.verdict.rule or (item.dropped_at in STAGES and item.dropped_at) for item in made.considered}
    rules = sorted(str(name) for name in spoke if name)
    about = f"{made.question} {made.play}".strip()
    until = f" until {_at(made.until)}" if made.until is not None else ""
    against = f"  ({', '.join(rules)})" if rules else ""
    return f"{_at(made.at)}  {who:5}{about}: {made.action}, {made.mode}{until}{against}"


def _at(instant: int) -> str:
    return f"{to_datetime(instant):%Y-%m-%d %H:%M}"
