"""What a planner is told where it would guess wrong, and what a statement says of itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

FEW_ROWS: Mapping[str, bool] = {"rapport_few_rows": True}
"""Execution options of a statement that reads some dozens of rows: the scope then looks the account of each up, where it
would otherwise list every account that it sees (see :func:`crm_store.access._criteria`)."""


class unindexed(FunctionElement[str]):
    """A key column whose index must not be chosen for this condition.

    SQLite takes a list from a select for 25 values, and so walks to the rows of thousands of accounts one by one when an
    index of what was asked for would give the few rows at once; a unary plus keeps it from that. PostgreSQL knows how long
    the list is and is told nothing. See "Disqualifying WHERE clause terms using unary +" in SQLite's query planner notes.
    """

    type = String()
    inherit_cache = True
    name = "unindexed"


@compiles(unindexed)
def _plain(element: unindexed, compiler: SQLCompiler, **kwargs: Any) -> str:
    return compiler.process(element.clauses, **kwargs)


@compiles(unindexed, "sqlite")
def _unary_plus(element: unindexed, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"+{compiler.process(element.clauses, **kwargs)}"
