"""Whether the process lives, and whether it can take signals in."""

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door

_READY, _NOT_READY = 200, 503
_WARMING = "the encoder is loaded and the intents are learned; what is sent now is taken, and waits"


def health_routes(door: Door) -> list[ControllerRouterHandler]:
    """`/healthz` and `/readyz`; both answer without a key."""

    @get("/healthz", media_type=MediaType.JSON, sync_to_thread=False)
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", media_type=MediaType.JSON, sync_to_thread=False)
    def readyz() -> Response[dict[str, str]]:
        if not door.app.is_running:
            return Response({"status": "stopping"}, status_code=_NOT_READY)
        if not door.warm.is_set():
            return Response({"status": "warming", "reason": _WARMING}, status_code=_NOT_READY)
        return Response({"status": "ready"}, status_code=_READY)

    return [healthz, readyz]
