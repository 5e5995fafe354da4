"""Who may see what, enforced where no caller can forget it.

A session carries exactly one immutable :class:`Scope`. Every select, join, alias, relationship load, bulk update and
bulk delete that goes through it is filtered by that scope. The doors that SQLAlchemy's ``with_loader_criteria`` leaves
open are closed here instead of trusted: textual SQL in any clause, Core tables, full joins, ``from_statement``, inserts and
bulk writes by key, bulk updates that move rows between accounts or people, raw connections, and objects carried over from
another session all raise. What cannot be closed at run time (taking the engine from a session) is banned by a lint rule in
the tests.

The rule itself is short. An account is seen by its team (:class:`~crm_store.models.AccountMember`); a row that
belongs to an account is seen by whoever sees the account; a row without an account is seen by its owner; a
proposal, a suggestion or a conversation is seen by the person it belongs to. "By a person" always includes those whose
scope covers that person: a manager covers the teams below, an administrator everyone. Jobs, received events and imports
belong to the service and are read by system scopes only.

On PostgreSQL every transaction also tells the database its scope, and row-level security (the second migration) applies
the same rule to whatever SQL is sent; SQLite has the session alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, event, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.session import ORMExecuteState
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.sql.dml import UpdateBase

from crm_store import masking, row_security
from crm_store.base import ByAccount, ByPerson
from crm_store.errors import NoScope, NotVisible, ReadOnly
from crm_store.hints import FEW_ROWS, unindexed
from crm_store.models import Account, AccountMember
from crm_store.scope import Scope
from crm_store.statements import (
    BY_KEY,
    FILTERED_NAMES,
    GUARDED_TABLES,
    OF_THE_SERVICE,
    Examined,
    refuse_unfiltered_write,
)

_MEMBER = AccountMember.__table__.alias("seen")


@lru_cache(maxsize=256)
def _criteria(scope: Scope, *, by_key: bool) -> tuple[ExecutableOption, ...]:
    """The filters of a scope, kept because making them takes as long as making a statement. They are lambdas because a plain
    expression is not adapted to the alias of a joined entity, which would leave that alias unfiltered; what they close over
    are values and statements, which SQLAlchemy binds anew for every scope. ``by_key`` looks the account of each row up
    instead of listing all that the scope sees: whoever writes, or reads :data:`~crm_store.hints.FEW_ROWS`, asks for a few
    rows at a time, and a list of the thousands of accounts of a manager takes longer than that."""
    seen = select(_MEMBER.c.account_id).correlate_except(_MEMBER)
    if scope.owner_ids is not None:
        seen = seen.where(_MEMBER.c.person_id.in_(sorted(scope.owner_ids)))
    if scope.within is not None:
        seen = seen.where(_MEMBER.c.account_id.in_(sorted(scope.within)))
    owners = sorted(scope.owner_ids or ())

    def criterion(entity: Any, rule: Callable[[Any], ColumnElement[bool]]) -> ExecutableOption:
        return with_loader_criteria(entity, rule, include_aliases=True, propagate_to_loaders=True)

    found = [criterion(model, lambda cls: cls.id.in_(())) for model in OF_THE_SERVICE]
    if scope.owner_ids is not None:
        found.append(criterion(ByPerson, lambda cls: cls.person_id.in_(owners)))
    if by_key:
        found += [
            criterion(Account, lambda cls: seen.where(_MEMBER.c.account_id == cls.id).exists()),
            criterion(AccountMember, lambda cls: seen.where(_MEMBER.c.account_id == cls.account_id).exists()),
            criterion(ByAccount, lambda cls: seen.where(_MEMBER.c.account_id == cls.account_id).exists())
            if scope.within is not None
            else criterion(
                ByAccount,
                lambda cls: or_(
                    seen.where(_MEMBER.c.account_id == cls.account_id).exists(),
                    and_(cls.account_id.is_(None), cls.owner_id.in_(owners)),
                ),
            ),
        ]
        return tuple(found)
    return (
        *found,
        criterion(Account, lambda cls: cls.id.in_(seen)),
        criterion(AccountMember, lambda cls: cls.account_id.in_(seen)),
        criterion(ByAccount, lambda cls: unindexed(cls.account_id).in_(seen))
        if scope.within is not None
        else criterion(
            ByAccount,
            lambda cls: or_(
                unindexed(cls.account_id).in_(seen), and_(cls.account_id.is_(None), cls.owner_id.in_(owners))
            ),
        ),
    )


class ScopedSession(Session):
    """A session that refuses to work without a scope, or around it."""

    def __init__(self, bind: Engine, scope: Scope | None, *, writes: bool, examined: Examined) -> None:
        super().__init__(bind=bind, expire_on_commit=False, autoflush=True)
        if scope is None:
            raise NoScope("This session has no scope; open it with store.read(scope) or store.write(scope).")
        self._scope = scope
        self._writes = writes
        self._examined = examined
        self._unguarded = False
        self._made: set[str] = set()  # accounts of this session, which have no team yet
        self._left: set[str] = set()  # accounts that it took somebody off, and may be about to delete
        self._held = False  # whether the database itself holds this transaction to its scope

    @property
    def scope(self) -> Scope:
        return self._scope

    @property
    def writes(self) -> bool:
        return self._writes

    def get(self, entity: Any, ident: Any, **kwargs: Any) -> Any:
        """Like ``Session.get``, always by a filtered select; the identity map is no way around the scope."""
        if kwargs:
            raise NoScope("get() takes no options here; write a select.")
        return self.scalars(select(entity).where(entity.id == ident)).one_or_none()

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        if not (self._scope.unbounded or self._unguarded):
            raise NoScope("A scoped session does not hand out its connection; ask through the ORM instead.")
        return super().connection(*args, **kwargs)

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_save_objects(*args, **kwargs)

    def bulk_insert_mappings(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_insert_mappings(*args, **kwargs)

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_update_mappings(*args, **kwargs)

    def _refuse_bulk(self) -> None:
        _check_writes(self)
        if not self._scope.unbounded:
            raise NoScope(BY_KEY)

    @contextmanager
    def raw(self, reason: str) -> Iterator[None]:
        """Let statements pass unfiltered, by the session and by the database, that no mapped class can say or that
        write what the person who causes it may not see. Only ``crm_store`` may use it, which a lint rule checks."""
        if not reason:
            raise NoScope("Say why this statement goes around the scope.")
        before, self._unguarded = self._unguarded, True
        self._tell()
        try:
            yield
        finally:
            if self.is_active and self._unguarded is not before:
                self.flush()  # what was added here is written here
            self._unguarded = before
            if self.is_active:
                self._tell()

    def _filters(self, *, few_rows: bool) -> tuple[ExecutableOption, ...]:
        """What every statement is filtered by; nothing where the database does that, for this very transaction."""
        if self._scope.everything:
            return ()
        if not self._writes and self.get_bind().dialect.name == "postgresql":
            super().connection()  # begins the transaction, which asks
            if self._held:
                return ()
        return _criteria(self._scope, by_key=few_rows or self._writes)

    def full_text(self, words: str, fetch: int) -> list[tuple[str, float]]:
        """Ids and scores of PostgreSQL's best lines for a web search; the database itself filters them by the scope."""
        return row_security.best(super().connection(), words, fetch)

    def _tell(self) -> None:
        """Say the scope to the database, whose own policies stand behind the session's filters."""
        if self._unguarded:
            row_security.tell(super().connection(), None, None)
        else:
            made = self._made | self._left
            row_security.tell(
                super().connection(), self._scope.owner_ids, self._scope.within, made, by_key=self._writes
            )


