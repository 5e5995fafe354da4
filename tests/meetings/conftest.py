import pytest

from crm_store.store import Store
from tests.meetings.company import Company, company


@pytest.fixture
def firm(sqlite_store: Store) -> Company:
    return company(sqlite_store)
