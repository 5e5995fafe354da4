"""The rows that the rules look at, as plain frozen values with the lookups they share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

ROLE_ORDER = (
    "champion",
    "economic_buyer",
    "decision_maker",
    "procurement",
    "influencer",
    "user",
    "technical_evaluator",
    "other",
)
T = TypeVar("T")
RENEWAL_DAYS = 120
"""A renewal is worked on from so many days before it."""
TWO_WAY = frozenset({"call", "meeting"})


@dataclass(frozen=True)
class DealFact:
    """``amount_minor`` is in the reporting currency, ``shown`` the deal's own amount in words."""

    id: str
    name: str
    account_id: str | None
    owner_id: str | None
    stage: str
    stage_id: str
    probability: int
    kind: str
    amount_minor: int
    shown: str
    close_date: date | None
    next_step: str
    next_step_due: date | None
    stage_entered: date
    created: date
    updated_at: datetime
    pushes: int = 0

    @property
    def at_stake(self) -> int:
        return self.amount_minor * max(self.probability, 5) // 100

    def distant(self, today: date) -> bool:
        """A renewal so far ahead that nothing has to happen on it yet."""
        return self.kind == "renewal" and self.close_date is not None and (self.close_date - today).days > RENEWAL_DAYS


@dataclass(frozen=True)
class AccountFact:
    """``value_minor`` is what twelve months are expected to bring, in the reporting currency."""

    id: str
    name: str
    kind: str
    owner_id: str | None
    value_minor: int = 0


@dataclass(frozen=True)
class ContactFact:
    id: str
    name: str
    account_id: str | None
    do_not_contact: bool
    left_on: date | None
    updated_at: datetime


@dataclass(frozen=True)
class RoleFact:
    deal_id: str
    contact_id: str
    role: str


@dataclass(frozen=True)
class TouchFact:
    """One interaction; ``written`` says that there is any text or outcome."""

    id: str
    at: datetime
    channel: str
    direction: str
    account_id: str | None
    deal_id: str | None
    owner_id: str | None
    subject: str
    written: bool
    contact_ids: frozenset[str] = frozenset()

    @property
    def to_them(self) -> bool:
        return self.direction == "outbound" and self.channel != "note"

    @property
    def heard(self) -> bool:
        """They spoke: wrote to us, or were on a call or in a meeting."""
        return self.direction == "inbound" or (self.channel in TWO_WAY and self.direction != "internal")


@dataclass(frozen=True)
class TaskFact:
    id: str
    title: str
    kind: str
    due: date | None
    account_id: str | None
    deal_id: str | None
    contact_id: str | None
    owner_id: str | None
    source_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class SubscriptionFact:
    id: str
    account_id: str | None
    product: str
    ends_on: date
    value_minor: int
    renewal_deal_id: str | None
    updated_at: datetime


@dataclass(frozen=True)
class CaseFact:
    id: str
    account_id: str | None
    contact_id: str | None
    number: str
    subject: str
    status: str
    priority: str
    opened_at: datetime
    closed_at: datetime | None
    satisfaction: int | None


@dataclass(frozen=True)
class SurveyFact:
    id: str
    account_id: str | None
    contact_id: str | None
    kind: str
    score: int
    comment: str
    at: datetime


@dataclass(frozen=True)
class ConsentFact:
    contact_id: str
    channel: str
    purpose: str
    status: str
    at: datetime
    id: str = ""


@dataclass(frozen=True)
class SendFact:
    """A campaign reached a contact."""

    contact_id: str
    at: datetime


