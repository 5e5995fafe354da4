from collections.abc import Iterator

import pytest

from crm_store.access import Scope
from crm_store.store import Store
from tests.crm_store.reports.company import random_company
from tests.crm_store.reports.company_more import more_rows
from tests.databases import fresh_postgres, opened


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A company of random rows, the same for every test of a module, on both databases."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path_factory.mktemp('reports') / 'test.db'}", migrate=True) as store:
            fill(store)
            yield store
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    with fresh_postgres(server, template) as url, opened(url, migrate=False) as store:
        fill(store)
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def record(request: pytest.FixtureRequest) -> Store:
    """An empty record on both databases, for rows made by hand."""
    made: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return made


def fill(store: Store) -> None:
    with store.write(Scope.system("test rows")) as session:
        company = random_company(seed=1)
        for row in (*company, *more_rows(seed=1, company=company)):
            session.add(row)
            session.flush()
