"""The commands, each a thin door to a function below; what they need is imported when they run."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from segue.cli import connectors, operations, users
from segue.cli.chat import app as chat
from segue.cli.consent import app as consent
from segue.cli.effects import app as effects
from segue.cli.erasing import erase
from segue.cli.identity import app as identity
from segue.cli.keys import keys
from segue.cli.moving import export, import_
from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told
from segue.cli.retention import retention
from segue.cli.vectors import vectors
from segue.core.errors import InputError

app = typer.Typer(
    name="segue",
    help="Journey orchestration: choose the right next action for each customer, and prove it was right.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(connectors.app, name="connectors")

app.add_typer(keys)
operations.register(app)
app.add_typer(chat)
app.add_typer(consent)
app.add_typer(identity)
app.add_typer(effects)
app.command()(erase)
app.command()(retention)
app.command()(vectors)
app.command()(export)
app.command(name="import")(import_)
app.add_typer(users.app, name="users")


@app.command()
def init(
    home: HomeOption = DEFAULT_HOME,
    library: Annotated[str, typer.Option(help="Bundled playbook to start from, or a directory.")] = "saas",
    name: Annotated[
        str, typer.Option(help="What pages call the tenant; that of the home's directory if not given.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a home: keys, an empty log and an own copy of a playbook."""
    from segue.bootstrap import create_home
    from segue.playbook import load

    with told(as_json=as_json):
        source = Path(library) if Path(library).is_dir() else library
        own = home.resolve().name if isinstance(source, str) else ""  # a playbook of one's own has a name
        made = create_home(home, library=source, tenant=name or own)
        playbook = load(made.playbook)
        if as_json:
            emit({"home": str(home), "playbook": playbook.hash, "plays": sorted(playbook.plays)})
        else:
            typer.echo(f"made {home} with {len(playbook.plays)} plays; edit them in {made.playbook}")


