"""Connectors: adapters behind the connector port, one package each."""
