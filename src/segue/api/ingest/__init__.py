"""Ingestion: pure adapters from what foreign clients send to signals."""
