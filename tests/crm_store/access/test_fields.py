"""Fields that only managers see: empty wherever a rep reads, refused wherever a rep writes, and kept as they were."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session, aliased, selectinload

from bot.errors import Misconfigured
from bot.settings import Settings
from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.errors import NoScope, NotPermitted, StoreUnavailable
from crm_store.models import (
    Account,
    Change,
    ChangeLine,
    Contact,
    Deal,
    FieldHistory,
    Merged,
    Proposal,
    ProposalItem,
)
from crm_store.names.loading import NameCache
from crm_store.next_actions.load import load_facts
from crm_store.next_actions.suggest import suggest
from crm_store.people import Visibility, caller_for
from crm_store.queries import contacts, deals
from crm_store.reports import Days, ReportSettings
from crm_store.reports.changed import bridge
from crm_store.reports.run import drill_down, run
from crm_store.reports.spec import Condition, ReportSpec
from crm_store.reports.standing import standing
from crm_store.store import Store
from tests import builders as make

HIDDEN = frozenset({"deal.amount_minor", "contact.phone", "account.annual_revenue_minor"})
AMOUNT, PHONE, REVENUE = 7_318_442, "+49 7318442", 731_844_200
CANARIES = ("7318442",)
SYSTEM = Scope.system("test")
LATER = make.NOW + timedelta(minutes=2)


@dataclass(frozen=True)
class Office:
    """A rep whose manager has filled in what the rep does not see."""

    store: Store
    rep: Scope
    manager: Scope
    account: str
    deal: str
    contact: str
    other_deal: str
    stages: dict[str, str]

    def propose(self, *drafts: Draft, scope: Scope | None = None) -> str:
        scope = scope or self.rep
        assert scope.person_id
        with self.store.write(scope) as session:
            return changes.propose(
                session, person_id=scope.person_id, drafts=drafts, summary="Test", origin="test", now=make.NOW
            )

    def confirm(self, proposal: str, scope: Scope | None = None) -> str:
        with self.store.write(scope or self.rep) as session:
            return changes.confirm(session, proposal, now=LATER, origin="test")

    def undo(self, change: str, scope: Scope | None = None) -> str:
        with self.store.write(scope or self.rep) as session:
            return changes.undo(session, change, now=LATER + timedelta(minutes=1), origin="test")

    def row(self, model: Any, row_id: str) -> Any:
        with self.store.read(SYSTEM) as session:
            return session.get(model, row_id)


@pytest.fixture
def office(store: Store) -> Office:
    with store.write(SYSTEM) as session:
        team = make.team(session, "West")
        boss = make.person(session, "Mia Grau", "manager", team)
        rep = make.person(session, "Ida Ekman", "rep", team)
        stages = make.pipeline(session)
        account = make.account(session, "Meridian", rep, annual_revenue_minor=REVENUE)
        deal = make.deal(session, "Renewal", account, stages["Discovery"], amount_minor=1)
        other = make.deal(session, "Expansion", account, stages["Proposal"], amount_minor=2)
        ann = make.contact(session, "Ann Berg", account, phone=PHONE, title="CFO")
        make.deal_contact(session, deal, ann)
        callers = [caller_for(session, each.email, Visibility.OWN, HIDDEN).scope for each in (rep, boss)]
    office = Office(
        store, callers[0], callers[1], account.id, deal.id, ann.id, other.id, {name: s.id for name, s in stages.items()}
    )
    office.confirm(
        office.propose(
            Draft("update", "deal", {"amount_minor": AMOUNT, "next_step": "Call"}, deal.id), scope=office.manager
        ),
        office.manager,
    )
    return office


_WITH_CONTACTS = select(Account).options(selectinload(Account.contacts))
READS: dict[str, Callable[[Session], Any]] = {
    "an entity": lambda s: [_all(row) for model in (Account, Contact, Deal) for row in s.scalars(select(model))],
    "an alias": lambda s: [_all(row) for row in s.scalars(select(aliased(Deal)))],
    "columns": lambda s: s.execute(select(Deal.amount_minor, Contact.phone).join(Contact, Contact.account_id == Deal.account_id)).all(),
    "a cte": lambda s: s.execute(select(select(Deal.amount_minor).cte().c.amount_minor)).all(),
    "an aggregate": lambda s: s.execute(select(func.max(Deal.amount_minor), func.sum(Deal.amount_minor))).all(),
    "a condition": lambda s: s.scalars(select(func.count(Deal.id) * AMOUNT).where(Deal.amount_minor == AMOUNT)).all(),
    "an exists": lambda s: s.scalars(_rich_accounts()).all(),
    "a loaded relationship": lambda s: [_all(one) for row in s.scalars(_WITH_CONTACTS) for one in row.contacts],
    "a column load": lambda s: _refreshed(s),
    "the history": lambda s: [_all(row) for row in s.scalars(select(FieldHistory))],
    "the audit": lambda s: [_all(row) for row in s.scalars(select(ChangeLine))],
    "the changes": lambda s: [_all(row) for row in s.scalars(select(Change))],
    "the proposals": lambda s: [_all(row) for model in (Proposal, ProposalItem) for row in s.scalars(select(model))],
    "what was merged": lambda s: [_all(row) for row in s.scalars(select(Merged))],
}  # fmt: skip


def _rich_accounts() -> Select[Any]:
    rich = exists().where(Deal.account_id == Account.id, Deal.amount_minor > 5)
    return select(Account.id + str(AMOUNT)).where(rich)


def _all(row: Any) -> dict[str, Any]:
    return {
        each.key: getattr(row, each.key) for each in row.__mapper__.column_attrs if each.key not in ("lost", "undoing")
    }


def _refreshed(session: Session) -> Any:
    found = []
    for row in session.scalars(select(Deal)):
        session.expire(row)
        session.refresh(row)
        found.append(_all(row))
    return found


def _tells(found: Any) -> bool:
    digits = repr(found).replace(" ", "").replace("_", "")
    return any(canary in digits for canary in CANARIES)


@pytest.mark.parametrize("visibility", ["own", "all"])
@pytest.mark.parametrize("writes", [False, True], ids=["reading", "writing"])
def test_no_read_of_a_rep_finds_what_managers_keep_and_every_read_of_the_manager_does(
    office: Office, writes: bool, visibility: str
) -> None:
    rep = office.rep if visibility == "own" else Scope(office.rep.person_id, None, hidden=HIDDEN)
    told = {}
    for who, scope in (("rep", rep), ("manager", office.manager)):
        with (office.store.write if writes else office.store.read)(scope) as session:
            told[who] = {name for name, ask in READS.items() if _tells(ask(session))}
    assert told["rep"] == set()
    assert told["manager"] == set(READS) - {"the changes", "what was merged"}


def test_a_rep_sees_the_rest_of_the_row(office: Office) -> None:
    with office.store.read(office.rep) as session:
        deal, contact = session.get(Deal, office.deal), session.get(Contact, office.contact)
        assert (deal.name, deal.currency, deal.next_step, deal.amount_minor) == ("Renewal", "EUR", "Call", None)
        assert (contact.title, contact.phone) == ("CFO", None)
        fields = set(session.scalars(select(FieldHistory.field)))
    assert fields == {"next_step"}


def test_ordering_by_a_hidden_field_tells_nothing(office: Office) -> None:
    for most, least in ((AMOUNT, 2), (1, 2)):
        with office.store.write(SYSTEM) as session:
            session.get(Deal, office.deal).amount_minor = most
            session.get(Deal, office.other_deal).amount_minor = least
        with office.store.read(office.rep) as session:
            order = list(session.scalars(select(Deal.id).order_by(Deal.amount_minor.desc(), Deal.id)))
        assert order == sorted(order)


def test_the_rooms_that_read_for_a_rep_tell_nothing(office: Office) -> None:
    cache = NameCache()
    for scope, tells in ((office.rep, False), (office.manager, True), (office.rep, False)):
        with office.store.read(scope) as session:
            assert _tells(deals.deal(session, office.deal, now=LATER)) is tells
            assert _tells(contacts.contact(session, office.contact, now=LATER)) is tells
            names = cache.names(session)
            assert _tells(list(names.of_kind("deal"))) is tells
            assert _tells([repr(each) for each in deals.history(session, office.deal)]) is tells


def test_a_session_gives_no_way_below_the_views(office: Office) -> None:
    everything = Scope(office.rep.person_id, None, hidden=HIDDEN)
    for scope in (office.rep, everything):
        with office.store.read(scope) as session, pytest.raises(NoScope):
            session.connection()
        with office.store.write(scope) as session, pytest.raises(NoScope):
            session.bulk_update_mappings(Deal.__mapper__, [{"id": office.deal, "amount_minor": 1}])
    assert office.row(Deal, office.deal).amount_minor == AMOUNT


def test_pooled_connections_do_not_mix_what_is_hidden(office: Office) -> None:
    shown = {
        office.rep: None,
        office.manager: AMOUNT,
        SYSTEM: AMOUNT,
        Scope(office.rep.person_id, None, hidden=frozenset({"contact.phone"})): AMOUNT,
    }
    for _ in range(3):
        for scope, amount in shown.items():
            for opened in (office.store.read, office.store.write):
                with opened(scope) as session:
                    assert session.get(Deal, office.deal).amount_minor == amount


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("deal", {"amount_minor": 5}),
        ("deal", {"amount_minor": None, "next_step": "Write"}),
        ("contact", {"phone": "1"}),
    ],
)
def test_a_rep_cannot_propose_a_hidden_field(office: Office, entity: str, values: dict[str, Any]) -> None:
    row = office.deal if entity == "deal" else office.contact
    with pytest.raises(NotPermitted, match="kept by your managers; ask one of them"):
        office.propose(Draft("update", entity, values, row))
    proposal = office.propose(Draft("update", "deal", {"next_step": "Visit"}, office.deal))
    with office.store.write(office.rep) as session:
        item = session.scalars(select(ProposalItem.id).where(ProposalItem.proposal_id == proposal)).one()
        with pytest.raises(NotPermitted):
            changes.edit(session, proposal, {item: {"amount_minor": 5}}, LATER)
    assert office.row(Deal, office.deal).amount_minor == AMOUNT
    assert office.row(Contact, office.contact).phone == PHONE


def test_a_rep_cannot_write_a_hidden_field_past_the_proposals(office: Office) -> None:
    def assign(session: Session) -> None:
        session.scalars(select(Deal).where(Deal.id == office.deal)).one().amount_minor = 5

    def empty(session: Session) -> None:
        row = session.scalars(select(Deal).where(Deal.id == office.deal)).one()
        session.expire(row)
        row.amount_minor = None

    def make_one(session: Session) -> None:
        make.contact(session, "New", session.scalars(select(Account)).one(), phone="1")

    def delete(session: Session) -> None:
        session.delete(session.scalars(select(Deal).where(Deal.id == office.deal)).one())

    for write in (assign, empty, make_one, delete):
        with pytest.raises(NotPermitted), office.store.write(office.rep) as session:
            write(session)
    assert office.row(Deal, office.deal).amount_minor == AMOUNT


def test_a_rep_s_other_edits_and_their_undo_leave_the_hidden_value(office: Office) -> None:
    change = office.confirm(
        office.propose(
            Draft("update", "deal", {"next_step": "Visit", "stage_id": office.stages["Won"]}, office.deal),
            Draft("update", "contact", {"title": "CEO"}, office.contact),
        )
    )
    deal, contact = office.row(Deal, office.deal), office.row(Contact, office.contact)
    assert (deal.next_step, deal.status, deal.amount_minor, contact.title, contact.phone) == (
        "Visit",
        "won",
        AMOUNT,
        "CEO",
        PHONE,
    )
    office.undo(change)
    deal, contact = office.row(Deal, office.deal), office.row(Contact, office.contact)
    assert (deal.next_step, deal.status, deal.amount_minor, contact.title, contact.phone) == (
        "Call",
        "open",
        AMOUNT,
        "CFO",
        PHONE,
    )


def test_what_a_rep_made_can_be_taken_back_until_a_manager_filled_in_a_hidden_field(office: Office) -> None:
    draft = Draft("create", "contact", {"name": "Ole Lund", "account_id": office.account})
    kept, gone = office.confirm(office.propose(draft)), office.confirm(office.propose(draft))
    office.undo(gone)
    with office.store.read(SYSTEM) as session:
        made = session.scalars(select(ChangeLine.entity_id).where(ChangeLine.change_id == kept)).one()
    office.confirm(
        office.propose(Draft("update", "contact", {"phone": PHONE}, made), scope=office.manager), office.manager
    )
    with pytest.raises(NotPermitted):
        office.undo(kept)
    with pytest.raises(NotPermitted):
        office.confirm(office.propose(Draft("delete", "contact", {}, made)))
    assert office.row(Contact, made).phone == PHONE


def test_a_rep_cannot_merge_records_that_have_hidden_fields(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        twin = make.contact(session, "Anne Berg", session.get(Account, office.account)).id
    with pytest.raises(NotPermitted):
        office.propose(Draft("merge", "contact", {}, office.contact, other_id=twin))
    merged = office.confirm(
        office.propose(Draft("merge", "contact", {}, twin, other_id=office.contact), scope=office.manager),
        office.manager,
    )
    with office.store.read(office.rep) as session:
        rows = session.execute(select(Merged.lost, Merged.undoing)).all()
        assert len(rows) == 1
        assert not _tells(rows)
        assert not _tells([_all(row) for model in (ChangeLine, ProposalItem) for row in session.scalars(select(model))])
    with office.store.read(office.manager) as session:
        assert _tells(session.execute(select(Merged.lost)).all())
    office.undo(merged, office.manager)
    assert office.row(Contact, office.contact).phone == PHONE


def test_what_a_rep_wrote_before_a_field_was_kept_is_neither_confirmed_nor_undone_by_halves(office: Office) -> None:
    before = Scope(office.rep.person_id, office.rep.owner_ids)
    done = office.confirm(
        office.propose(
            Draft("update", "deal", {"amount_minor": AMOUNT * 10, "next_step": "A"}, office.deal), scope=before
        ),
        before,
    )
    waiting = office.propose(
        Draft("update", "deal", {"amount_minor": AMOUNT * 100, "next_step": "B"}, office.deal), scope=before
    )
    with pytest.raises(NotPermitted):
        office.confirm(waiting)
    with pytest.raises(NotPermitted):
        office.undo(done)
    with office.store.read(office.rep) as session:
        assert not any(_tells(ask(session)) for ask in READS.values())
    deal = office.row(Deal, office.deal)
    assert (deal.amount_minor, deal.next_step) == (AMOUNT * 10, "A")


@pytest.mark.parametrize(
    "spec",
    [
        ReportSpec(subject="deals", measures=("sum",)),
        ReportSpec(subject="deals", measures=("count",), filter=Condition(field="amount", op="ge", value=5)),
        ReportSpec(subject="deals", measures=("average",), group_by=("stage",)),
        ReportSpec(subject="accounts", measures=("sum",)),
    ],
)
def test_a_report_over_a_hidden_field_says_so_and_counts_nothing(office: Office, spec: ReportSpec) -> None:
    with office.store.read(office.rep) as session:
        result = run(session, spec, make.TODAY, ReportSettings())
        assert (result.rows, result.count, result.ids) == ((), 0, ())
        assert "only shown to managers" in result.counted
        assert drill_down(session, spec, make.TODAY, ReportSettings(), tuple("x" for _ in spec.group_by)) == ()
    with office.store.read(office.manager) as session:
        result = run(session, spec, make.TODAY, ReportSettings())
        assert result.count > 0
        assert "only shown" not in result.counted


def test_a_report_over_other_fields_counts_as_ever(office: Office) -> None:
    spec = ReportSpec(subject="deals", measures=("count",), group_by=("stage",))
    with office.store.read(office.rep) as session:
        assert run(session, spec, make.TODAY, ReportSettings()).count == 2


def test_sums_that_would_be_wrong_without_a_hidden_amount_are_refused(office: Office) -> None:
    days = Days(make.TODAY.replace(day=1), make.TODAY)

    def asked(scope: Scope) -> None:
        with office.store.read(scope) as session:
            standing(session, days, make.TODAY, ReportSettings())
        with office.store.read(scope) as session:
            bridge(session, make.NOW - timedelta(days=9), LATER, ReportSettings())

    asked(office.manager)
    with pytest.raises(NotPermitted, match="only shown to managers"):
        asked(office.rep)
    with pytest.raises(NotPermitted), office.store.read(office.rep) as session:
        bridge(session, make.NOW - timedelta(days=9), LATER, ReportSettings())


@pytest.mark.parametrize(
    "asked",
    [
        {"wanted": deals.DealFilter(min_amount_minor=1)},
        {"wanted": deals.DealFilter(max_amount_minor=10**9, amounts_in="EUR")},
        {"wanted": deals.DealFilter(), "order": "amount"},
    ],
)
def test_a_list_by_a_hidden_amount_is_refused(office: Office, asked: dict[str, Any]) -> None:
    """An empty list, or one in no order, would read as an answer."""
    with office.store.read(office.manager) as session:
        assert deals.deals(session, now=make.NOW, **asked).rows
    with pytest.raises(NotPermitted, match="only shown to managers"), office.store.read(office.rep) as session:
        deals.deals(session, now=make.NOW, **asked)


def test_next_actions_come_without_hidden_amounts(office: Office) -> None:
    for scope, tells in ((office.rep, False), (office.manager, True)):
        with office.store.read(scope) as session:
            found = suggest(
                session, [office.rep.person_id or ""], make.TODAY, person_id=office.rep.person_id, now=LATER
            )
            deals_known = load_facts(session, [office.rep.person_id or ""], LATER, "EUR")
        assert _tells(repr(deals_known).replace(",", "")) is tells
        assert tells or not _tells(repr(found).replace(",", ""))


def test_what_was_found_in_a_meeting_is_proposed_without_the_hidden_values(office: Office) -> None:
    drafts = [
        Draft("update", "deal", {"amount_minor": 5, "next_step": "Send"}, office.deal),
        Draft("update", "contact", {"phone": "1"}, office.contact),
        Draft("delete", "deal", {}, office.deal),
    ]
    with office.store.write(office.rep) as session:
        kept = changes.permitted(session, drafts)
        assert [dict(draft.values) for draft in kept] == [{"next_step": "Send"}, {}]
    with office.store.write(office.manager) as session:
        assert changes.permitted(session, drafts) == drafts


def test_a_connection_that_lost_its_views_is_refused(postgres_store: Store) -> None:
    scope = Scope("p", frozenset({"p"}), hidden=HIDDEN)

    def lose_them() -> None:
        with postgres_store.read(scope) as session, session.raw("test"):
            session.execute(text("DISCARD TEMP"))
            session.commit()
            session.scalars(select(Deal)).all()

    with pytest.raises(StoreUnavailable, match="session mode"):
        lose_them()


def test_hidden_fields_are_a_rep_s_and_two_scopes_hide_what_either_does(office: Office) -> None:
    assert (office.rep.hidden, office.manager.hidden) == (HIDDEN, frozenset())
    assert office.manager.intersect(office.rep).hidden == office.rep.intersect(office.manager).hidden == HIDDEN


def test_the_setting_names_what_can_be_kept() -> None:
    given = Settings.from_environment({"RAPPORT_MANAGER_FIELDS": "deal.amount_minor, contact.phone"})
    assert given.manager_fields == {"deal.amount_minor", "contact.phone"}
    for wrong in (
        "deal.amount",
        "deal.name",
        "deal.account_id",
        "person.title",
        "contact.external_id",
        "account.description",
    ):
        with pytest.raises(Misconfigured, match=r"RAPPORT_MANAGER_FIELDS.*deal\.amount_minor"):
            Settings.from_environment({"RAPPORT_MANAGER_FIELDS": f"contact.phone {wrong}"})
