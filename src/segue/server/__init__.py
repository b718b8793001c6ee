"""Server: one ASGI app, served on loopback."""

from segue.server.app import create_app
from segue.server.serving import serve, serve_tenants

__all__ = ["create_app", "serve", "serve_tenants"]
