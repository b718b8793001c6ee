"""What a model may reply: closed lists, a number and quotes; what is anything else is dropped or refused."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from segue.core.encoding import encode
from segue.core.pseudonyms import original, quoted
from segue.core.records.reading import MOODS, SHOWN_AT_MOST, Reading, ReadIntent

_LIMIT: Final = 100
_HUNDREDTH: Final = 10_000
"""A hundredth of the whole, in millionths."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


@lru_cache(maxsize=8)
def form_of(labels: tuple[str, ...]) -> type[BaseModel]:
    """The form of a reply for these labels.

    An intent with another label is left out; anything else that does not fit makes the reply unusable.
    """

    def known(items: object) -> object:
        if not isinstance(items, list):
            return items
        return [one for one in items if not isinstance(one, dict) or one.get("label") in labels][
            :SHOWN_AT_MOST
        ]

    label: Any = Literal[labels]
    certainty: Any = Literal["sure", "likely"]
    mood: Any = Literal[MOODS]
    intent: Any = create_model(
        "Intent", __base__=_Form, label=(label, ...), certainty=(certainty, ...), quote=(str, ...)
    )
    return create_model(
        "Reading",
        __base__=_Form,
        intents=(Annotated[list[intent], BeforeValidator(known), Field(max_length=SHOWN_AT_MOST)], ...),
        sentiment=(int, ...),
        mood=(mood, ...),
        language=(str, ...),
    )


def reading_of(reply: BaseModel, text: str, pieces: Sequence[Sequence[int]], model: str) -> dict[str, Any]:
    """A reply as a record: quotes become offsets in what the customer wrote, or are dropped.

    Args:
        reply: Of the form.
        text: As the model was shown it.
        pieces: What its tokens stand for.
        model: Who read it.
    """
    told = reply.model_dump()
    intents = []
    for one in told["intents"]:
        found = quoted(one["quote"], text)
        if found is not None:
            start, end = original(*found, pieces)
            intents.append(ReadIntent(one["label"], one["certainty"] == "sure", start, end))
    reading = Reading(
        intents=tuple(intents),
        sentiment=max(-_LIMIT, min(_LIMIT, told["sentiment"])) * _HUNDREDTH,
        mood=told["mood"],
        language=told["language"].strip().lower()[:2] if len(told["language"].strip()) == 2 else "",  # noqa: PLR2004 - ISO 639-1
        model=model,
    )
    kept: dict[str, Any] = msgspec.json.decode(encode(reading))
    return kept
