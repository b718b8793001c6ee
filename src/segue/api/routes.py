"""The routes of the API, gathered for the server."""

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, Router, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from segue.api.access import Access, key_in
from segue.api.acting import approval_operations, control_operations, dead_letter_operations
from segue.api.conversation import conversation_operations
from segue.api.decisions import decision_operations
from segue.api.failing import Failing
from segue.api.foreign import posthog_operations, segment_operations
from segue.api.gate import gate_operations
from segue.api.handling import Handling
from segue.api.health import health_routes
from segue.api.idempotency import Idempotency
from segue.api.identity import identity_operations
from segue.api.intake import Intake
from segue.api.ledger import ledger_operations
from segue.api.memory import memory_operations
from segue.api.metrics import MEDIA_TYPE, Metrics
from segue.api.openapi import document
from segue.api.operation import Operation
from segue.api.people import people_operations
from segue.api.promises import promise_operations
from segue.api.signals import signal_operations
from segue.api.stream import DecisionStream, stream_route
from segue.api.watching import Watch
from segue.bootstrap import Door
from segue.runtime.clock import SystemClock
from segue.stores.doors import Answers, ApiKeys

_FORWARDED = ("forwarded", "x-forwarded-for")
_LOOPBACK = ("127.0.0.1", "::1")


def routes(door: Door) -> list[ControllerRouterHandler]:
    """All routes for machines of one tenant."""
    clock, master_key = SystemClock(), door.home.master_key()
    metrics = Metrics()
    door.app.listen(metrics.note)
    access = Access(ApiKeys(door.db, master_key), clock)
    failing = Failing(door.app, clock)
    idempotency = Idempotency(Answers(door.db, master_key), clock)
    handling = Handling(access, idempotency, failing, Watch(door.app, metrics, clock))
    known = operations(door, Intake(door.app, metrics))
    handlers: list[ControllerRouterHandler] = [
        *health_routes(door),
        *(handling.handler(operation) for operation in known),
        stream_route(DecisionStream(door, metrics), access),
        _metrics_route(door, metrics, access),
        _document_route(known, door.base_url),
    ]

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return failing.answer(request, error)  # Litestar copies a router with its handlers, a bound one too

    return [Router("/", route_handlers=handlers, exception_handlers={Exception: answer})]


def operations(door: Door, intake: Intake) -> list[Operation[Any, Any]]:
    """Everything that may be asked of a tenant."""
    app = door.app
    return [
        *signal_operations(intake),
        *segment_operations(intake),
        *posthog_operations(intake),
        *gate_operations(app),
        *people_operations(app),
        *identity_operations(app),
        *promise_operations(app),
        *conversation_operations(app),
        *memory_operations(app),
        *decision_operations(app),
        *ledger_operations(app),
        *approval_operations(app),
        *dead_letter_operations(app),
        *control_operations(app),
    ]


def _document_route(known: list[Operation[Any, Any]], base_url: str) -> HTTPRouteHandler:
    content = msgspec.json.encode(document(known, base_url))

    @route(
        "/v1/openapi.json",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        include_in_schema=False,
        sync_to_thread=False,
    )
    def openapi() -> Response[bytes]:
        return Response(content, media_type=MediaType.JSON)

    return openapi


def _metrics_route(door: Door, metrics: Metrics, access: Access) -> HTTPRouteHandler:
    @route(
        "/metrics",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        include_in_schema=False,
        sync_to_thread=False,
    )
    def scrape(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not _is_near(request):
            access.caller(key_in(dict(request.headers)), "read")
        metrics.running.set(int(door.app.is_running))
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    return scrape


def _is_near(request: Request[Any, Any, Any]) -> bool:
    """Whether the caller sits on this machine; what a proxy passes on does not."""
    client = request.client
    passed_on = any(name in request.headers for name in _FORWARDED)
    return client is not None and client.host in _LOOPBACK and not passed_on
