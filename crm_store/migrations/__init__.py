"""Schema versions, run by Alembic from inside the package so that the project needs no file at its root."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, func, select

from crm_store import row_security

_LOCK = 7_265_707  # any number that nobody else takes on the same server


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema in one transaction."""
    config = _config()
    with engine.execution_options(rapport_writes=True).connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":  # two processes that start at once take turns, as on SQLite
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        row_security.tell(connection, None, None)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def known(version: str) -> bool:
    """Whether this code has that schema version among its own."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(version) is not None
    except CommandError:
        return False


def versions(engine: Engine) -> tuple[str | None, str | None]:
    """The schema version that the database has, and the one this code needs."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config()).get_current_head()
