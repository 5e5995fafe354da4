"""The compact form in which the sample company is written down; ``load`` turns it into rows.

Keys are short names that are unique in their place: an account's everywhere, a contact's, deal's or touch's within its
account. Money is in thousands of the account's currency. Days are counted from the day of loading.
"""

from dataclasses import dataclass, field

from crm_store.sample.days import When


@dataclass(frozen=True)
class ContactEntry:
    key: str
    name: str
    title: str
    lifecycle: str = ""
    phone: bool = True
    about: str = ""
    left: When | None = None
    no_contact: bool = False
    advocate: bool = False
    consent: str = ""  # e.g. "email+marketing phone-marketing@-40": granted, withdrawn that day; empty: drawn


@dataclass(frozen=True)
class DealEntry:
    """``roles`` is "contact:role …", ``lines`` "product:quantity …"; ``slips`` are (day of change, new date)."""

    key: str
    name: str
    amount: int
    stage: str
    opened: int
    close: When
    kind: str = "new"
    roles: str = ""
    lines: str = ""
    pushes: int = 0
    slips: tuple[tuple[When, When], ...] = ()
    first_amount: int | None = None
    entered: When | None = None
    forecast: str = ""
    next_step: str = ""
    next_due: When | None = None
    lost: str = ""
    versus: str = ""
    source: str = ""
    owner: str = ""
    owner_before: str = ""
    reopened: int | None = None
    about: str = ""


@dataclass(frozen=True)
class AccountEntry:
    key: str
    name: str
    kind: str
    owner: str
    industry: str
    city: str
    country: str
    currency: str
    employees: int
    revenue: int  # millions
    about: str
    contacts: tuple[ContactEntry, ...]
    deals: tuple[DealEntry, ...] = ()
    security: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Touch:
    """One interaction. ``who`` names the account's contacts who took part, the first one leading."""

    day: When
    channel: str
    who: str
    subject: str
    body: str
    direction: str = "outbound"
    by: str = ""
    deal: str = ""
    minutes: int | None = None
    outcome: str = ""
    key: str = ""
    with_us: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Todo:
    """A task, or a promise; ``source`` is the key of the touch where it was made."""

    title: str
    due: When
    kind: str = "task"
    done: When | None = None
    by: str = ""
    deal: str = ""
    who: str = ""
    source: str = ""
    made: When | None = None


@dataclass(frozen=True)
class Purchase:
    """One order; ``lines`` is "product:quantity …"."""

    day: When
    lines: str
    who: str = ""
    deal: str = ""
    status: str = "fulfilled"


@dataclass(frozen=True)
class Contract:
    """A subscription."""

    product: str
    starts: When
    ends: When
    seats: int
    amount: int
    status: str = "active"
    renewal: str = ""


@dataclass(frozen=True)
class Trouble:
    """A support case, with the CSAT asked after closing."""

    key: str
    subject: str
    description: str
    opened: When
    who: str
    priority: str = "normal"
    closed: When | None = None
    status: str = ""
    satisfaction: int | None = None
    comment: str = ""


@dataclass(frozen=True)
class Verdict:
    """An NPS answer."""

    who: str
    score: int
    comment: str
    day: When


@dataclass(frozen=True)
class Story:
    """What happened with one account, hand-written; ``about`` says what a reader should find."""

    account: str
    about: str
    touches: tuple[Touch, ...]
    todos: tuple[Todo, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    contracts: tuple[Contract, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    verdicts: tuple[Verdict, ...] = field(default=())
