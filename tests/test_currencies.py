"""An amount means the same wherever it is read, shown, opened or edited."""

import pytest

from bot import wording
from bot.agent.embedded.reading.currencies import exponent
from crm_store.access import Scope
from crm_store.currencies import amount_text, decimals
from crm_store.sheets import read_sheet
from crm_store.store import Store
from tests import builders as make


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("PYG", 0), ("UGX", 0), ("KWD", 3), ("IQD", 3)])
def test_every_room_knows_the_same_minor_unit(currency: str, digits: int) -> None:
    assert decimals(currency) == exponent(currency) == wording.decimals(currency) == digits
    assert wording.money(84_000, currency) == amount_text(84_000, currency)


def test_a_source_shows_a_yen_amount_as_it_is(sqlite_store: Store) -> None:
    with sqlite_store.write(Scope.system("test")) as session:
        account = make.account(session, "Sakura", make.person(session, "Ida Ekman"))
        deal = make.deal(session, "Plant", account, make.pipeline(session)["Proposal"], amount_minor=84_000, currency="JPY")
        sheet = read_sheet(session, "deal", deal.id)
    assert sheet is not None
    assert dict(sheet.lines)["Amount"] == "JPY 84,000"