@event.listens_for(ScopedSession, "after_begin")
def _tell_whose(session: ScopedSession, transaction: SessionTransaction, connection: Connection) -> None:
    scope = session.scope
    if scope.hidden:
        masking.check(connection)
    if session._unguarded:
        row_security.tell(connection, None, None)
    else:
        alone = () if session.writes or scope.everything else FILTERED_NAMES
        session._held = row_security.tell(
            connection, scope.owner_ids, scope.within, session._made, by_key=session.writes, of=alone
        )


@event.listens_for(ScopedSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ScopedSession)
    statement = state.statement
    if state.is_insert or state.is_update or state.is_delete:
        _check_writes(session)
    if session.scope.unbounded or session._unguarded:
        return
    if state.is_select:  # reads go through the views that hide fields, writes to the tables
        state.update_execution_options(schema_translate_map=None)
    if state.is_column_load:  # a refresh of a row this session has read through its scope
        return
    # relationship loads are written by SQLAlchemy itself, with bare key columns
    unnamed = [] if state.is_relationship_load else session._examined.unnamed(statement)
    if isinstance(statement, UpdateBase):
        refuse_unfiltered_write(state, statement)
    if state.is_select or state.is_update or state.is_delete:
        if not state.is_select:  # the select that would match rows in memory is SQLAlchemy's own and names bare tables
            state.update_execution_options(synchronize_session=False)
        filters = session._filters(few_rows=FEW_ROWS.items() <= state.execution_options.items())
        if filters:
            if isinstance(statement, Select):
                statement = statement.select_from(*unnamed)
            state.statement = statement.options(*filters)


