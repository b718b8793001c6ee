"""The app: one tenant's doors, in process."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from segue.bootstrap.correcting import Correction, Corrections
from segue.bootstrap.engine import Engine
from segue.bootstrap.keeping import Rules
from segue.bootstrap.language_model import check_model
from segue.bootstrap.minds import mind_of
from segue.bootstrap.notes import Notes
from segue.bootstrap.perceiving import warm_up
from segue.bootstrap.readings import Readings
from segue.bootstrap.tracing import Tracing
from segue.bootstrap.who_is_who import IdentityPlan, plan_of, sides_of
from segue.connectors.sandbox import SandboxCompany
from segue.core.errors import InputError, SegueError
from segue.core.ports import Clock
from segue.core.records.events import EngineStarted, Event, Stepped
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Kind, NewSignal
from segue.core.token_encoder import TokenEncoder
from segue.core.units import Instant, to_instant
from segue.graph import read_body
from segue.playbook import LivePlaybook, PlaybookErrors
from segue.runtime.admission import Accepted, Draft, admit, name_of, shown
from segue.runtime.controls import Controls
from segue.runtime.conversing import Conversing
from segue.runtime.gate import Gate
from segue.runtime.limits import LineState
from segue.runtime.parts import Driver, Parts
from segue.runtime.reconciling import word_of
from segue.runtime.tenant import Note
from segue.stores import SqliteStore

_RECENT = 500


class App(Readings):
    """One running tenant; made by `segue.open`.

    Attributes:
        gate: Other tools ask here before they send.
        sandbox: The sandbox company, where the app acts in one.
    """

    def __init__(
        self,
        store: SqliteStore,
        parts: Parts,
        driver: Driver,
        playbook: LivePlaybook,
        *,
        notes: Notes,
        sandbox: SandboxCompany | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        super().__init__(store, self._spell, playbook.current.settings.rates.reporting)
        self._parts = parts
        self._driver = driver
        self._playbook = playbook
        self._notes = notes
        self._tracing = tracing
        self._controls = Controls(parts.tenant, driver)
        self._conversing = Conversing(parts.tenant, driver)
        self._corrections = Corrections(parts.tenant, driver)
        self.gate = Gate(parts.tenant, driver)
        self.sandbox = sandbox

    def rules(self) -> Rules:
        """How long words are kept, by the playbook in force."""
        settings = self.playbook.settings
        return Rules.of(settings.retention_s, settings.retention_hold, settings.default_country)

    def tokens(self) -> TokenEncoder | None:
        """What reads questions for recall, by the playbook in force."""
        return self._parts.tenant.mind.tokens

    @property
    def clock(self) -> Clock:
        """The clock the app runs on."""
        return self._parts.tenant.clock

    @property
    def is_running(self) -> bool:
        """Whether it takes signals in; False once it stops or after its runtime broke."""
        return self._driver.is_running

    @property
    def playbook(self) -> Playbook:
        """The playbook in force."""
        return self._playbook.current

    @property
    def now(self) -> Instant:
        """The tenant's time: its clock, never before the newest stamp of the log."""
        return self._parts.tenant.time.now()

    def line_states(self) -> dict[str, LineState]:
        """How the way to each connector is, by its name."""
        return self._parts.dispatcher.line_states()

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """Write one line into the journal, with personal data masked where the playbook says so."""
        self._notes.note(event, fields)

    def listen(self, listener: Note) -> Callable[[], None]:
        """Have every note of the journal told, such as `decision`, `attempt` and `dead_letter`.

        Args:
            listener: Called in the writer's thread; it must be quick and never raise.

        Returns:
            Ends it.
        """
        return self._notes.listen(listener)

    async def submit(self, signals: Iterable[NewSignal], *, strict: bool = False) -> list[Accepted]:
        """Take signals in; what is accepted is on disk when it returns.

        A signal that cannot be accepted gets its error in its place and hinders no other.

        Args:
            signals: What happened.
            strict: Read bodies at once, and refuse what else would become a dead letter when it is taken up.

        Raises:
            BusyError: The app is stopping or too much waits; nothing was accepted.
            StorageError: The disk is full or failed; nothing was accepted.
        """
        checked = [self._check(signal, strict=strict) for signal in signals]
        drafts = [item for item in checked if isinstance(item, Draft)]
        receipts = iter(await self._accept(drafts) if drafts else [])
        return [next(receipts) if isinstance(item, Draft) else item for item in checked]

    def warm_up(self) -> None:
        """Load the encoder and learn the playbook's intents now, not with the first message."""
        warm_up(self._parts.tenant.mind.perceiver)

    async def settle(self, until: datetime | None = None) -> None:
        """Return when nothing is left to do: now, or by `until`; a virtual clock is moved there."""
        await self._driver.settle(None if until is None else to_instant(until))

    async def approve(self, approval_id: str, by: str, text: str | None = None) -> Accepted:
        """Give an approval, with the draft as edited if `text` is given.

        Raises:
            MissingError: No such approval waits.
        """
        return await self._controls.approve(approval_id, by, text)

    async def reject(self, approval_id: str, by: str, reason: str) -> Accepted:
        """Reject a draft.

        Raises:
            MissingError: No such approval waits.
        """
        return await self._controls.reject(approval_id, by, reason)

    async def control(
        self, *, by: str, kill_switch: bool | None = None, pause: str | None = None, resume: str | None = None
    ) -> Accepted:
        """Stop or release all sending, or pause or resume one play.

        Raises:
            InputError: Not exactly one of the three was given, or the play is unknown.
        """
        for name in (pause, resume):
            if name is not None:
                self._known_play(name)
        return await self._controls.control(by=by, kill_switch=kill_switch, pause=pause, resume=resume)

    async def merge(
        self, one: Sequence[str], other: Sequence[str], *, by: str, dry_run: bool = False
    ) -> IdentityPlan:
        """Say that two people are one; what each side names has to be known.

        Args:
            one: Identifiers of the one.
            other: Identifiers of the other.
            by: Who says so.
            dry_run: Only tell what would change.

        Raises:
            InputError: A side names nobody, or both name the same.
            MissingError: An identifier is not known.
        """
        return await self._judged(Kind.IDENTITY_MERGE, (one, other), by, dry_run=dry_run)

    async def split(
        self, one: Sequence[str], other: Sequence[str], *, by: str, dry_run: bool = False
    ) -> IdentityPlan:
        """Say that what was taken for one person is two: what one side names is not the other's.

        What neither side names goes where its evidence says; no later signal joins them again.

        Args:
            one: Identifiers of the one.
            other: Identifiers of the other.
            by: Who says so.
            dry_run: Only tell what would change.

        Raises:
            InputError: A side names nobody, or both name the same.
            MissingError: An identifier is not known.
        """
        return await self._judged(Kind.IDENTITY_SPLIT, (one, other), by, dry_run=dry_run)

    async def _judged(
        self, kind: Kind, sides: tuple[Sequence[str], Sequence[str]], by: str, *, dry_run: bool
    ) -> IdentityPlan:
        one, other = sides_of(self, *sides)
        plan = plan_of(self, kind, one, other, self.playbook.settings.identity)
        if not dry_run:
            await self._controls.identity(kind, list(one), list(other), by=by)
        return plan

    async def converse(
        self,
        who: str,
        word: str,
        *,
        by: str,
        role: str = "",
        until: datetime | None = None,
        promise: Mapping[str, Any] | None = None,
    ) -> Accepted:
        """Claim a conversation, hand it back, or hold its account; see `segue.runtime.conversing`.

        Args:
            who: An identifier or person id.
            word: `claim`, `hand-back` or `hold`.
            by: Who says so, for example `rep:anna`.
            role: One of the playbook's `conversation.order`.
            until: Until when it is claimed or held.
            promise: What is handed back with it: `what`, `due`, `words`.

        Raises:
            MissingError: Nobody is known by `who`, or the playbook has no such role.
            InputError: One of these is wrong, or does not go with the word.
            ConflictError: `until` is past.
        """
        person_id = self.person(who).person_id
        order = self.playbook.settings.conversation_order
        return await self._conversing.say(
            word, person_id, by=by, order=order, role=role, until=until, promise=promise
        )

    async def correct(self, who: str, said: Correction) -> Accepted:
        """Correct something remembered of a person, or have it forgotten, by a named human.

        Raises:
            MissingError: Nobody is known by `who`, or there is no such item.
            InputError: It cannot be corrected, the value is of another type, or nobody says who or why.
        """
        view = await asyncio.to_thread(self.person, who)
        return await self._corrections.submit(view, self.playbook, said)

    async def settle_effect(self, effect_id: str, word: str, by: str) -> Accepted:
        """Tell what became of an effect of which nobody knows, by whoever looked into the tool.

        Args:
            effect_id: The effect.
            word: `happened` or `did_not`.
            by: Who looked.

        Raises:
            InputError: The word is another one.
            MissingError: There is no such effect.
            ConflictError: It is not unknown, or its tool is being asked at this moment.
        """
        told, who, dispatcher = word_of(word), name_of("by", by), self._parts.dispatcher
        self.effect(effect_id)
        signal_id = await self._driver.call(lambda: dispatcher.reconcile(effect_id, told, who))
        return Accepted(signal_id, "accepted")

    async def replay_dead_letter(self, letter_id: str) -> None:
        """Put a dead letter back into the inbox.

        Raises:
            MissingError: There is no such dead letter.
            InputError: It is a second body under a known key; its first stands.
        """
        await self._controls.replay_dead_letter(letter_id)

    async def reload(self) -> Playbook:
        """Read the playbook again; it comes into force whole, between two steps.

        Raises:
            PlaybookErrors: A file is wrong; the old playbook stays in force.
        """
        try:
            playbook = self._playbook.reload(check_model)
        except PlaybookErrors as errors:
            self._parts.tenant.note("playbook_refused", {"error": str(errors)})
            raise
        mind, engine = mind_of(playbook, self.ids)
        mind = self._tracing.mind(mind) if self._tracing else mind

        def put_in_force() -> None:
            self._parts.tenant.mind = mind
            record_engine(self._parts, engine)

        await self._driver.call(put_in_force)
        self._parts.tenant.note("playbook_reloaded", {"playbook": playbook.hash})
        return playbook

    def _known_play(self, name: str) -> None:
        plays = self._playbook.current.plays
        if name not in list(plays):
            near = get_close_matches(shown(name), list(plays), n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(sorted(plays))}"
            raise InputError(f"unknown play `{shown(name)}`; {hint}")

    def _spell(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        return self._parts.tenant.mind.normalise(identifiers)

    async def _accept(self, drafts: list[Draft]) -> list[Accepted]:
        if self._tracing is None:
            return await self._driver.submit(drafts)
        with self._tracing.accepting([draft.id for draft in drafts]):
            return await self._driver.submit(drafts)

    def _check(self, signal: NewSignal, *, strict: bool) -> Draft | Accepted:
        tenant = self._parts.tenant
        now = tenant.time.now()
        try:
            draft = admit(signal, tenant.mind, tenant.ids, now)
            if strict:
                read_body(draft.received(now), self.playbook)
        except SegueError as error:
            return Accepted("", "refused", error)
        return draft


def record_engine(parts: Parts, engine: Engine) -> None:
    """Record the engine decisions are made by, where the newest of the log were made by another one."""
    tenant = parts.tenant
    with tenant.store.write() as unit:
        recent = [row.event for row in unit.log(max(0, unit.position() - _RECENT)) if row.event is not None]
        known = [named for event in reversed(recent) if (named := _engine_in(event))]
        if not known:
            known = [decision.engine for _, decision in unit.decisions(limit=1)]
        if known[:1] != [engine.hash]:
            unit.record(EngineStarted(tenant.time.now(), engine.hash, dict(engine.parts)))


def _engine_in(event: Event) -> str:
    if isinstance(event, EngineStarted):
        return event.engine
    return event.decision.engine if isinstance(event, Stepped) and event.decision else ""
