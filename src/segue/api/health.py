"""Whether the process lives, and whether it can take signals in."""

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door

_READY, _NOT_READY = 200, 503


def health_routes(door: Door) -> list[ControllerRouterHandler]:
    """`/healthz` and `/readyz`; both answer without a key."""

    @get("/healthz", media_type=MediaType.JSON, sync_to_thread=False)
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", media_type=MediaType.JSON, sync_to_thread=False)
    def readyz() -> Response[dict[str, str]]:
        ready = door.app.is_running
        content = {"status": "ready" if ready else "stopping"}
        return Response(content, status_code=_READY if ready else _NOT_READY)

    return [healthz, readyz]
