"""One request to a model by pydantic-ai, and what became of it; this module is imported only to ask.

Importing pydantic-ai takes seconds, so nothing else in Segue imports it, and this module is loaded beside the
event loop.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput, PromptedOutput, capture_run_messages
from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelHTTPError,
    OutputTokenLimitExceeded,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from segue.llm.capped import CappedTransport, TooLongError
from segue.llm.ladder import Rung
from segue.llm.outcome import Outcome, Sort

_NO_KEY: Final = "none"
"""What servers without keys are told, so that no key of the environment goes to them."""

_REFUSES_FORM: Final = frozenset({400, 405, 415, 422, 501})
_BUSY: Final = frozenset({408, 409, 425, 429})
_SERVER: Final = 500


@dataclass(frozen=True, slots=True)
class Server:
    """Where a model is, and how it is spoken to.

    Attributes:
        key: Its key, or empty.
        longest: Tokens it may write.
    """

    url: str
    model: str
    key: str
    timeout_s: float
    longest: int


async def ask(server: Server, rung: Rung, instructions: str, text: str, form: type[BaseModel]) -> Outcome:
    """Ask once; never raises but when cancelled.

    Args:
        server: Whom.
        rung: How a reply of the form is asked for.
        instructions: What to do with the text.
        text: What a customer wrote.
        form: Of the reply.
    """
    output = NativeOutput(form, name="reading") if rung == "json_schema" else PromptedOutput(form)
    async with _client(server) as client:
        provider = OpenAICompatibleProvider("segue", openai_client=client)
        model = OpenAIChatModel(server.model, provider=provider, profile=_profile(server, rung))
        agent: Agent[object, BaseModel] = Agent(
            model,
            output_type=output,
            instructions=instructions,
            retries=0,
            model_settings={"max_tokens": server.longest, "temperature": 0.0, "timeout": server.timeout_s},
        )
        with capture_run_messages() as messages:
            try:
                result = await agent.run(text)
            except (AgentRunError, TooLongError) as error:
                sort, why = _failure(error)
                return Outcome(sort, *_usage(messages), why=why)
            return Outcome("read", *_usage(messages), reply=result.output)


def _failure(error: Exception) -> tuple[Sort, str]:
    """What an error makes of a request; the words of the other side are not repeated."""
    match error:
        case ModelHTTPError():
            return _by_status(error.status_code), f"it answered {error.status_code}"
        case ContentFilterError():
            return "refused", "the model refused"
        case OutputTokenLimitExceeded():
            return "cut_off", "the reply was cut off"
        case _:
            return _by_cause(error)


def _by_status(status: int) -> Sort:
    if status in _REFUSES_FORM:
        return "form_refused"
    if status in _BUSY:
        return "busy"
    return "broken" if status >= _SERVER else "denied"


def _by_cause(error: BaseException) -> tuple[Sort, str]:
    """The cause of an error, as deep as it lies."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TooLongError):
            return "cut_off", str(cause)
        if isinstance(cause, httpx2.TimeoutException | TimeoutError):
            return "busy", "it did not answer in time"
        if isinstance(cause, httpx2.TransportError):
            return "busy", f"it cannot be reached: {type(cause).__name__}"
        cause = cause.__cause__ or cause.__context__
    return "unusable", "the reply is not of the form"


def _client(server: Server) -> AsyncOpenAI:
    # No proxies of the environment, and no organisation or key of OpenAI's: what leaves is what is asked.
    http = httpx2.AsyncClient(transport=CappedTransport(), timeout=server.timeout_s, trust_env=False)
    return AsyncOpenAI(
        base_url=server.url,
        api_key=server.key or _NO_KEY,
        organization="",
        project="",
        http_client=http,
        max_retries=0,
    )


def _profile(server: Server, rung: Rung) -> OpenAIModelProfile:
    host = urlsplit(server.url).hostname or ""
    openai = host.endswith(("openai.com", "azure.com"))
    return OpenAIModelProfile(
        supports_json_schema_output=rung == "json_schema",
        supports_json_object_output=rung == "json_object",
        openai_chat_supports_max_completion_tokens=openai,
        openai_chat_supports_multiple_system_messages=False,
    )


def _usage(messages: list[ModelMessage]) -> tuple[int, int]:
    """Tokens read and written, as the server told them."""
    answers: list[Any] = [message.usage for message in messages if isinstance(message, ModelResponse)]
    return sum(one.input_tokens for one in answers), sum(one.output_tokens for one in answers)
