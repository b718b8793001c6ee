"""What became of one request to a model."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

Sort = Literal["read", "form_refused", "unusable", "refused", "cut_off", "busy", "broken", "denied"]
"""`read`; the server does not know this way of structured output; the reply does not fit; the model will not;
the reply was cut off; it is busy, slow or away; it is broken; it denies the request whatever its form."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request's end.

    Attributes:
        input_tokens: As the server told; 0 where it did not.
        output_tokens: The same of what it wrote.
        why: What went wrong, for people.
        reply: Of the form, where it was read.
    """

    sort: Sort
    input_tokens: int = 0
    output_tokens: int = 0
    why: str = ""
    reply: BaseModel | None = None

    @property
    def is_answer(self) -> bool:
        """Whether the model wrote something, which is paid for."""
        return self.sort in {"read", "unusable", "refused", "cut_off"}
