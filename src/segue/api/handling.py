"""Handling: one request on its way through key, query, body, idempotency and operation to an answer."""

import inspect
import re
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import anyio.to_thread
import msgspec
import msgspec.inspect
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from segue.api.access import Access, Caller, key_in
from segue.api.body import read_body
from segue.api.failing import Failing
from segue.api.idempotency import Idempotency
from segue.api.operation import Asked, Operation
from segue.api.parsing import parse
from segue.api.problems import Refusal
from segue.api.watching import Watch
from segue.core.errors import SegueError
from segue.privacy.links import hide_links
from segue.stores.doors import Answer

JSON = "application/json"
_ENCODER = msgspec.json.Encoder()
_OK = 200
_DIGITS = re.compile(r"-?[0-9]{1,9}")

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
AnyOperation = Operation[Any, Any]


class Handling:
    """Turns operations into routes.

    Args:
        access: Checks keys.
        idempotency: Knows what was answered before.
        failing: Answers what goes wrong.
        watch: Told how each request ended.
    """

    def __init__(self, access: Access, idempotency: Idempotency, failing: Failing, watch: Watch) -> None:
        self._access, self._idempotency = access, idempotency
        self._failing, self._watch = failing, watch

    def handler(self, operation: AnyOperation) -> HTTPRouteHandler:
        """The route of one operation; what is read may be asked for by HEAD as well."""
        methods = [HttpMethod(operation.method)]
        if operation.method == "GET":
            methods.append(HttpMethod.HEAD)
        path = operation.path.replace("}", ":str}")

        @route(path, http_method=methods, name=operation.name, include_in_schema=False, media_type=JSON)
        async def handle(request: AnyRequest) -> Response[bytes]:
            began = self._watch.begin()
            try:
                caller, response = await self._handle(operation, request)
            except Exception as error:  # noqa: BLE001 - the last handler: whatever it is, it is answered
                caller, response = None, self._failing.answer(request, error)
            self._watch.end(operation.name, response.status_code or _OK, caller, began)
            return response

        return handle

    async def _handle(
        self, operation: AnyOperation, request: AnyRequest
    ) -> tuple[Caller | None, Response[bytes]]:
        asked = await self._asked(operation, request)
        try:
            return asked.caller, await self._answered(operation, asked, request)
        except (Refusal, SegueError) as error:
            return asked.caller, self._failing.answer(request, error)

    async def _asked(self, operation: AnyOperation, request: AnyRequest) -> Asked[Any, Any]:
        headers = dict(request.headers)
        shown = key_in(headers)
        raw = None
        if not shown and operation.key_in_body is not None:
            raw = await _body_of(request, headers)
            shown = operation.key_in_body(raw)
        caller = self._access.caller(shown, operation.scope)
        query = query_of(_query(request), operation.query)
        if raw is None and (operation.takes is not None or operation.foreign):
            raw = await _body_of(request, headers)
        body = None if operation.takes is None else shaped(parse(raw or b""), operation.takes)
        if self._access.is_news(caller):
            await anyio.to_thread.run_sync(self._access.write_use, caller)
        return Asked(caller, dict(request.path_params), query, body, raw or b"", headers)

    async def _answered(
        self, operation: AnyOperation, asked: Asked[Any, Any], request: AnyRequest
    ) -> Response[bytes]:
        key = asked.headers.get("idempotency-key")
        if key is None or not operation.is_idempotent_by_key:
            return _response(await _run(operation, asked))
        question = b"\n".join((operation.name.encode(), request.url.path.encode(), asked.raw))
        async with self._idempotency.once(asked.caller, key, question) as once:
            if once.answer is None:
                once.answer = await _run(operation, asked)
                return _response(once.answer)
        return _response(once.answer, {"idempotent-replayed": "true"})


def query_of(told: Mapping[str, str], wanted: type[T]) -> T:
    """Give query parameters their shape: all are text, and digits where a number is wanted are one.

    Raises:
        Refusal: 422, they have another one.
    """
    numbers = _numbers_of(cast("Hashable", wanted))
    return shaped(
        {
            name: int(text) if name in numbers and _DIGITS.fullmatch(text) else text
            for name, text in told.items()
        },
        wanted,
    )


@cache
def _numbers_of(struct: Hashable) -> frozenset[str]:
    info = msgspec.inspect.type_info(struct)
    fields = info.fields if isinstance(info, msgspec.inspect.StructType) else ()
    return frozenset(field.encode_name for field in fields if _is_number(field.type))


def _is_number(type_: msgspec.inspect.Type) -> bool:
    while isinstance(type_, msgspec.inspect.Metadata):
        type_ = type_.type
    return isinstance(type_, msgspec.inspect.IntType)


def shaped(value: object, wanted: type[T]) -> T:
    """Give parsed JSON its shape.

    Raises:
        Refusal: 422, it has another one.
    """
    try:
        return msgspec.convert(value, wanted)
    except (msgspec.ValidationError, OverflowError) as error:
        text = str(error).encode(errors="backslashreplace").decode()
        raise Refusal(422, "shape", text[:1].lower() + text[1:]) from error


def caller_of(asked: Asked[Any, Any]) -> str:
    """How the journal and the log name who asked: by the name of the key."""
    caller: Caller = asked.caller
    return f"key:{caller.name}"


async def _body_of(request: AnyRequest, headers: Mapping[str, str]) -> bytes:
    return await read_body(request.receive, headers.get("content-length", ""))


def _query(request: AnyRequest) -> dict[str, str]:
    """Query parameters; one that is said twice is refused, since nobody knows which was meant."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in found:
            raise Refusal(422, "shape", f"query parameter `{name[:60]}` is said twice")
        found[name] = str(value)
    return found


async def _run(operation: AnyOperation, asked: Asked[Any, Any]) -> Answer:
    if inspect.iscoroutinefunction(operation.run):
        found = await operation.run(asked)
    else:
        found = await anyio.to_thread.run_sync(operation.run, asked)
    # INVARIANT: no answer holds what would let its reader speak as a customer, whatever the key may read.
    return Answer(200, JSON, hide_links(_ENCODER.encode(found).decode()).encode())


def _response(answer: Answer, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(
        answer.body, status_code=answer.status, media_type=answer.media_type, headers=dict(headers or {})
    )
