"""The inlet: a mailbox is watched, and each mail becomes the signal it is; none is lost and none doubled.

Where a folder was read to is kept only after what was read is on disk. What a crash in between brings again
is known by its Message-ID.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

from segue.connectors.email.arriving import Arrived, signal_of, subject_of_token, thread_of
from segue.connectors.email.book import Book, Place
from segue.connectors.email.mailbox import MAILBOX_ERRORS, Fetched, Mailbox, Opened
from segue.connectors.email.settings import EmailForm, MailboxForm
from segue.core.errors import BusyError
from segue.core.ids import IdKey
from segue.core.ports import Clock, Submit
from segue.core.records.signals import NewSignal
from segue.core.units import DAY, Instant, to_datetime
from segue.perception.mail import Mail, read_mail

P = ParamSpec("P")
T = TypeVar("T")

IDLE_S = 60.0
"""IDLE is issued anew so often: servers and routers drop what is silent for long, and what a server told of
just before would be waited for in vain."""

GROUP = 20
_AGAIN_S = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_BUSY_S = 1.0

Note = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class People:
    """Whom the tenant knows, asked of its store.

    Attributes:
        is_known: Whether one of these identifiers is on record.
        subject_of: `profile:ID` of the person an effect reached, or empty.
    """

    is_known: Callable[[Sequence[str]], bool]
    subject_of: Callable[[str], str]


class EmailInlet:
    """Watches one folder of one mailbox.

    Args:
        form: The settings, with the mailbox.
        people: Whom the tenant knows; mails of anybody else are counted and not kept.
        ids: The tenant's id key.
        clock: What waiting runs on.
        book: The connector's own memory.
        note: Writes a line of the journal.
    """

    name = "email"

    def __init__(
        self,
        form: EmailForm,
        mailbox: MailboxForm,
        people: People,
        ids: IdKey,
        *,
        clock: Clock,
        book: Book,
        note: Note,
    ) -> None:
        self._form, self._mailbox, self._people, self._ids = form, mailbox, people, ids
        self._clock, self._book, self._note = clock, book, note
        self._failures = 0

    async def run(self, submit: Submit) -> None:
        """Watch until cancelled; a lost connection is made again, later and later."""
        while True:
            try:
                await self._watch(submit)
            except MAILBOX_ERRORS as error:
                self._note("inlet_lost", {"inlet": self.name, "error": f"{type(error).__name__}: {error}"})
            wait_s = _AGAIN_S[min(self._failures, len(_AGAIN_S) - 1)]
            self._failures += 1
            await self._clock.sleep(wait_s)

    async def _watch(self, submit: Submit) -> None:
        """One connection, from login to loss."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="segue-mailbox")
        mailbox = Mailbox(self._mailbox)
        work = _Worker(pool)
        try:
            await work.do(mailbox.connect)
            opened = await work.do(mailbox.open, self._mailbox.folder)
            place = await self._begun(work, mailbox, opened, submit)
            self._note("inlet_open", {"inlet": self.name, "folder": self._mailbox.folder, "uid": place.uid})
            self._failures = 0
            while True:
                place = await self._take_all(work, mailbox, place, submit)
                await self._rest(work, mailbox)
        finally:
            mailbox.abort()
            await work.do(mailbox.close)
            pool.shutdown()

    async def _begun(self, work: "_Worker", mailbox: Mailbox, opened: Opened, submit: Submit) -> Place:
        """Where to read on: where it was, else from now on; a folder numbered anew is gone through again."""
        folder, now = self._mailbox.folder, self._clock.now()
        known = self._book.place(folder)
        if known is not None and known.validity == opened.validity:
            return known
        place = Place(opened.validity, max(0, opened.next_uid - 1), now)
        days = self._mailbox.history_days
        if known is None and days:
            await self._again(work, mailbox, Instant(now - days * DAY), submit, history=True)
        elif known is not None:
            await self._again(work, mailbox, Instant(known.at - DAY), submit, history=False)
        self._book.keep_place(folder, place)
        return place

    async def _again(
        self, work: "_Worker", mailbox: Mailbox, since: Instant, submit: Submit, *, history: bool
    ) -> None:
        """Submit all that came since; what was submitted before is a duplicate."""
        day = to_datetime(since).date()
        for uid in await work.do(mailbox.since, day):
            fetched = await work.do(mailbox.fetch, uid)
            if fetched is not None:
                await self._submit(submit, [await self._read(work, fetched, history=history)])

    async def _take_all(self, work: "_Worker", mailbox: Mailbox, place: Place, submit: Submit) -> Place:
        """Take until nothing is left. What comes while something is fetched is told then, and not in IDLE."""
        while True:
            uids = await work.do(mailbox.newer, place.uid)
            place = await self._take(work, mailbox, place, uids, submit)
            if not uids and not await work.do(mailbox.refresh):
                return place

    async def _take(
        self, work: "_Worker", mailbox: Mailbox, place: Place, uids: Sequence[int], submit: Submit
    ) -> Place:
        for first in range(0, len(uids), GROUP):
            group = uids[first : first + GROUP]
            fetched = [await work.do(mailbox.fetch, uid) for uid in group]
            arrived = [await self._read(work, item, history=False) for item in fetched if item is not None]
            await self._submit(submit, arrived)
            place = Place(place.validity, group[-1], self._clock.now())
            self._book.keep_place(self._mailbox.folder, place)
        return place

    async def _read(self, work: "_Worker", fetched: Fetched, *, history: bool) -> Arrived:
        """Read one mail off the event loop: a hostile one may take seconds."""
        mail = await work.do(read_mail, fetched.raw, self._ids)
        thread = self._book.thread(*mail.references) or thread_of(mail, self._ids)
        recent = Instant(self._clock.now() - DAY)
        return Arrived(
            mail=mail,
            mailbox=self.name,
            at=fetched.at,
            digest=blake2b(fetched.raw, digest_size=16).hexdigest(),
            thread=thread,
            subject=self._subject(mail),
            is_known=bool(mail.sender) and self._people.is_known([f"email:{mail.sender}"]),
            loops=bool(thread) and self._book.sent_since(thread, recent) >= self._form.loop_limit,
            brand=self._form.brand,
            history=history,
        )

    def _subject(self, mail: Mail) -> str:
        if mail.kind == "unsubscribe":
            return subject_of_token(self._ids, mail.token)
        return self._people.subject_of(mail.effect) if mail.effect and mail.kind != "message" else ""

    async def _submit(self, submit: Submit, arrived: Sequence[Arrived]) -> None:
        """Submit what is a signal and count the rest; it returns when everything is on disk."""
        now = self._clock.now()
        found = [(item, signal_of(item, self._ids)) for item in arrived]
        signals = [signal for _, signal in found if isinstance(signal, NewSignal)]
        taken = await self._patiently(submit, signals) if signals else ()
        for state in taken:
            self._book.count(state, now)
        for item, signal in found:
            if isinstance(signal, NewSignal):
                self._book.keep_thread(item.mail.message_id, item.thread, now)
            else:
                self._book.count(signal, now)

    async def _patiently(self, submit: Submit, signals: Sequence[NewSignal]) -> list[str]:
        """Submit until there is room: a mailbox can wait."""
        while True:
            try:
                return [item.state for item in await submit(signals)]
            except BusyError:
                await self._clock.sleep(_BUSY_S)

    async def _rest(self, work: "_Worker", mailbox: Mailbox) -> None:
        if await work.do(lambda: mailbox.tells_of_news):
            await work.do(mailbox.wait, IDLE_S)
        else:
            await self._clock.sleep(self._mailbox.poll_s)


class _Worker:
    """Runs blocking calls in one thread of its own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    async def do(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        job = self._pool.submit(function, *args, **kwargs)
        return await asyncio.wrap_future(job)
