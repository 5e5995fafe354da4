import pytest

from crm_store.store import Store
from tests.crm_store.access.company import Company, company


@pytest.fixture
def both(store: Store) -> Company:
    return company(store)


@pytest.fixture
def on_postgres(postgres_store: Store) -> Company:
    return company(postgres_store)