@app.command()
def demo(
    home: HomeOption = DEFAULT_HOME,
    scene: Annotated[list[int] | None, typer.Option(help="Only these scenes; may be given again.")] = None,
    twins: Annotated[bool, typer.Option(help="Run each scene's twin as well.")] = True,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove the home first, and run it all again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run 120 days of a sandbox company on a virtual clock and judge every scene."""
    from segue.cli.story import run

    with told(as_json=as_json):
        run(home, scenes=scene, twins=twins, fresh=fresh, as_json=as_json)


@app.command()
def perceive(
    text: Annotated[str, typer.Argument(help="What a customer wrote; - reads it from standard input.")],
    home: HomeOption = DEFAULT_HOME,
    channel: Annotated[str, typer.Option(help="email, sms, whatsapp, phone or chat.")] = "",
    name: Annotated[
        list[str] | None, typer.Option(help="A name on record to look for; may be given again.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a message means by the home's playbook, or by the bundled one where there is no home."""
    from segue.cli.meaning import show_percept

    with told(as_json=as_json):
        show_percept(text, home, channel, name or (), as_json=as_json)


intents = typer.Typer(help="The intents of a playbook.", no_args_is_help=True)
app.add_typer(intents, name="intents")


@intents.callback()
def _intents() -> None:
    """Group the commands about intents."""


@intents.command(name="test")
def try_out(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Leave out each example in turn: accuracy, calibration, and which intents are taken for which."""
    from segue.cli.meaning import show_test

    with told(as_json=as_json):
        show_test(home, as_json=as_json)


@app.command()
def serve(
    home: HomeOption = DEFAULT_HOME,
    host: Annotated[str, typer.Option(help="Address to bind; loopback unless you say so.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to bind; 0 takes a free one.")] = 8765,
    for_seconds: Annotated[float | None, typer.Option(help="Stop by itself after so long.")] = None,
    tenants: Annotated[
        Path | None, typer.Option(help="Serve every home in this directory instead, under /t/NAME/.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a home: take signals in, act, and serve its API and pages."""
    from segue.server import serve as serve_pages
    from segue.server import serve_tenants

    def started(url: str) -> None:
        if as_json:
            emit({"url": url})
        else:
            typer.echo(f"pages and API at {url} (Ctrl-C stops)")

    def problem(name: str, text: str) -> None:
        typer.echo(f"segue: tenant `{name}` is not served: {text}", err=True)

    with told(as_json=as_json):
        if tenants is not None:
            serve_tenants(
                tenants, host=host, port=port, seconds=for_seconds, started=started, problem=problem
            )
            return
        serve_pages(home, host=host, port=port, seconds=for_seconds, started=started)


@app.command()
def person(
    who: Annotated[str, typer.Argument(help="An identifier such as email:ann@x.io, or a person id.")],
    home: HomeOption = DEFAULT_HOME,
    as_of: Annotated[str, typer.Option(help="What was true then (ISO 8601).")] = "",
    known_at: Annotated[str, typer.Option(help="... by what was known then (ISO 8601).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show everything known of one person."""
    from segue.bootstrap import read_home
    from segue.cli.people import show_person

    with told(as_json=as_json), read_home(home) as readings:
        view = readings.person(who, as_of=_moment("as-of", as_of), known_at=_moment("known-at", known_at))
        show_person(view, readings.reporting, as_json=as_json)


@app.command()
def memory(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    who: Annotated[str, typer.Argument(help="An identifier such as email:ann@x.io, or a person id.")],
    home: HomeOption = DEFAULT_HOME,
    ask: Annotated[str, typer.Option(help="Also the messages that answer this best.")] = "",
    limit: Annotated[int, typer.Option(help="How many messages.", min=1, max=1_000)] = 10,
    as_of: Annotated[str, typer.Option(help="What was true then (ISO 8601).")] = "",
    known_at: Annotated[str, typer.Option(help="... by what was known then (ISO 8601).")] = "",
    correct: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Set an item anew: its name and value.", metavar="ITEM VALUE"),
    ] = None,
    forget: Annotated[str, typer.Option(help="Have an item forgotten: its name.", metavar="ITEM")] = "",
    qualifier: Annotated[str, typer.Option(help="Which one, where an item has several values.")] = "",
    of: Annotated[str, typer.Option(help="Whose item: `person` or `account`.")] = "person",
    why: Annotated[str, typer.Option(help="Why it is corrected or forgotten.")] = "",
    by: Annotated[str, typer.Option(help="Who says so, for example `rep:anna`.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show what is known of a person, each item with its source, or correct one of them."""
    from segue.bootstrap import read_home
    from segue.bootstrap.memories import memory_card
    from segue.cli.memory import correct_item, show_memory

    with told(as_json=as_json):
        if correct or forget:
            named = {"qualifier": qualifier, "of": of, "why": why, "by": by}
            correct_item(home, who, correct, forget, named, as_json=as_json)
            return
        with read_home(home) as readings:
            at, known = _moment("as-of", as_of), _moment("known-at", known_at)
            show_memory(memory_card(readings, who, ask, k=limit, as_of=at, known_at=known), as_json=as_json)


@app.command()
def promises(
    who: Annotated[
        str, typer.Argument(help="An identifier or person id; empty is what is due next, of everybody.")
    ] = "",
    home: HomeOption = DEFAULT_HOME,
    limit: Annotated[int, typer.Option(help="How many, where of everybody.", min=1, max=10_000)] = 50,
    as_of: Annotated[str, typer.Option(help="What was true then (ISO 8601).")] = "",
    known_at: Annotated[str, typer.Option(help="... by what was known then (ISO 8601).")] = "",
    as_json: JsonOption = False,
) -> None:
    """List what was promised by and to a person, and what has become of it; or what is due next."""
    from segue.bootstrap import read_home
    from segue.bootstrap.promised import promise_ledger, promises_ahead
    from segue.cli.promises import show_promises

    with told(as_json=as_json), read_home(home) as readings:
        if not who:
            show_promises(promises_ahead(readings, limit), as_json=as_json)
            return
        at, known = _moment("as-of", as_of), _moment("known-at", known_at)
        show_promises(promise_ledger(readings, who, as_of=at, known_at=known), as_json=as_json)


@app.command()
def conversation(  # noqa: PLR0913, PLR0917 - each is an option
    who: Annotated[str, typer.Argument(help="An identifier such as email:ann@x.io, or a person id.")],
    word: Annotated[
        str, typer.Argument(help="claim, hand-back or hold; empty tells whose the conversation is.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who says so, for example `rep:anna`.")] = "",
    role: Annotated[str, typer.Option(help="What they are to the customer, such as support.")] = "",
    until: Annotated[
        str, typer.Option(help="Until when it is claimed or held (ISO 8601); a hold without it is over.")
    ] = "",
    promise: Annotated[str, typer.Option(help="Handed back with it: call, reply, send, quiet, ...")] = "",
    due: Annotated[str, typer.Option(help="When that is due: ISO 8601, or a code such as wd5.")] = "",
    words: Annotated[str, typer.Option(help="The words it was promised in.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Tell whose a conversation is, claim it, hand it back, or hold its account."""
    from segue.bootstrap import read_home
    from segue.bootstrap.conversations import conversation_of
    from segue.cli.conversation import say, show_conversation

    with told(as_json=as_json):
        if not word:
            with read_home(home) as readings:
                show_conversation(conversation_of(readings, who), as_json=as_json)
            return
        given = {"what": promise, "due": due, "words": words}
        found = say(
            home, who, word, by=by, role=role, until=_moment("until", until), promise=given if promise else {}
        )
        if as_json:
            emit({"signal": found.id, "state": found.state})
        else:
            typer.echo(f"{word}: {found.state}")


@app.command()
def decisions(
    who: Annotated[str, typer.Argument(help="An identifier or person id; empty is everybody.")] = "",
    home: HomeOption = DEFAULT_HOME,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=10_000)] = 50,
    before: Annotated[int | None, typer.Option(help="Log position to read on from.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List decisions, newest first."""
    from segue.bootstrap import read_home
    from segue.cli.receipts import show_decisions

    with told(as_json=as_json), read_home(home) as readings:
        found = readings.numbered_decisions(who, limit=limit, before=before)
        show_decisions(found, readings.reporting, as_json=as_json)


@app.command()
def explain(
    decision_id: Annotated[str, typer.Argument(help="A decision id, or the beginning of one.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show the receipt of one decision: what was known, considered, dropped and why."""
    from segue.bootstrap import read_home
    from segue.cli.receipts import show_receipt

    with told(as_json=as_json), read_home(home) as readings:
        show_receipt(readings.explain(readings.decision_id(decision_id)), readings.reporting, as_json=as_json)


@app.command()
def approvals(
    home: HomeOption = DEFAULT_HOME,
    status: Annotated[str, typer.Option(help="pending, given, rejected or expired.")] = "pending",
    as_json: JsonOption = False,
) -> None:
    """List drafts that wait for a human, the most valuable first."""
    from segue.bootstrap import read_home
    from segue.cli.receipts import show_approvals

    with told(as_json=as_json), read_home(home) as readings:
        show_approvals(readings.approvals(status), readings.reporting, as_json=as_json)


@app.command()
def replay(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Decide the whole log again and compare, byte for byte."""
    from segue.bootstrap import replay as replay_home
    from segue.bootstrap.public import public

    with told(as_json=as_json):
        report = replay_home(home)
        same = report.identical == report.decisions and not report.different
        if as_json:
            emit(public(report, ""))
        else:
            typer.echo(f"{report.identical} of {report.decisions} decisions identical, {report.steps} steps")
            for item in report.different[:20]:
                typer.echo(f"  differs at {item.seq}: decision {item.decision_id}, {', '.join(item.fields)}")
            if report.not_replayable:
                typer.echo(f"  {report.not_replayable} events cannot be replayed: their people were erased")
            if report.expired:
                typer.echo(f"  {report.expired} steps are not replayable: expired")
        raise typer.Exit(0 if same else 1)


@app.command()
def rebuild(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Fold the log into new projections and compare the hashes."""
    from segue.bootstrap import rebuild as rebuild_home

    with told(as_json=as_json):
        report = rebuild_home(home)
        if as_json:
            emit({"before": report.before, "after": report.after, "equal": report.equal})
        else:
            verdict = "equal" if report.equal else "DIFFERENT"
            typer.echo(f"rebuilt: {verdict} ({report.after[:16]})")
        raise typer.Exit(0 if report.equal else 1)


def _moment(option: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--{option}: `{text}` is not a time; write 2026-12-24T08:00:00Z") from error
    if moment.tzinfo is None:
        raise InputError(f"--{option}: `{text}` has no zone; add `Z` or an offset")
    return moment