def _check_writes(session: ScopedSession) -> None:
    if not session.writes:
        raise ReadOnly("This session only reads; write through a proposal.")


@event.listens_for(ScopedSession, "before_flush")
def _guard_writes(session: ScopedSession, context: UOWTransaction, instances: Any) -> None:
    _check_writes(session)
    if session.scope.hidden and not session._unguarded:
        masking.guard(session, Session.connection(session), session.scope.hidden)
    if session.scope.everything:
        return
    made = {row.id for row in session.new if isinstance(row, Account)} - session._made
    if made:
        session._made |= made
        session._tell()
    owners = session.scope.owner_ids
    accounts: set[str] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        match row:
            case ByPerson() if owners is not None and row.person_id not in owners:
                raise NotVisible(_NOT_YOURS)
            case ByAccount(account_id=None) if owners is not None and row.owner_id not in (None, *owners):
                raise NotVisible(_NOT_YOURS)
            case ByAccount(account_id=str() as account_id) | AccountMember(account_id=str() as account_id):
                accounts.add(account_id)
    accounts -= session._made
    if accounts and not session._unguarded:
        with session.no_autoflush:
            seen = set(session.scalars(select(Account.id).where(Account.id.in_(accounts))))
        if accounts - seen:
            raise NotVisible("I can't find an account of that kind that you can see.")
    left = {row.account_id for row in session.deleted if isinstance(row, AccountMember)} - session._left
    if left:
        session._left |= left
        session._tell()


_NOT_YOURS = "That record belongs to someone whose records you cannot see."


@event.listens_for(ScopedSession, "detached_to_persistent")
def _refuse_strangers(session: ScopedSession, row: Any) -> None:
    if not session.scope.unbounded:
        raise NoScope("An object of another session cannot be carried into this one; read it again here.")


def scope_of(session: Session) -> Scope:
    """The scope of a session opened by the store; any other session has none and is refused."""
    if not isinstance(session, ScopedSession):
        raise NoScope("This session has no scope; open it with store.read(scope) or store.write(scope).")
    return session.scope


def scoped(session: Session) -> ScopedSession:
    """The session as what it is, where a signature promises less; one without a scope is refused."""
    scope_of(session)
    assert isinstance(session, ScopedSession)
    return session


__all__ = ["GUARDED_TABLES", "Scope", "ScopedSession", "scope_of", "scoped"]
