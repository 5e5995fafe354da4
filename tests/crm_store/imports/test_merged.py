"""Rows that were merged here stay merged, whatever number a file calls them by."""

from pathlib import Path

from sqlalchemy import func, select

from crm_store.access import Scope
from crm_store.models import Account, Contact, Merged
from crm_store.store import Store
from tests.crm_store.imports.folder import NOW, bring_in, of, write

SYSTEM = Scope.system("test")
ACCOUNTS = "id,name,phone\nA1,Oakmere Foods,1\n"


def merge(store: Store) -> None:
    """A1 is kept, and what was A2 is found as it, as a merge through the write path leaves it."""
    with store.write(SYSTEM) as session:
        kept = session.scalars(select(Account.id).where(Account.external_id == "A1")).one()
        session.add(
            Merged(
                entity="account", lost_id="0" * 36, kept_id=kept, external_source="csv", external_id="A2", at=NOW, account_id=kept
            )
        )  # fmt: skip


def phone(store: Store) -> str | None:
    with store.read(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1
        return session.scalars(select(Account.phone)).one()


def test_a_number_that_was_merged_away_updates_the_row_that_was_kept(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "in", {"accounts.csv": ACCOUNTS}))
    merge(store)
    files = {
        "accounts.csv": "id,name,phone\nA2,Oakmere Foods,2\n",
        "contacts.csv": "id,name,account\nC1,Nina Holt,A2\n",
    }
    report = bring_in(store, write(tmp_path / "in", files))
    assert (of(report, "accounts.csv").updated, of(report, "accounts.csv").created) == (1, 0)
    assert phone(store) == "2"
    with store.read(SYSTEM) as session:
        assert session.scalars(select(Contact.account_id)).one() is not None


def test_where_both_numbers_are_in_a_file_the_kept_rows_own_counts(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", {"accounts.csv": ACCOUNTS}))
    merge(sqlite_store)
    both = write(tmp_path / "in", {"accounts.csv": ACCOUNTS + "A2,Oakmere Foods,2\n"})
    report = bring_in(sqlite_store, both)
    assert (of(report, "accounts.csv").unchanged, of(report, "accounts.csv").skipped) == (1, 1)
    assert any("merged into A1" in each.why for each in report.decisions)
    assert phone(sqlite_store) == "1"
