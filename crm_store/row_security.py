"""Telling PostgreSQL whom a transaction works for, and whether its row-level security holds for the role in use.

The settings are local to a transaction, so that a pooled connection carries none into the next one. An empty or missing
setting shows nothing; ``*`` stands for all. The policies that read them are made by the second migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import column, func, select, table
from sqlalchemy.engine import Connection

ALL = "*"
REFUSED = "42501"
"""The SQLSTATE of a write that no policy lets through."""
_CATALOGUE = table("pg_class", column("relname"), column("relforcerowsecurity"), column("relnamespace"))
_ROLES = table("pg_roles", column("rolname"), column("rolsuper"), column("rolbypassrls"))
_WORDS = table("chunk_search", column("chunk_id"), column("body"))
_NAMESPACES = table("pg_namespace", column("oid"), column("nspname"))


@dataclass(frozen=True)
class RowSecurity:
    """``escapes`` says why the role is not held by it ("a superuser"), empty when it is; ``open`` are guarded tables
    on which it is not forced."""

    role: str
    escapes: str
    open: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.escapes and not self.open


def tell(
    connection: Connection, owners: Iterable[str] | None, within: Iterable[str] | None, made: Iterable[str] = ()
) -> None:
    """Say whose records, and within which accounts, the rest of this transaction may see; None is every one.
    ``made`` are accounts it made itself, which have no team yet. Does nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    given = {"rapport.owners": owners, "rapport.within": within, "rapport.made": made}
    values = [(name, ALL if ids is None else ",".join(sorted(ids))) for name, ids in given.items()]
    connection.execute(select(*(func.set_config(name, value, True) for name, value in values)))


def best(connection: Connection, words: str, fetch: int) -> list[tuple[str, float]]:
    """Ids and scores of the best full-text lines that match ``words``, a web search, and that this transaction may see:
    the policy of their table shows what matches the search that is set, and nothing else."""
    connection.execute(select(func.set_config("rapport.search", words, True)))
    score = func.ts_rank(_WORDS.c.body, func.rapport_search(), 1).label("score")
    found = connection.execute(select(_WORDS.c.chunk_id, score).order_by(score.desc()).limit(fetch)).all()
    connection.execute(select(func.set_config("rapport.search", "", True)))
    return [(str(row.chunk_id), float(row.score)) for row in found]


def examine(connection: Connection, guarded: Iterable[str]) -> RowSecurity:
    """Whether the role that is connected is held by the policies of these tables."""
    role = select(_ROLES).where(_ROLES.c.rolname == func.current_user())
    row = connection.execute(role).one()
    escapes = "a superuser" if row.rolsuper else "allowed to bypass row-level security" if row.rolbypassrls else ""
    here = _NAMESPACES.c.nspname == func.current_schema()
    forced = (
        select(_CATALOGUE.c.relname)
        .join(_NAMESPACES, _NAMESPACES.c.oid == _CATALOGUE.c.relnamespace)
        .where(_CATALOGUE.c.relforcerowsecurity, here)
    )
    found = {str(name) for name in connection.scalars(forced)}
    return RowSecurity(str(row.rolname), escapes, tuple(sorted(set(guarded) - found)))
