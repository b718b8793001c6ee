"""The OpenAPI 3.1 document, made of the operations themselves, so that it says what the API does."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec

from segue.api.idempotency import KEY_PATTERN, MAX_KEY
from segue.api.operation import Nothing, Operation
from segue.api.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{name}"
_ANYBODY = (401, 403, 429, 503)
_WITH_BODY = (400, 408, 413)
_KEYS = "The key's scope is `{scope}`."
_JSON = "application/json"
_PART = re.compile(r"\{(\w+)\}")
_DESCRIPTION = """\
Signals in, decisions and receipts out, and the gate that other tools ask before they send.

Every error is a problem (RFC 9457) with a stable `code`. Lists have a `next_cursor`; null is the last page.
Live decisions come as server-sent events at `/v1/decisions/stream`, which this document cannot describe.
"""

Operations = Sequence[Operation[Any, Any]]
Json = dict[str, Any]


def document(operations: Operations, base_url: str) -> Json:
    """The document.

    Args:
        operations: All of them.
        base_url: Where the API is reached.
    """
    types = _types(operations)
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    known = dict(zip(map(_name_of, types), schemas, strict=True))
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, known, components
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Segue", "version": version("segue"), "description": _DESCRIPTION},
        "servers": [{"url": base_url or "/"}],
        "security": [{"bearer": []}, {"basic": []}],
        "paths": paths,
        "components": {
            "schemas": {name: part for name, part in components.items() if not name.endswith("Query")},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
                "basic": {"type": "http", "scheme": "basic", "description": "An API key as user name."},
            },
        },
    }


def _types(operations: Operations) -> list[Any]:
    found: dict[str, Any] = {_name_of(Problem): Problem}
    for operation in operations:
        foreign = operation.media.values() if operation.foreign else ()
        wanted = (operation.answers, operation.query, operation.documented or operation.takes, *foreign)
        found.update({_name_of(item): item for item in wanted if item is not None})
    return list(found.values())


def _name_of(type_: object) -> str:
    return str(type_)


def _operation(
    operation: Operation[Any, Any], known: Mapping[str, Json], components: Mapping[str, Json]
) -> Json:
    answer = {"description": "Done.", "content": {_JSON: {"schema": known[_name_of(operation.answers)]}}}
    made: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": _KEYS.format(scope=operation.scope),
        "tags": [operation.path.split("/")[2] if operation.path.startswith("/v1/") else "posthog"],
        "parameters": [
            *_path_parameters(operation),
            *_query_parameters(known[_name_of(operation.query)], components),
            *_header_parameters(operation),
        ],
        "responses": {"200": answer, **{str(status): _problem(status) for status in _fails(operation)}},
    }
    if operation.takes is not None:
        schema = known[_name_of(operation.documented or operation.takes)]
        made["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    elif operation.foreign:
        shapes = {
            media: {} if type_ is None else known[_name_of(type_)] for media, type_ in operation.media.items()
        }
        content: Json = {media: {"schema": schema} for media, schema in shapes.items()}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _fails(operation: Operation[Any, Any]) -> list[int]:
    own = set(operation.fails) | set(_ANYBODY)
    if operation.takes is not None or operation.foreign:
        own |= set(_WITH_BODY)
    if operation.takes is not None or operation.query is not Nothing:
        own.add(422)
    if operation.is_idempotent_by_key:
        own |= {409, 422}
    return sorted(own | {422})


def _problem(status: int) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    made: Json = {"description": HTTPStatus(status).phrase, "content": content}
    if status in {429, 503}:
        schema = {"type": "string", "pattern": "^[0-9]+$"}
        made["headers"] = {"retry-after": {"description": "Seconds.", "schema": schema}}
    return made


def _path_parameters(operation: Operation[Any, Any]) -> Iterable[Json]:
    for name in _PART.findall(operation.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": operation.parts[name],
            "schema": {"type": "string", "minLength": 1},
        }


def _query_parameters(schema: Json, components: Mapping[str, Json]) -> Iterable[Json]:
    struct = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = set(struct.get("required", ()))
    for name, part in struct.get("properties", {}).items():
        yield {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": _description(part),
            "schema": _without_null(part),
        }


def _description(part: Json) -> str:
    choices = [part, *part.get("anyOf", ())]
    return next((item["description"] for item in choices if "description" in item), "")


def _without_null(part: Json) -> Json:
    """A query parameter is left out rather than null."""
    kept = [item for item in part.get("anyOf", ()) if item.get("type") != "null"]
    found = kept[0] if len(kept) == 1 else part
    return {name: value for name, value in found.items() if name not in {"default", "description"}}


def _header_parameters(operation: Operation[Any, Any]) -> Iterable[Json]:
    if operation.is_idempotent_by_key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same request under the same key is done once and told again for 24 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": KEY_PATTERN},
        }
