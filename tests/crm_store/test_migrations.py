"""The schema that the migrations make is the one the mapped classes describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from crm_store import migrations
from crm_store.access import Scope
from crm_store.base import Base
from crm_store.store import Store


def test_the_migrated_schema_is_the_mapped_one(store: Store) -> None:
    def known(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
        return not (name or "").startswith(("chunk_fts", "chunk_search", "ix_chunk_search", "alembic"))

    with store.read(Scope.system("test")) as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"include_object": known, "compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    store.check_schema()


def test_there_is_one_newest_version(sqlite_store: Store) -> None:
    with sqlite_store.read(Scope.system("test")) as session:
        current, wanted = migrations.versions(session.connection().engine)
    assert current == wanted is not None
