"""The one error an author sees: what is wrong with an expression, and exactly where."""

from segue.core.errors import PlaybookError


class ExprError(PlaybookError):
    """An expression cannot be read or does not fit the declared facts; its author corrects it.

    `line` counts within the file and `column` from 1, both at the offending word.
    """

    code = "expression"
