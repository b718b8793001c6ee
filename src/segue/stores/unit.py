"""The unit of work: append an event, fold it at once, read one's own writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from segue.core.errors import ConflictError, IntegrityError
from segue.core.ids import derive
from segue.core.ports import AcceptState
from segue.core.records.events import Attempted, DeadLettered, Event, Received, Stepped
from segue.core.records.signals import Signal
from segue.stores.db import Db
from segue.stores.fold import Folding, fold, open_rows
from segue.stores.fold import effects as ledger
from segue.stores.fold import inbox as inbox_fold
from segue.stores.keys import Keys
from segue.stores.reader import SqliteReader
from segue.stores.reads_accept import AcceptReads
from segue.stores.split import event_subject, signal_subject

RECENT_SIGNALS = 4096


class SqliteUnit(SqliteReader):
    """One write transaction; implements `segue.core.ports.Unit`. Made by `SqliteStore.write` alone."""

    def __init__(self, db: Db, keys: Keys, recent: dict[str, Signal]) -> None:
        super().__init__(db, keys, recent)
        self._recent = recent
        self._folding = Folding(db, keys.ids)
        self._accepting = AcceptReads(db)
        self._first = self._seq = 0
        self._broken = self._open = False

    def start(self) -> None:
        """Begin at the log's end."""
        self._seq = self.position()
        self._first = self._seq + 1
        self._broken, self._open = False, True
        self._log.forget()

    def stop(self) -> None:
        """Take no more events until the next start."""
        self._open = False
        self._log.forget()

    def position(self) -> int:
        """Sequence number of the newest event, appended ones included."""
        return self._seq if self._open else super().position()

    def finish(self) -> None:
        """Chain what was appended.

        Raises:
            IntegrityError: An event could not be folded and its failure was ignored.
        """
        if self._broken:
            raise IntegrityError("an event was appended but not folded; undo its savepoint")
        if self._seq >= self._first:
            self._log.link(self._first, self._seq)

    def accept(self, signal: Signal) -> AcceptState:
        """Append `Received` unless its key is known; same key with another body is a `conflict`."""
        known = self._accepting.digest(signal.id)
        if known is None:
            self.record(Received(signal))
            self._remember(signal)
            return "accepted"
        told = inbox_fold.said(signal)
        if known == told:
            return "duplicate"
        letter_id = derive("dead", signal.id, told.hex())
        if not self._accepting.is_dead_letter(letter_id):
            error = f"`{signal.source}` sent another body under the same id; the first one stands"
            self.record(DeadLettered(letter_id, signal, signal.received_at, inbox_fold.CONFLICT, error))
        return "conflict"

    def record(self, event: Event) -> int:
        """Append an event and fold it; returns its sequence number.

        Raises:
            ConflictError: A reservation would exceed its limit, or the signal was stepped already; nothing
                was written.
            IntegrityError: An illegal move of an effect; undo the savepoint around it.
        """
        if not self._open:
            raise IntegrityError("an event can only be recorded inside the block of `write`")
        self._guard(event)
        seq = self._seq + 1
        subject = event_subject(event, self._signal_subject)
        self._broken, was_broken = True, self._broken
        self._log.append(seq, event, subject)
        self._seq = seq
        fold(self._folding, seq, event)
        self._broken = was_broken
        if isinstance(event, Stepped):
            for signal in event.derived:
                self._remember(signal)
        return seq

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what was recorded inside when an exception leaves the block."""
        kept = (self._seq, self._broken, len(self._log.pieces))
        self._db.run_text("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._seq, self._broken = kept[0], kept[1]
            self._log.forget(kept[2])
            self._recent.clear()
            self._db.run_text("ROLLBACK TO part")
            self._db.run_text("RELEASE part")
            raise
        self._db.run_text("RELEASE part")

    def _guard(self, event: Event) -> None:
        if isinstance(event, Stepped):
            if event.signal_id and inbox_fold.state_of(self._db, event.signal_id) == inbox_fold.DONE:
                raise ConflictError(f"signal `{event.signal_id}` was stepped already")
            over = open_rows.excess(self._db, event.reservations) if event.reservations else None
            if over is not None:
                raise ConflictError(f"reservation key `{over.key}` would exceed its limit of {over.limit}")
        elif isinstance(event, Attempted) and not ledger.known(self._db, event.attempt.effect_id):
            raise IntegrityError(f"there is no effect `{event.attempt.effect_id}` to attempt")

    def _signal_subject(self, signal: Signal) -> str:
        return signal_subject(signal, self._ids, self._people.account_named)

    def _remember(self, signal: Signal) -> None:
        if len(self._recent) >= RECENT_SIGNALS:
            self._recent.pop(next(iter(self._recent)), None)
        self._recent[signal.id] = signal
