"""Whether a row may be seen: a stranger's may not, and one that became part of another is seen as that one."""

from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.models import Merged
from crm_store.queries.visible import is_visible
from crm_store.store import Store
from tests import builders
from tests.builders import NOW

SYSTEM = Scope.system("test")


def test_a_row_is_visible_to_whoever_sees_its_account_and_to_nobody_else(store: Store) -> None:
    with store.write(SYSTEM) as session:
        ada, ben = builders.person(session, "Ada Winter"), builders.person(session, "Ben Sommer")
        stage = builders.pipeline(session)["Proposal"]
        mine, strange = builders.account(session, "Pinewood", ada), builders.account(session, "Quarry", ben)
        rows = {
            (account.name, entity): row.id
            for account in (mine, strange)
            for entity, row in (
                ("account", account),
                ("contact", builders.contact(session, "Rosa Blume", account)),
                ("deal", builders.deal(session, "Renewal", account, stage)),
            )
        }
        gone, lost = new_id(), new_id()
        for id_, account in ((gone, mine), (lost, strange)):
            session.add(Merged(entity="account", lost_id=id_, kept_id=account.id, at=NOW, account_id=account.id, owner_id=account.owner_id))
    with store.read(Scope(ada.id, frozenset({ada.id}))) as session:
        seen = {key for key, id_ in rows.items() if is_visible(session, key[1], id_)}
        assert seen == {("Pinewood", "account"), ("Pinewood", "contact"), ("Pinewood", "deal")}
        assert is_visible(session, "account", gone)
        assert not is_visible(session, "account", lost)
        assert not is_visible(session, "deal", new_id())
