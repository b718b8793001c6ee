"""Versions of the log's schema, as Alembic operations; projections need none, they are rebuilt."""

from collections.abc import Callable
from io import StringIO

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from segue.stores import schema
from segue.stores.version import LOG_VERSION

Step = Callable[[Operations], None]


def _first(op: Operations) -> None:
    for table in (schema.events, schema.event_parts, schema.chain, schema.meta):
        op.create_table(table.name, *(column.copy() for column in table.columns), **table.dialect_kwargs)


STEPS: tuple[Step, ...] = (_first,)
"""Step n leads from version n to n + 1; a fresh log is made at the newest version directly."""


def upgrade_sql(version: int) -> list[str]:
    """SQL statements that lead from a version of the log to the newest."""
    buffer = StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer, "transactional_ddl": False}
    )
    operations = Operations(context)
    for step in STEPS[version:LOG_VERSION]:
        step(operations)
    return [statement for part in buffer.getvalue().split(";\n") if (statement := part.strip())]
