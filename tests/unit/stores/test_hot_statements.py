"""What every step reads is found by keys alone: nothing is filled or sorted in memory on the way."""

import re
from collections.abc import Iterator

import apsw
import pytest

from segue.stores import context, reads_lane, reads_people, schema, suppressed
from segue.stores.db import Db
from segue.stores.fold import facts, memory
from segue.stores.statements import EachStatement, RowsText, Statement

FILLS = {"OpenEphemeral", "SorterOpen", "OpenAutoindex"}
MODULES = (context, reads_lane, reads_people, suppressed, facts, memory)


def hot() -> Iterator[tuple[str, str]]:
    """Names and texts of the statements, those over lists for three values."""
    for module in MODULES:
        for name, statement in vars(module).items():
            if isinstance(statement, EachStatement | RowsText):
                yield f"{module.__name__}.{name}", statement.sql(3)
            elif isinstance(statement, Statement):
                yield f"{module.__name__}.{name}", statement.sql


@pytest.fixture(scope="module")
def database() -> Iterator[apsw.Connection]:
    made = apsw.Connection(":memory:")
    for ddl in (*schema.create(schema.LOG), *(*schema.kept_ddl(), *schema.projection_ddl())):
        made.execute(ddl)
    yield made
    made.close()


@pytest.mark.parametrize("sql", [pytest.param(sql, id=name) for name, sql in hot()])
def test_a_hot_statement_fills_and_sorts_nothing(database: apsw.Connection, sql: str) -> None:
    numbers = [int(number) for number in re.findall(r"[?](\d+)", sql)]
    values = [None] * (max(numbers) if numbers else sql.count("?"))

    program = database.execute(f"EXPLAIN {sql}", values).fetchall()

    assert FILLS.isdisjoint(str(row[1]) for row in program)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20])
def test_rows_come_in_the_order_of_the_list_however_long_it_is(count: int) -> None:
    db = Db(None)
    db.run_text("CREATE TABLE profiles (profile_id, person_id, account_id)")
    db.run_many("INSERT INTO profiles VALUES (?, ?, '')", [(f"p{n}", f"q{n}") for n in range(20)])
    names = [f"q{n}" for n in reversed(range(count))]

    rows = db.each(suppressed._PROFILES, names)  # noqa: SLF001 - a statement over a list

    assert [row[0] for row in rows] == names
    db.close()
