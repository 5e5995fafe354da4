"""Telling PostgreSQL whom a transaction works for, and asking whether its row-level security holds for the role in use.

The settings are local to a transaction, so that a pooled connection carries none into the next one. An empty or missing
setting shows nothing; ``*`` stands for all. The policies that read them are made by the second migration and the sixth."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import column, func, select, table, text
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
    connection: Connection,
    owners: Iterable[str] | None,
    within: Iterable[str] | None,
    made: Iterable[str] = (),
    *,
    by_key: bool = False,
    of: Collection[str] = (),
) -> bool:
    """Say whose records, and within which accounts, the rest of this transaction may see; None is every one.
    ``made`` are accounts it made itself, which have no team yet. ``by_key`` has the policies look each row's account up
    instead of listing all that are seen, as suits a transaction that writes a few. Does nothing on SQLite.

    Returns whether the policies of all the tables ``of`` hold for the role of this transaction: false on SQLite, for a
    superuser or a role that bypasses them, and where one of them is not enabled and forced; false when none is named.
    """
    if connection.dialect.name != "postgresql":
        return False
    given = {"owners": owners, "within": within, "made": made}
    values = {name: ALL if ids is None else ",".join(sorted(ids)) for name, ids in given.items()}
    held = connection.execute(_TELL, {**values, "by_key": "on" if by_key else "", "of": list(of)}).scalar_one()
    return bool(of) and held == len(of)


_TELL = text("""
    SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            AND relname = ANY (CAST(:of AS name[])) AND row_security_active(oid)),
        set_config('rapport.owners', :owners, true), set_config('rapport.within', :within, true),
        set_config('rapport.made', :made, true), set_config('rapport.by_key', :by_key, true)
""")


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
