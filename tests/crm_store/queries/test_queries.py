"""Typed reads: what they count, in which order, and that strangers' rows are neither returned nor counted."""

from datetime import timedelta

import pytest

from crm_store.access import Scope
from crm_store.errors import NotVisible
from crm_store.models import Person
from crm_store.queries import accounts, cases, contacts, deals, interactions, people, purchases, tasks
from crm_store.queries.deals import DealFilter
from crm_store.queries.interactions import InteractionFilter
from crm_store.queries.tasks import TaskFilter
from crm_store.store import Store
from tests import builders
from tests.builders import NOW, TODAY
from tests.databases import asked

SYSTEM = Scope.system("test")


def _scope(person: Person) -> Scope:
    return Scope(person.id, frozenset({person.id}))


def test_deals_are_counted_and_summed_beyond_the_limit(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        mine, strange = builders.account(session, "Pinewood", ada), builders.account(session, "Quarry", ben)
        stages = builders.pipeline(session)
        for number in range(4):
            builders.deal(session, f"Deal {number}", mine, stages["Proposal"], amount_minor=100 * (number + 1))
        builders.deal(session, "Export", mine, stages["Proposal"], amount_minor=50, currency="GBP")
        builders.deal(session, "No amount yet", mine, stages["Proposal"], amount_minor=None, currency=None)
        hidden = builders.deal(session, "Hidden", strange, stages["Proposal"], amount_minor=9_999)
    with store.read(_scope(ada)) as session:
        page = deals.deals(session, DealFilter(status="open"), now=NOW, order="amount", limit=2)
        assert [row.amount_minor for row in page.rows] == [400, 300]
        assert (page.total, page.more) == (6, 4)
        assert dict(page.sums) == {"EUR": 1000, "GBP": 50}
        with pytest.raises(NotVisible):
            deals.deal(session, hidden.id, now=NOW)
        assert deals.history(session, hidden.id) == ()


def test_a_push_is_a_close_date_that_moved_later(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        deal = builders.deal(session, "Deal", builders.account(session, "Pinewood", ada), builders.pipeline(session)["Proposal"])
        builders.history(session, deal, "close_date", None, "2026-09-01")
        builders.history(session, deal, "close_date", "2026-09-01", "2026-10-01")
        builders.history(session, deal, "close_date", "2026-10-01", "2026-09-15")
        builders.history(session, deal, "close_date", "2026-09-15", "2026-12-15")
        builders.history(session, deal, "amount_minor", "1", "2")
    with store.read(_scope(ada)) as session:
        assert deals.deal(session, deal.id, now=NOW).pushes == 2
        assert len(deals.history(session, deal.id)) == 4


def test_an_interaction_on_another_deal_does_not_touch_this_one(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        account = builders.account(session, "Pinewood", ada)
        stage = builders.pipeline(session)["Proposal"]
        old = {"created_at": NOW - timedelta(days=99)}
        first = builders.deal(session, "First", account, stage, **old)
        second = builders.deal(session, "Second", account, stage, **old)
        builders.interaction(session, account, "On the second.", at=NOW - timedelta(days=2), deal_id=second.id)
        builders.interaction(session, account, "On the account.", at=NOW - timedelta(days=50))
        builders.interaction(session, account, "Among us.", at=NOW, direction="internal", deal_id=first.id)
        builders.interaction(session, account, "Planned.", at=NOW + timedelta(days=1), deal_id=first.id)
    with store.read(_scope(ada)) as session:
        quiet = deals.deals(session, DealFilter(untouched_since=NOW - timedelta(days=30)), now=NOW)
        assert [row.name for row in quiet.rows] == ["First"]
        assert quiet.rows[0].last_touch == NOW - timedelta(days=50)


def test_interactions_come_newest_first_with_everyone_who_took_part(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        mine, strange = builders.account(session, "Pinewood", ada), builders.account(session, "Quarry", ben)
        rosa = builders.contact(session, "Rosa Blume", mine)
        builders.interaction(session, mine, "Older.", at=NOW - timedelta(days=2))
        builders.interaction(session, mine, "Newer.", rosa, at=NOW - timedelta(days=1), channel="email")
        builders.interaction(session, strange, "Strange.")
    with store.read(_scope(ada)) as session:
        page = interactions.interactions(session, InteractionFilter(), limit=1)
        assert (page.rows[0].body, page.total) == ("Newer.", 2)
        assert (page.rows[0].theirs, page.rows[0].ours) == (("Rosa Blume",), ("Ada Winter",))
        assert interactions.count(session, InteractionFilter(contact_id=rosa.id)) == 1
        assert interactions.count(session, InteractionFilter(channel="email")) == 1
        assert interactions.count(session, InteractionFilter(account_id=strange.id)) == 0
        assert interactions.count(session, InteractionFilter(until=NOW - timedelta(days=2))) == 1


def test_tasks_are_open_first_then_by_date_and_undated_last(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        builders.task(session, "Undated", None, ada)
        builders.task(session, "Done", None, ada, due=TODAY - timedelta(days=9), status="done")
        builders.task(session, "Late", None, ada, due=TODAY - timedelta(days=2))
        builders.task(session, "Soon", None, ada, due=TODAY + timedelta(days=2))
    with store.read(_scope(ada)) as session:
        rows = tasks.tasks(session, TaskFilter()).rows
        assert [row.title for row in rows] == ["Late", "Soon", "Undated", "Done"]
        assert [row.overdue_days(TODAY) for row in rows] == [2, 0, 0, 0]


def test_accounts_and_their_silence(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        talked, silent = builders.account(session, "Pinewood", ada), builders.account(session, "Larchmont", ada)
        builders.account(session, "Quarry", ben)
        builders.interaction(session, talked, "Talked.", at=NOW - timedelta(days=40))
        builders.deal(session, "Deal", silent, builders.pipeline(session)["Proposal"])
    with store.read(_scope(ada)) as session:
        page = accounts.accounts(session, now=NOW, limit=9, untouched_since=NOW - timedelta(days=30))
        assert [(row.name, row.open_deals) for row in page.rows] == [("Larchmont", 1), ("Pinewood", 0)]
        assert page.total == 2
        assert accounts.accounts(session, now=NOW, limit=9, kind="partner").total == 0


def test_roles_consents_and_who_left(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        account = builders.account(session, "Pinewood", ada)
        rosa = builders.contact(session, "Rosa Blume", account)
        builders.contact(session, "Alf Gone", account, left_on=TODAY)
        stages = builders.pipeline(session)
        won = builders.deal(session, "Won deal", account, stages["Won"])
        still_open = builders.deal(session, "Open deal", account, stages["Proposal"])
        builders.deal_contact(session, won, rosa, "user")
        builders.deal_contact(session, still_open, rosa)
        builders.consent(session, rosa, "granted", at=NOW - timedelta(days=3))
        builders.consent(session, rosa, "withdrawn", at=NOW - timedelta(days=1))
    with store.read(_scope(ada)) as session:
        assert [one.name for one in contacts.contacts(session, now=NOW, account_id=account.id)] == ["Rosa Blume", "Alf Gone"]
        assert [one.role for one in contacts.roles(session, contact_id=rosa.id)] == ["champion", "user"]
        assert [one.status for one in contacts.consents(session, rosa.id, now=NOW)] == ["withdrawn"]
        assert [one.status for one in contacts.consents(session, rosa.id, now=NOW - timedelta(days=2))] == ["granted"]


def test_orders_subscriptions_and_cases_of_one_account(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        account, strange = builders.account(session, "Pinewood", ada), builders.account(session, "Quarry", ben)
        floor = builders.product(session, "Floor")
        builders.order(session, account, floor, 300, TODAY - timedelta(days=9), number="O-1")
        builders.order(session, account, floor, 200, TODAY, number="O-2", status="cancelled")
        builders.order(session, strange, floor, 900, TODAY, number="O-3")
        builders.subscription(session, account, floor, TODAY + timedelta(days=9))
        builders.case(session, account, "Old", number="C-1", status="closed")
        builders.case(session, account, "Low", number="C-2", priority="low")
        builders.case(session, account, "Urgent", number="C-3", priority="urgent")
        builders.case(session, strange, "Strange", number="C-4")
        builders.survey(session, account, 3)
    with store.read(_scope(ada)) as session:
        assert [one.number for one in purchases.orders(session, account.id)] == ["O-2", "O-1"]
        assert [(one.orders, one.amount_minor) for one in purchases.order_totals(session, account.id)] == [(1, 300)]
        assert purchases.order_totals(session, strange.id) == ()
        assert [one.product for one in purchases.subscriptions(session, account.id)] == ["Floor"]
        assert [one.subject for one in cases.cases(session).rows] == ["Urgent", "Low", "Old"]
        assert cases.cases(session, status="open").total == 2
        assert [one.score for one in cases.surveys(session, account.id)] == [3]


def test_a_team_includes_the_teams_below(store: Store) -> None:
    with store.write(SYSTEM) as session:
        top = builders.team(session, "Sales")
        north = builders.team(session, "North", top)
        ada = builders.person(session, "Ada Winter", team=north)
        builders.person(session, "Ben Sommer")
    with store.read(_scope(ada)) as session:
        assert people.team_members(session, top.id) == {ada.id}
        assert people.person(session, ada.id).team == "North"


def test_all_that_somebody_sees_is_counted_in_an_index_and_not_row_by_row(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        mine, strange = builders.account(session, "Pinewood", ada), builders.account(session, "Quarry", ben)
        builders.interaction(session, mine, "with an account")
        builders.interaction(session, strange, "of somebody else")
        for owner in (ada, ben):
            builders.interaction(session, mine, "with none yet", owner_id=owner.id).account_id = None
    lately, plans = InteractionFilter(until=NOW), []
    for scope, seen in ((SYSTEM, 4), (_scope(ada), 2)):
        with sqlite_store.read(scope) as session, asked(session) as statements:
            assert interactions.count(session, lately) == seen
        with sqlite_store.read(SYSTEM) as session:
            (statement, values), driver = statements[-1], session.connection().connection.driver_connection
            assert driver is not None
            plans.append(" ".join(str(row) for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)))
    assert "COVERING INDEX ix_interaction_at" in plans[0]
    assert "ix_interaction_account_at (account_id=? AND at<?)" in plans[1]
    assert "ix_interaction_at " not in plans[1]