@dataclass(frozen=True)
class EventFact:
    """What was done with an earlier suggestion."""

    person_id: str
    rule: str
    subject_id: str
    event: str
    until: date | None
    at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything one round of suggestions may look at: open ``deals``, and what belongs to their accounts.
    ``stage_days`` is how long won deals stayed in a stage, in the median, where there are enough of them."""

    now: datetime
    owner_ids: frozenset[str]
    deals: tuple[DealFact, ...] = ()
    accounts: tuple[AccountFact, ...] = ()
    contacts: tuple[ContactFact, ...] = ()
    roles: tuple[RoleFact, ...] = ()
    touches: tuple[TouchFact, ...] = ()
    tasks: tuple[TaskFact, ...] = ()
    subscriptions: tuple[SubscriptionFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    surveys: tuple[SurveyFact, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    sends: tuple[SendFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    stage_days: dict[str, int] = field(default_factory=dict)

    @cached_property
    def account_by_id(self) -> dict[str, AccountFact]:
        return {account.id: account for account in self.accounts}

    @cached_property
    def contact_by_id(self) -> dict[str, ContactFact]:
        return {contact.id: contact for contact in self.contacts}

    @cached_property
    def contacts_of_account(self) -> dict[str, list[ContactFact]]:
        return _grouped((contact.account_id, contact) for contact in self.contacts)

    @cached_property
    def deal_by_id(self) -> dict[str, DealFact]:
        return {deal.id: deal for deal in self.deals}

    @cached_property
    def roles_of(self) -> dict[str, list[RoleFact]]:
        return _grouped((role.deal_id, role) for role in self.roles)

    @cached_property
    def touches_of_deal(self) -> dict[str, list[TouchFact]]:
        return _grouped((touch.deal_id, touch) for touch in self.touches)

    @cached_property
    def touches_of_account(self) -> dict[str, list[TouchFact]]:
        return _grouped((touch.account_id, touch) for touch in self.touches)

    @cached_property
    def touches_of_contact(self) -> dict[str, list[TouchFact]]:
        return _grouped((contact, touch) for touch in self.touches for contact in sorted(touch.contact_ids))

    @cached_property
    def tasks_of_deal(self) -> dict[str, list[TaskFact]]:
        return _grouped((task.deal_id, task) for task in self.tasks)

    @cached_property
    def cases_of_account(self) -> dict[str, list[CaseFact]]:
        return _grouped((case.account_id, case) for case in self.cases)

    def account_name(self, account_id: str | None) -> str:
        found = self.account_by_id.get(account_id or "")
        return found.name if found else "no account"

    def account_value(self, account_id: str | None) -> int:
        found = self.account_by_id.get(account_id or "")
        return found.value_minor if found else 0

    def last_touch(self, deal: DealFact) -> TouchFact | None:
        """The newest thing that happened on the deal and is not still to come."""
        past = [touch for touch in self.touches_of_deal.get(deal.id, ()) if touch.at <= self.now]
        return max(past, key=lambda touch: (touch.at, touch.id), default=None)

    def planned(self, deal: DealFact) -> bool:
        """Something is scheduled: a meeting to come, or an open task that is not overdue."""
        today = self.now.date()
        return any(touch.at > self.now for touch in self.touches_of_deal.get(deal.id, ())) or any(
            task.due is not None and task.due >= today for task in self.tasks_of_deal.get(deal.id, ())
        )

    def main_contact(self, account_id: str | None, deal_id: str | None = None) -> ContactFact | None:
        """Whom to speak to: by role on the deal, else whoever of the account spoke last; never somebody who left or
        asked not to be contacted."""
        for role in sorted(self.roles_of.get(deal_id or "", ()), key=_role_order):
            contact = self.contact_by_id.get(role.contact_id)
            if contact is not None and contact.left_on is None and not contact.do_not_contact:
                return contact
        here = [
            contact
            for contact in self.contacts_of_account.get(account_id or "", ())
            if contact.left_on is None and not contact.do_not_contact
        ]
        return max(here, key=lambda contact: (self._last_heard(contact.id), contact.id), default=None)

    def _last_heard(self, contact_id: str) -> float:
        return max(
            (t.at.timestamp() for t in self.touches_of_contact.get(contact_id, ()) if t.at <= self.now), default=0.0
        )


def _role_order(role: RoleFact) -> tuple[int, str]:
    return (ROLE_ORDER.index(role.role) if role.role in ROLE_ORDER else len(ROLE_ORDER), role.contact_id)


def _grouped(pairs: Iterable[tuple[str | None, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            found[key].append(value)
    return dict(found)
