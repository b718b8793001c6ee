"""Ways out: every host that a home sends data to, and what class of data, as its settings say."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from segue.bootstrap.connecting import read_connectors
from segue.bootstrap.home import Home
from segue.connectors.email import ways_out
from segue.core.ports import Outbound

_EXPORTER, _NONE = "OTEL_TRACES_EXPORTER", ("", "none", "console")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_COLLECTOR = "localhost:4317"
"""Where OpenTelemetry sends traces unless it is told where to."""


def outbound_of(home: Home, environment: Mapping[str, str]) -> list[Outbound]:
    """Every way out of a home; empty where all of it is the sandbox company's.

    Args:
        home: The home.
        environment: Variables of the process that serves it: they set where traces go.

    Raises:
        PlaybookErrors: `connectors.yaml` is wrong.
    """
    file = read_connectors(home)
    # One line for each section of the file.
    found = list(ways_out(file.email)) if file.email is not None else []
    return [*found, *_traces(environment)]


def _traces(environment: Mapping[str, str]) -> Iterator[Outbound]:
    """A span names the stages of a signal's way and its decision by ids, and holds no word of anybody."""
    endpoint = next((found for name in _ENDPOINTS if (found := environment.get(name, "").strip())), "")
    exporters = {name.strip() for name in environment.get(_EXPORTER, "").split(",")} - set(_NONE)
    if exporters or (endpoint and _EXPORTER not in environment):
        host = urlsplit(endpoint if "://" in endpoint else f"//{endpoint}").netloc.rpartition("@")[2]
        yield Outbound("traces", host or _COLLECTOR, ("ids of signals and decisions", "times"))
