"""One tiny typed expression language for audiences, states, preconditions, identity rules and policies.

See `docs/expressions.md` for the language. Text is lexed, read by Python's parser, checked against the
declared facts, and compiled; no text of an author is ever evaluated as code.
"""

from segue.core.expr.checking import Convert
from segue.core.expr.compiled import Compiled, matches_permitting, matches_restricting, parse_expr
from segue.core.expr.compiling import Lookup
from segue.core.expr.errors import ExprError
from segue.core.expr.nodes import Node
from segue.core.expr.schema import FactDecl, FactSchema, Type, Value, World

__all__ = [
    "Compiled",
    "Convert",
    "ExprError",
    "FactDecl",
    "FactSchema",
    "Lookup",
    "Node",
    "Type",
    "Value",
    "World",
    "matches_permitting",
    "matches_restricting",
    "parse_expr",
]
