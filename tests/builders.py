"""Rows for tests, with defaults that make sense; each is added to the session and flushed."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from crm_store.base import Base, new_id
from crm_store.models import (
    Account,
    AccountMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealContact,
    FieldHistory,
    Interaction,
    Order,
    OrderLine,
    Participant,
    Person,
    Pipeline,
    Product,
    Stage,
    Subscription,
    SurveyResponse,
    Task,
    Team,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
TODAY = NOW.date()
STAGES = (
    ("Discovery", "open", 20),
    ("Proposal", "open", 50),
    ("Negotiation", "open", 80),
    ("Won", "won", 100),
    ("Lost", "lost", 0),
)
Row = TypeVar("Row", bound=Base)


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _edited(values: dict[str, Any]) -> dict[str, Any]:
    return {"created_at": NOW, "updated_at": NOW, "version": 1} | values


def team(session: Session, name: str, parent: Team | None = None) -> Team:
    return _add(session, Team(id=new_id(), name=name, parent_id=parent.id if parent else None))


def person(session: Session, name: str, role: str = "rep", team: Team | None = None, **values: Any) -> Person:
    email = values.pop("email", f"{name.lower().replace(' ', '.')}@halvern.example")
    row = Person(
        id=new_id(),
        name=name,
        email=email,
        role=role,
        team_id=team.id if team else None,
        timezone="UTC",
        **_edited(values),
    )
    _add(session, row)
    if team is not None and role == "manager":
        team.manager_id = row.id
        session.flush()
    return row


def account(session: Session, name: str, owner: Person, **values: Any) -> Account:
    row = _add(session, Account(id=new_id(), name=name, owner_id=owner.id, **_edited({"kind": "customer"} | values)))
    member(session, row, owner)
    return row


def member(session: Session, account: Account, person: Person, reason: str = "owner") -> AccountMember:
    return _add(session, AccountMember(account_id=account.id, person_id=person.id, reason=reason))


def contact(
    session: Session, name: str, account: Account | None, owner: Person | None = None, **values: Any
) -> Contact:
    owner_id = owner.id if owner else account.owner_id if account else None
    row = Contact(
        id=new_id(), name=name, account_id=account.id if account else None, owner_id=owner_id, **_edited(values)
    )
    return _add(session, row)


def pipeline(session: Session, name: str = "New business") -> dict[str, Stage]:
    """A pipeline with five stages, by name."""
    row = _add(session, Pipeline(id=new_id(), name=name))
    return {
        stage: _add(
            session,
            Stage(id=new_id(), pipeline_id=row.id, name=stage, position=at, status=status, probability=probability),
        )
        for at, (stage, status, probability) in enumerate(STAGES)
    }


def deal(session: Session, name: str, account: Account, stage: Stage, **values: Any) -> Deal:
    defaults = {
        "owner_id": account.owner_id,
        "amount_minor": 8_400_000,
        "currency": "EUR",
        "close_date": date(2026, 12, 15),
        "status": stage.status,
        "stage_entered_at": NOW,
    }
    row = Deal(
        id=new_id(), name=name, account_id=account.id, pipeline_id=stage.pipeline_id, stage_id=stage.id,
        **_edited(defaults | values),
    )  # fmt: skip
    return _add(session, row)


def deal_contact(session: Session, deal: Deal, contact: Contact, role: str = "champion") -> DealContact:
    row = DealContact(
        deal_id=deal.id, contact_id=contact.id, role=role, account_id=deal.account_id, owner_id=deal.owner_id
    )
    return _add(session, row)


def interaction(
    session: Session,
    account: Account,
    body: str,
    *contacts: Contact,
    at: datetime = NOW,
    channel: str = "call",
    **values: Any,
) -> Interaction:
    defaults = {"subject": body[:60] or "Call", "direction": "outbound", "owner_id": account.owner_id}
    row = _add(
        session,
        Interaction(
            id=new_id(), account_id=account.id, channel=channel, at=at, body=body, **_edited(defaults | values)
        ),
    )
    for each in contacts:
        _add(
            session,
            Participant(interaction_id=row.id, at=at, contact_id=each.id, account_id=account.id, owner_id=row.owner_id),
        )
    return row


def task(session: Session, title: str, account: Account | None, owner: Person, **values: Any) -> Task:
    row = Task(
        id=new_id(), title=title, account_id=account.id if account else None, owner_id=owner.id, **_edited(values)
    )
    return _add(session, row)


def history(session: Session, deal: Deal, field: str, old: str | None, new: str | None, **values: Any) -> FieldHistory:
    """One earlier change of a deal's field, in the form in which the history keeps values."""
    row = FieldHistory(
        entity="deal", entity_id=deal.id, field=field, old=old, new=new, account_id=deal.account_id,
        owner_id=deal.owner_id, **({"at": NOW} | values),
    )  # fmt: skip
    return _add(session, row)


def product(session: Session, name: str, **values: Any) -> Product:
    return _add(session, Product(id=new_id(), name=name, **values))


def order(session: Session, account: Account, product: Product, amount_minor: int, on: date, **values: Any) -> Order:
    """An order of one line."""
    defaults = {"number": f"O-{on:%y%m%d}", "currency": "EUR", "owner_id": account.owner_id}
    row = Order(
        id=new_id(), account_id=account.id, ordered_on=on, amount_minor=amount_minor, **_edited(defaults | values)
    )
    _add(session, row)
    line = OrderLine(
        order_id=row.id, product_id=product.id, quantity=1, amount_minor=amount_minor, currency=row.currency,
        account_id=account.id, owner_id=account.owner_id,
    )  # fmt: skip
    _add(session, line)
    return row


def subscription(session: Session, account: Account, product: Product, ends_on: date, **values: Any) -> Subscription:
    defaults = {"starts_on": date(ends_on.year - 1, ends_on.month, 1), "amount_minor": 1_200_000, "currency": "EUR"}
    row = Subscription(
        id=new_id(), account_id=account.id, owner_id=account.owner_id, product_id=product.id, ends_on=ends_on,
        **_edited(defaults | values),
    )  # fmt: skip
    return _add(session, row)


def case(session: Session, account: Account, subject: str, **values: Any) -> Case:
    defaults = {"number": "C-1", "opened_at": NOW, "owner_id": account.owner_id}
    return _add(session, Case(id=new_id(), account_id=account.id, subject=subject, **_edited(defaults | values)))


def survey(session: Session, account: Account, score: int, **values: Any) -> SurveyResponse:
    defaults = {"kind": "nps", "at": NOW, "owner_id": account.owner_id}
    return _add(session, SurveyResponse(id=new_id(), account_id=account.id, score=score, **(defaults | values)))


def consent(session: Session, contact: Contact, status: str, **values: Any) -> Consent:
    defaults = {"channel": "email", "purpose": "marketing", "at": NOW, "source": "Web form"}
    row = Consent(
        contact_id=contact.id, status=status, account_id=contact.account_id, owner_id=contact.owner_id,
        **(defaults | values),
    )  # fmt: skip
    return _add(session, row)
