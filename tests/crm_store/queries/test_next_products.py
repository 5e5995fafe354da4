"""What an account may buy next: counted over the customers that the asker sees, each once, from lines that are read by account."""

import pytest

from crm_store.access import Scope
from crm_store.queries.next_products import next_products
from crm_store.store import Store
from tests import builders
from tests.builders import TODAY

SYSTEM = Scope.system("test")
BOUGHT = {
    "Pinewood": "AAB",
    "Quarry": "ACC",
    "Rowan": "BCD",
    "Sorrel": "ADC",
    "Tansy": "EC",
    "Umber": "D",
}  # by products; Umber and Tansy have nothing that Pinewood has
STRANGERS = {"Vetch": "AE", "Willow": "AE", "Yarrow": "BE"}


@pytest.fixture
def company(store: Store) -> dict[str, str]:
    """The ids of the rep and of Pinewood, which every test asks about."""
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        products = {name: builders.product(session, name) for name in "ABCDE"}
        ids = {"ada": ada.id}
        for owner, bought in ((ada, BOUGHT), (ben, STRANGERS)):
            for name, letters in bought.items():
                account = builders.account(session, name, owner)
                ids[name] = account.id
                for letter in letters:
                    builders.order(session, account, products[letter], 100, TODAY)
    return ids


def _found(store: Store, company: dict[str, str], scope: Scope) -> list[tuple[str, int, int]]:
    with store.read(scope) as session:
        return [(one.name, one.owners, one.peers) for one in next_products(session, company["Pinewood"])]


def test_each_customer_with_a_product_in_common_counts_once(store: Store, company: dict[str, str]) -> None:
    assert _found(store, company, Scope(company["ada"], frozenset({company["ada"]}))) == [("C", 3, 3), ("D", 2, 3)]


def test_whoever_sees_every_account_counts_every_customer(store: Store, company: dict[str, str]) -> None:
    assert _found(store, company, SYSTEM) == [("C", 3, 6), ("E", 3, 6), ("D", 2, 6)]
