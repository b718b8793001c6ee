"""Segue: journey orchestration."""
