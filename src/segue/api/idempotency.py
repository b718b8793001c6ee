"""`Idempotency-Key`, as Stripe has it: the same request under the same key is done once and told again."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio.to_thread

from segue.api.access import Caller
from segue.api.problems import Refusal
from segue.core.ports import Clock
from segue.stores.doors import Answer, Answers, Begun, Running

MAX_KEY = 255
KEY_PATTERN = "^[!-~]+$"

_KEY = re.compile(KEY_PATTERN)


@dataclass(slots=True)
class Once:
    """What was answered before; else it is to be set before the block ends."""

    answer: Answer | None = None


class Idempotency:
    """Does a request once per caller and key, for 24 hours.

    What ends in an error changed nothing and is not kept: the request may be mended and sent again under the
    same key.

    Args:
        answers: What was answered before.
        clock: The system's clock.
    """

    def __init__(self, answers: Answers, clock: Clock) -> None:
        self._answers, self._clock = answers, clock

    @asynccontextmanager
    async def once(self, caller: Caller, key: str, question: bytes) -> AsyncIterator[Once]:
        """Take a key for as long as the block runs.

        Raises:
            Refusal: 422 a key that is none; 409 the same request is being worked on, or another one came
                under this key.
        """
        if len(key) > MAX_KEY or not _KEY.fullmatch(key):
            raise Refusal(422, "shape", f"idempotency-key: write 1 to {MAX_KEY} ASCII characters, no space")
        found = await anyio.to_thread.run_sync(
            self._answers.begin, caller.id, key, question, self._clock.now()
        )
        if isinstance(found, Answer):
            yield Once(found)
            return
        if isinstance(found, Running):
            detail = "a request under this `Idempotency-Key` is being worked on; ask again when it is done"
            raise Refusal(409, "idempotency_running", detail, {"retry-after": "1"})
        if not isinstance(found, Begun):
            detail = "another request came under this `Idempotency-Key`; choose a new key"
            raise Refusal(409, "idempotency_reused", detail)
        once = Once()
        try:
            yield once
        finally:
            with anyio.CancelScope(shield=True):
                if once.answer is None:
                    await anyio.to_thread.run_sync(self._answers.forget, caller.id, key)
                else:
                    await anyio.to_thread.run_sync(self._answers.end, caller.id, key, once.answer)
