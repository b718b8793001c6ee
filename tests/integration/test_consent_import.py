"""Importing consent: every good line or none, told twice it is one, and what is not imported means no."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import segue
from segue.bootstrap import App
from segue.bootstrap.consent_import import ImportReport, import_consent, rules_of
from segue.core.errors import InputError, MissingError
from segue.core.records.events import Received
from segue.privacy import suppression_key
from segue.privacy.importing import entry_of

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
HEADER = "email,channel,purpose,brand,state,basis,date,source\n"
ANN = "ann@x.io,email,commercial,acme,granted,double opt-in,2026-03-01,old mailer\n"
BOB = "bob@x.io,all,,,withdrawn,,2026-04-01,old mailer\n"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with segue.open(tmp_path / "home", clock=segue.VirtualClock(START)) as app:
        yield app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def write(file: Path, content: str | bytes) -> None:
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def consents(app: App, who: str) -> list[tuple[str, str, str]]:
    facts = app.person(who).facts
    return [(f.predicate, f.qualifier, str(f.value)) for f in facts if f.predicate.startswith("consent.")]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.lines, report.bad, report.accepted, report.known


async def test_a_list_becomes_consent_and_nothing_is_decided(app: App, file: Path) -> None:
    write(file, HEADER + ANN + BOB)

    report = await import_consent(app, file)

    assert counts(report) == (2, 0, 2, 0)
    assert consents(app, "email:ann@x.io") == [("consent.email.commercial", "acme", "granted")]
    assert consents(app, "email:bob@x.io") == [("consent.all", "", "withdrawn")]
    assert app.decisions() == []
    assert app.outcomes() == []


async def test_importing_twice_changes_nothing(app: App, file: Path) -> None:
    write(file, HEADER + ANN + BOB)
    await import_consent(app, file)
    with app.store.read() as reader:
        before = reader.position()

    report = await import_consent(app, file)

    assert counts(report) == (2, 0, 0, 2)
    with app.store.read() as reader:
        assert reader.position() == before


async def test_a_line_that_is_not_kept_is_told_by_its_number(app: App, file: Path) -> None:
    write(file, HEADER + ANN + BOB)
    rules = rules_of(app, suppress=False)
    bobs = dict(zip(HEADER.strip().split(","), BOB.strip().split(","), strict=True))
    await app.submit([replace(entry_of(bobs, rules).signal(), body={"channel": "sms", "state": "granted"})])

    report = await import_consent(app, file)

    assert counts(report) == (2, 0, 1, 0)
    assert (report.lost, [item.line for item in report.problems]) == (1, [3])
    assert "another body" in report.problems[0].message


async def test_one_bad_line_keeps_the_whole_file_out(app: App, file: Path) -> None:
    write(file, HEADER + ANN + "carl,email,,,granted,x,2026-03-01,\n\n" + BOB)

    report = await import_consent(app, file)

    assert counts(report) == (3, 1, 0, 0)
    assert [(item.line, "no e-mail address" in item.message) for item in report.problems] == [(3, True)]
    with pytest.raises(MissingError):
        app.person("email:ann@x.io")


async def test_the_good_lines_of_a_bad_file_are_kept_where_that_is_wanted(app: App, file: Path) -> None:
    write(file, HEADER + "carl,email,,,granted,x,2026-03-01,\n" + ANN)

    report = await import_consent(app, file, skip_bad=True)

    assert counts(report) == (2, 1, 1, 0)
    assert consents(app, "email:ann@x.io")


async def test_a_dry_run_counts_and_keeps_nothing(app: App, file: Path) -> None:
    write(file, HEADER + ANN)
    await import_consent(app, file)
    write(file, HEADER + ANN + BOB)

    report = await import_consent(app, file, dry_run=True)

    assert counts(report) == (2, 0, 0, 1)
    assert dict(report.granted) == {("email", "acme", "commercial"): 1}
    assert dict(report.withdrawn) == {("all", "", ""): 1}
    with pytest.raises(MissingError):
        app.person("email:bob@x.io")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_files_as_spreadsheets_write_them_are_read(app: App, file: Path, delimiter: str) -> None:
    lines = f'"E-Mail"{delimiter}State{delimiter}CHANNEL\r\n"ann@x.io"{delimiter}withdrawn{delimiter}sms\r\n'
    write(file, b"\xef\xbb\xbf" + lines.encode())

    await import_consent(app, file)

    assert consents(app, "email:ann@x.io") == [("consent.sms", "", "withdrawn")]


async def test_a_suppression_list_needs_one_column(app: App, file: Path) -> None:
    write(file, "email\nann@x.io\nbob@x.io\n")

    report = await import_consent(app, file, suppress=True)

    assert report.accepted == 2
    assert consents(app, "email:bob@x.io") == [("consent.all", "", "withdrawn")]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"email,channel\n", b'"', b"a,b,c\n1,2,3\n"])
async def test_what_is_no_list_is_told(app: App, file: Path, content: bytes) -> None:
    write(file, content)

    with pytest.raises(InputError, match="line 1"):
        await import_consent(app, file)


async def test_bytes_that_are_no_text_are_told_with_their_line(app: App, file: Path) -> None:
    write(file, HEADER.encode() + ANN.encode() + b"b\xe9a@x.io,email,,,withdrawn,,,\n\x00,email\n")

    report = await import_consent(app, file)

    assert report.bad == 2
    assert report.problems[0].line == 3
    assert "is not UTF-8" in report.problems[0].message


async def test_what_is_not_imported_means_no(app: App, file: Path) -> None:
    write(file, HEADER + ANN)
    await import_consent(app, file)

    asked = [
        segue.GateRequest(
            tool="mailer",
            key=f"{email}:{brand}:{purpose}",
            identifiers=(f"email:{email}",),
            purpose=purpose,
            channel="email",
            campaign="news",
            brand=brand,
            hold=False,
        )
        for email in ("ann@x.io", "new@x.io")
        for brand in ("acme", "nimbus")
        for purpose in ("commercial",)
    ]
    answers = [(await app.gate.check(request)).answer for request in asked]

    assert answers == ["allow", "deny", "deny", "deny"]


async def test_a_suppression_outlives_the_erasure_of_its_person(app: App, file: Path) -> None:
    write(file, "email\nann@x.io\n")
    await import_consent(app, file, suppress=True)
    ann = app.person("email:ann@x.io")
    key = suppression_key(app.ids.identifier_hash("email:ann@x.io"), "all")

    app.store.erase(ann.profile_ids, app.clock.now(), (key,))

    assert key in app.store.tombstones()
    with app.store.read() as reader:
        assert not any(isinstance(row.event, Received) for row in reader.log())
