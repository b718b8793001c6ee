"""Versions of the log's schema, as Alembic operations; projections need none, they are rebuilt."""

from collections.abc import Callable, Sequence
from io import StringIO

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BLOB, Column, Integer, Text

Step = Callable[[Operations], None]


def _first(op: Operations) -> None:
    def number(name: str, *, key: bool = False) -> Column[int]:
        return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)

    def blob(name: str) -> Column[bytes]:
        return Column(name, BLOB, nullable=False)

    kind = Column("type", Text, nullable=False)
    rest = (number("version"), number("at"), number("key_id"))
    op.create_table("events", number("seq", key=True), kind, *rest, blob("payload"))
    place = (number("seq", key=True), number("part", key=True))
    op.create_table("event_parts", *place, number("key_id"), blob("payload"), sqlite_with_rowid=False)
    op.create_table("chain", number("first_seq", key=True), number("last_seq"), blob("digest"))
    name, value = Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
    op.create_table("meta", name, value, sqlite_with_rowid=False)


STEPS: tuple[Step, ...] = (_first,)
"""Step n leads from version n to n + 1; a fresh log is made at the newest version directly."""


def upgrade_sql(version: int, steps: Sequence[Step] = STEPS) -> list[str]:
    """SQL statements that lead from a version of the log to the newest."""
    buffer = StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer, "transactional_ddl": False}
    )
    operations = Operations(context)
    for step in steps[version:]:
        step(operations)
    return [statement for part in buffer.getvalue().split(";\n") if (statement := part.strip())]
