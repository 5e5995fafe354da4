"""After an erasure nothing in the record names the person, and everything about others is as it was."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_store import changes, jobs, passages
from crm_store.access import Scope, ScopedSession
from crm_store.base import Base, new_id
from crm_store.changes import Draft
from crm_store.errors import Conflict, NotPermitted, NotVisible
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Change,
    ChangeLine,
    Contact,
    ConversationTurn,
    Deal,
    FieldHistory,
    Interaction,
    Order,
    Participant,
    ProposalItem,
    SuggestionEvent,
    Task,
)
from crm_store.passages import NewChunk, NewDocument
from crm_store.store import Store
from tests import builders as make

LATER = make.NOW + timedelta(minutes=5)
SYSTEM = Scope.system("test")
CANARIES = ("zebulon", "quixworth", "zq@acme.example", "5550199", "555 01 99", "nightingale officer")
NAME, EMAIL, PHONE, TITLE = "Zebulon Quixworth", "zq@acme.example", "+49 171 5550199", "Chief Nightingale Officer"
PROSE = (
    "Zebulon Quixworth called. QUIXWORTH, Zebulon wants a quote; Quixworth's number is 0171-555 01 99 and "
    "zq@Acme.example works too. Thanks to Zebulon."
)


@dataclass
class Office:
    store: Store
    admin: Scope
    rep: Scope
    ids: dict[str, str] = field(default_factory=dict)

    def do(self, scope: Scope, *drafts: Draft) -> str:
        assert scope.person_id
        with self.store.write(scope) as session:
            proposal = changes.propose(
                session, person_id=scope.person_id, drafts=drafts, summary=f"About {NAME}", origin="test", now=make.NOW
            )
            return changes.confirm(session, proposal, now=make.NOW, origin="test")

    def erase(self) -> str:
        return self.do(self.admin, Draft("erase", "contact", {}, self.ids["contact"], f"Erase {NAME}"))


@pytest.fixture
def office(store: Store) -> Office:
    return furnished(store)


def furnished(store: Store) -> Office:
    """The person wherever one can get to: rows, texts, proposals, the audit, conversations, jobs and passages."""
    with store.write(SYSTEM) as session:
        admin, rep = make.person(session, "Ada Root", "admin"), make.person(session, "Mara Lind")
        stages = make.pipeline(session)
        account = make.account(session, "Acme", rep, description=f"Ask {NAME} first")
        other = make.contact(session, "Nora Vale", account, email="nora@acme.example", title="Buyer")
        person = make.contact(session, NAME, account, phone=PHONE, title=TITLE, custom={"nick": "Zebulon"})
        ids = {"contact": person.id, "other": other.id, "account": account.id, "rep": rep.id}
        office = Office(store, Scope(admin.id, None), Scope(rep.id, frozenset({rep.id})), ids)
        deal = make.deal(session, f"Pilot for {NAME}", account, stages["Proposal"], next_step=f"Call {PHONE}")
        ids["deal"] = deal.id
        make.deal_contact(session, deal, person)
        make.deal_contact(session, deal, other, "legal")
        turns = [
            {"speaker": NAME, "offset_s": 0, "text": "I like my secret garden."},
            {"speaker": "Nora Vale", "offset_s": 5, "text": "Zebulon, what about the price?"},
        ]
        alone = make.interaction(session, account, PROSE + " My secret garden.", person, channel="email")
        both = make.interaction(session, account, PROSE, person, other, turns=turns, subject=f"With {NAME}")
        mention = make.interaction(session, account, f"Nora told me of {EMAIL}", other)
        ids |= {"alone": alone.id, "both": both.id, "mention": mention.id}
        make.task(session, f"Write to {EMAIL}", account, rep, contact_id=person.id)
        product = make.product(session, "Sensor")
        ids["order"] = make.order(session, account, product, 100, make.TODAY, contact_id=person.id).id
        make.case(session, account, f"{NAME} cannot log in", contact_id=person.id, description=PROSE)
        make.survey(session, account, 9, contact_id=person.id, comment="My secret garden, says Zebulon")
        make.consent(session, person, "granted", source=f"Form of {EMAIL}")
        fair = Campaign(id=new_id(), name="Fair", channel="email", starts_on=make.TODAY)
        session.add(fair)
        session.flush()
        session.add(CampaignMember(campaign_id=fair.id, contact_id=person.id, at=make.NOW, account_id=account.id))
        session.add(
            SuggestionEvent(
                person_id=rep.id, rule="r", subject="contact", subject_id=person.id, event="shown", at=make.NOW,
                factors={"name": NAME},
            )
        )  # fmt: skip
        make.history(session, deal, "next_step", None, f"Call {NAME}")
        session.add(
            ConversationTurn(
                person_id=rep.id, thread_id="t", at=make.NOW, question=f"Who is {NAME}?", answer=PROSE,
                memory={"subjects": [{"kind": "contact", "id": person.id, "name": NAME}]},
            )
        )  # fmt: skip
        jobs.enqueue(session, "slack", "e1", {"text": PROSE}, now=make.NOW)
        held = {"filename": "m.vtt", "content": b64encode(PROSE.encode()).decode()}
        jobs.keep(session, "meeting_held", "h1", held, now=make.NOW)
        for row in (alone, both):
            document = NewDocument(
                "interaction", row.id, "call", row.subject[:300], f"Acme · {NAME}", make.NOW, account.id, rep.id, "d"
            )
            chunks = [NewChunk(0, row.body, NAME, make.NOW, b"\0" * 8)]
            passages.keep_document(session, document, chunks, "m")
        session.flush()
    change = office.do(office.rep, Draft("update", "contact", {"email": EMAIL}, ids["contact"], f"E-mail of {NAME}"))
    said = {
        "channel": "note",
        "subject": f"Lunch with {NAME}",
        "body": PROSE,
        "at": make.NOW,
        "account_id": ids["account"],
    }
    evidence = ({"kind": "message", "text": PROSE, "citation": None},)
    ids["logged"] = office.do(
        office.rep,
        Draft(
            "create", "interaction", said | {"attendee_names": [NAME]}, label=f"Lunch with {NAME}", evidence=evidence
        ),
        Draft("update", "deal", {"next_step": f"Send it to {NAME}"}, ids["deal"], evidence=evidence),
    )
    ids["change"] = change
    with store.write(office.rep) as session:  # and one that still waits
        changes.propose(
            session, person_id=ids["rep"], drafts=[Draft("update", "contact", {"phone": "+49 171 5550199 x1"}, ids["contact"])],
            summary=f"Phone of {NAME}", origin="test", now=make.NOW,
        )  # fmt: skip
    return office


def everything(session: ScopedSession) -> str:
    """Every value of every row of every table, and the words of the full-text index, as one text."""
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            found.append(
                json.dumps(
                    [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row],
                    ensure_ascii=False,
                )
            )
    return "\n".join(found).lower()


def traces(text: str) -> list[str]:
    return [canary for canary in (*CANARIES, "secret garden") if canary in text]


def test_no_row_of_any_table_names_an_erased_person(office: Office) -> None:
    with office.store.read(SYSTEM) as session:
        assert len(traces(everything(session))) == len(CANARIES) + 1
    office.erase()
    with office.store.read(SYSTEM) as session:
        text = everything(session)
        assert traces(text) == [], [line for line in text.splitlines() if traces(line)][:3]


def test_no_byte_of_the_file_names_an_erased_person(sqlite_store: Store, tmp_path: Path) -> None:
    furnished(sqlite_store).erase()
    sqlite_store.compact()
    for file in tmp_path.iterdir():
        assert traces(file.read_bytes().decode("latin-1").lower()) == [], file.name


def test_what_belongs_to_others_stays(office: Office) -> None:
    office.erase()
    with office.store.read(SYSTEM) as session:
        both = session.get(Interaction, office.ids["both"])
        assert [turn["speaker"] for turn in both.turns] == ["[erased]", "Nora Vale"]
        assert both.turns[1]["text"] == "[erased], what about the price?"
        assert "wants a quote" in both.body
        alone = session.get(Interaction, office.ids["alone"])
        assert (alone.body, alone.channel, alone.at) == ("[erased]", "email", make.NOW)
        assert session.get(Contact, office.ids["other"]).email == "nora@acme.example"
        assert session.get(Order, office.ids["order"]).amount_minor == 100
        assert session.get(Deal, office.ids["deal"]).name == "Pilot for [erased]"
        assert session.scalar(select(func.count(Task.id))) == 1
        assert list(session.scalars(select(Participant.contact_id).where(Participant.contact_id.is_not(None)))) != []


def test_the_audit_keeps_only_that_it_happened(office: Office) -> None:
    change = office.erase()
    with office.store.read(SYSTEM) as session:
        row = session.get(Change, change)
        assert (row.summary, row.person_id) == ("One person's data was erased", office.admin.person_id)
        (line,) = session.scalars(select(ChangeLine).where(ChangeLine.change_id == change))
        assert (line.action, line.before, line.after, line.evidence) == ("erase", {}, {"erased": True}, [])
        items = session.scalars(select(ProposalItem).where(ProposalItem.entity == "contact"))
        assert {(item.label, str(item.changes)) for item in items} == {("[erased]", "{}")}
        assert not list(session.scalars(select(FieldHistory).where(FieldHistory.entity == "contact")))


@pytest.mark.parametrize("what", ["change", "logged"])
def test_a_change_that_held_something_of_the_person_is_not_undone(office: Office, what: str) -> None:
    erasure = office.erase()
    for scope, change in ((office.rep, office.ids[what]), (office.admin, erasure)):
        with pytest.raises(Conflict, match="erased"), office.store.write(scope) as session:
            changes.undo(session, change, now=LATER, origin="test")


def test_what_waited_about_the_person_can_no_longer_be_confirmed(office: Office) -> None:
    office.erase()
    with office.store.read(SYSTEM) as session:
        waiting = session.scalars(select(ProposalItem).where(ProposalItem.status == "open"))
        assert [item for item in waiting if item.entity == "contact"] == []


def test_only_an_administrator_erases(office: Office) -> None:
    office.admin = office.rep
    with pytest.raises(NotPermitted):
        office.erase()


def test_an_administrator_narrowed_to_a_channel_does_not_erase(office: Office) -> None:
    office.admin = Scope(office.admin.person_id, None, frozenset({office.ids["account"]}))
    with pytest.raises(NotPermitted):
        office.erase()


def test_the_same_person_in_two_records_goes_whole(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        make.contact(session, "ZEBULON QUIXWORTH", None, None, email=EMAIL.upper())
    office.erase()
    with office.store.read(SYSTEM) as session:
        assert traces(everything(session)) == []


def test_somebody_of_the_same_last_name_keeps_it(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        other = make.contact(session, "Ottilie Quixworth", None, None).id
    office.erase()
    with office.store.read(SYSTEM) as session:
        assert session.get(Contact, other).name == "Ottilie Quixworth"


def test_a_merge_with_the_person_in_it_is_erased_and_not_undone(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        account = session.get(Account, office.ids["account"])
        double = make.contact(session, "Zeb Quixworth-Alder", account, title="Old title of Zeb").id
    merged = office.do(office.admin, Draft("merge", "contact", {}, office.ids["contact"], other_id=double))
    office.erase()
    with office.store.read(SYSTEM) as session:
        text = everything(session)
        assert [each for each in ("quixworth-alder", "old title of zeb") if each in text] == []
    with pytest.raises((Conflict, NotVisible)), office.store.write(office.admin) as session:
        changes.undo(session, merged, now=LATER, origin="test")


def test_an_accented_name_is_found_however_it_is_written(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep, admin = make.person(session, "Mara Lind"), make.person(session, "Ada Root", "admin")
        account = make.account(session, "Acme", rep)
        person = make.contact(session, "Jürgen Köhlbrandt", account)
        turns = [{"speaker": "Nora", "offset_s": 0, "text": "Ask Jürgen\nKöhlbrandt or Koehlbrandt."}]
        said = make.interaction(
            session, account, "KÖHLBRANDT, Jürgen; Juergen Köhlbrandt; Jurgen Kohlbrandt", turns=turns
        )
        office = Office(sqlite_store, Scope(admin.id, None), Scope(rep.id, frozenset()), {"contact": person.id})
    office.erase()
    with sqlite_store.read(SYSTEM) as session:
        row = session.get(Interaction, said.id)
        assert "hlbrandt" not in (row.body + str(row.turns)).lower()
        assert row.turns[0]["text"].startswith("Ask [erased]")
