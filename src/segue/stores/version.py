"""The newest version of the log's schema."""

LOG_VERSION = 1
