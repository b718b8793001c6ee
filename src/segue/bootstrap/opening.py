"""Opening a home: adapters meet ports here, and are put away again in order."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from segue.bootstrap.app import App, record_engine
from segue.bootstrap.connecting import Connected, Surroundings, connect, people_of
from segue.bootstrap.home import Home, create_home, pin_zones
from segue.bootstrap.journal import LOG_FILE, Journal, JournalSettings
from segue.bootstrap.keeping import Rules
from segue.bootstrap.language_model import check_model, language_model
from segue.bootstrap.minds import mind_of
from segue.bootstrap.notes import Notes
from segue.bootstrap.readings import Readings
from segue.bootstrap.tokens import shipped_tokens
from segue.bootstrap.tracing import tracing_of
from segue.core.ids import IdKey
from segue.core.ports import Clock, Connector
from segue.core.records.reading import CONNECTOR
from segue.identity import normalise_all
from segue.playbook import LivePlaybook, load_settings
from segue.playbook.keeping import kept_for
from segue.runtime.clock import SystemClock, VirtualClock
from segue.runtime.dispatch import DEADLINE_S
from segue.runtime.hooks import Hook, no_hook
from segue.runtime.inlets import Inlets
from segue.runtime.live import LiveDriver
from segue.runtime.parts import Driver, Parts
from segue.runtime.tenant import Tenant
from segue.runtime.virtual import VirtualDriver
from segue.stores import SqliteStore


@asynccontextmanager
async def open_home(  # noqa: PLR0913 - all but the first two go by keyword
    path: str | Path,
    playbook: str | Path | None = None,
    *,
    clock: Clock | None = None,
    id_key: IdKey | None = None,
    connectors: Mapping[str, Connector] | None = None,
    own: Mapping[str, Connector] | None = None,
    hook: Hook = no_hook,
    deadline_s: float = DEADLINE_S,
    journal_settings: JournalSettings | None = None,
) -> AsyncIterator[App]:
    """Run one tenant; exported as `segue.open`.

    Args:
        path: Home directory. A missing or empty one is made into a home.
        playbook: Playbook directory; the home's own copy if not given.
        clock: The system's if not given; a `VirtualClock` moves only by `app.settle`.
        id_key: Id key of a new home; drawn if not given.
        connectors: Tools by name. If not given, those that the home's `connectors.yaml` names; without that
            file those of the home's sandbox company, which is `app.sandbox`: nothing real is touched unless
            it is asked for. Mailboxes are watched on the system's clock only.
        own: Tools of Segue's own doors, such as the web chat; each stands in for the company's of that name.
        hook: Called at every named crash point.
        deadline_s: How long one call to a connector may take.
        journal_settings: Level, format and size of `segue.log`.

    Raises:
        MissingError: The directory holds other things and no home.
        LockedError: Another process runs this home.
        PlaybookErrors: The playbook or `connectors.yaml` cannot be used.
        IntegrityError: The files are damaged or do not belong together.
    """
    pin_zones()
    home = _home(Path(path), playbook, id_key)
    master_key = home.master_key()
    rules = LivePlaybook(Path(playbook) if playbook is not None else home.playbook)
    check_model(rules.current)
    clock = clock or SystemClock()
    with ExitStack() as closing:
        tracing = tracing_of(clock)
        hook = tracing.hook(hook) if tracing else hook
        store = SqliteStore.open(home.path, master_key=master_key, ids=id_key, hook=hook)
        closing.callback(store.close)
        journal = Journal(
            home.path / LOG_FILE,
            clock,
            lambda: rules.current.settings.mask_logs,
            journal_settings or JournalSettings(),
        )
        closing.callback(journal.close)
        notes = Notes(journal.note)
        if tracing:
            notes.listen(tracing.note)
        mind, engine = mind_of(rules.current, store.ids)
        mind = tracing.mind(mind) if tracing else mind
        connected = Connected(connectors or {})
        if connectors is None:
            people = people_of(store, mind.normalise)
            connected = connect(Surroundings(home, clock, store.ids, people, notes.note), closing)
            own = {CONNECTOR: language_model(lambda: rules.current), **(own or {})}
        tenant = Tenant.of(store, store.ids, clock=clock, mind=mind, hook=hook, note=notes.note)
        parts = Parts.of(tenant, {**connected.tools, **(own or {})}, deadline_s=deadline_s)
        record_engine(parts, engine)
        driver: Driver = VirtualDriver(parts, clock) if isinstance(clock, VirtualClock) else LiveDriver(parts)
        inlets = Inlets(() if isinstance(clock, VirtualClock) else connected.inlets, clock, notes.note)
        await driver.start()
        try:
            app = App(store, parts, driver, rules, notes=notes, sandbox=connected.sandbox, tracing=tracing)
            inlets.start(app.submit)
            yield app
        finally:
            await inlets.stop()
            await driver.stop()


@contextmanager
def read_home(path: str | Path) -> Iterator[Readings]:
    """Read a home, also while another process runs it, and while its playbook has mistakes.

    Raises:
        MissingError: This is no home.
        PlaybookErrors: `settings.yaml` cannot be used.
    """
    pin_zones()
    home = Home(Path(path))
    store = SqliteStore.open_read_only(home.path, master_key=home.master_key())
    settings = load_settings(home.playbook)
    region = settings.default_country or None
    try:
        yield Readings(
            store,
            lambda identifiers: normalise_all(identifiers, region),
            settings.reporting_currency,
            shipped_tokens() if settings.recall.tokens else None,
            Rules.of(kept_for(settings.retention), tuple(settings.retention.hold), settings.default_country),
        )
    finally:
        store.close()


def _home(path: Path, playbook: str | Path | None, id_key: IdKey | None) -> Home:
    if path.is_dir() and any(path.iterdir()):
        return Home(path)
    return create_home(path, library="saas" if playbook is None else Path(playbook), id_key=id_key)
