"""What the automation tool wants to send and what became of it, in the company's SQLite file."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import msgspec

from segue.connectors.sandbox.book import Book, Done
from segue.core.encoding import encode
from segue.core.units import Instant

Stage = Literal["asked", "held", "sent", "denied"]

_TABLE = """
CREATE TABLE IF NOT EXISTS campaigns(
    n INTEGER PRIMARY KEY, key TEXT UNIQUE, message TEXT, stage TEXT, because TEXT, at INTEGER, owed INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A message the tool wants to send to one person.

    Attributes:
        key: The tool's own idempotency key of this message.
        hold: Whether the tool can wait for an answer.
    """

    key: str
    campaign: str
    identifiers: Sequence[str]
    channel: str = "email"
    purpose: Literal["commercial", "service", "mandatory"] = "commercial"
    brand: str = ""
    text: str = ""
    hold: bool = True

    @property
    def to(self) -> str:
        """The address it goes to: an e-mail address or a phone number, whichever the channel takes."""
        wanted = "email" if self.channel == "email" else "phone"
        pairs = [identifier.partition(":") for identifier in self.identifiers]
        mine = [value for namespace, _, value in pairs if namespace == wanted]
        return next(iter(mine or [value for _, _, value in pairs]), "")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message and what became of it.

    Attributes:
        stage: `asked` until the gate has answered, then `held`, `sent` or `denied`.
        at: When it came to that.
    """

    number: int
    message: Campaign
    stage: Stage
    because: str
    at: Instant


class Campaigns:
    """The tool's messages; each moves on once, whoever moves it and however often.

    Args:
        book: The company's memory, whose file they share.
    """

    def __init__(self, book: Book) -> None:
        self._db = book.connection
        self._db.execute(_TABLE)

    def keep(self, message: Campaign, at: Instant) -> Kept:
        """Keep a message before the gate is asked; a known key gets what became of it."""
        self._db.execute(
            "INSERT OR IGNORE INTO campaigns(key, message, stage, because, at, owed)"
            " VALUES (?, ?, 'asked', '', ?, 0)",
            (message.key, encode(asdict(message)).decode(), at),
        )
        (kept,) = self._where("key = ?", message.key)
        return kept

    def move(self, key: str, to: Stage, at: Instant, because: str = "") -> None:
        """Bring a message on; what is sent is owed to the gate, what is sent or denied stays so."""
        self._db.execute(
            "UPDATE campaigns SET stage = ?1, because = ?2, at = ?3, owed = ?1 = 'sent'"
            " WHERE key = ?4 AND (stage = 'asked' OR (stage = 'held' AND ?1 <> 'held'))",
            (to, because, at, key),
        )

    def told(self, key: str) -> None:
        """The gate knows that it was sent."""
        self._db.execute("UPDATE campaigns SET owed = 0 WHERE key = ?", (key,))

    def owed(self) -> list[str]:
        """Keys of what was sent and not yet told to the gate, oldest first."""
        rows = self._db.execute("SELECT key FROM campaigns WHERE owed = 1 ORDER BY at, n")
        return [str(key) for (key,) in rows]

    def at_stage(self, stage: Stage) -> list[Kept]:
        """Messages at one stage, in the order in which they came to it."""
        return self._where("stage = ?", stage)

    def forget_person(self, words: Collection[str]) -> None:
        """Forget every message that names somebody by one of these words."""
        for word in words:
            self._db.execute("DELETE FROM campaigns WHERE instr(message, ?)", (word,))

    def _where(self, condition: str, value: str) -> list[Kept]:
        rows: list[tuple[Any, ...]] = self._db.execute(
            f"SELECT n, message, stage, because, at FROM campaigns WHERE {condition} ORDER BY at, n",  # noqa: S608 - no input
            (value,),
        ).fetchall()
        return [
            Kept(number, msgspec.json.decode(message, type=Campaign), stage, because, at)
            for number, message, stage, because, at in rows
        ]


def as_done(kept: Kept, tool: str) -> Done:
    """A sent message as what happened in the company."""
    message = kept.message
    arguments = {
        "to": message.to,
        "text": message.text,
        "channel": message.channel,
        "campaign": message.campaign,
        "purpose": message.purpose,
        "brand": message.brand,
    }
    return Done(kept.number, kept.at, tool, "send", message.key, arguments, f"{tool}-send-{kept.number}")
