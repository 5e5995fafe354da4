"""Finding the pairs worth weighing, among what the caller may see.

Not every pair is looked at: only records that share a block (a name without its legal form, its beginning, a domain, a
telephone number, an e-mail address, a last name at one account), as usual in record linkage (Christen, Data Matching, 2012).
A block that too many share says nothing by itself and is left out, so that the work grows with the number of records.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeVar

from sqlalchemy import select

from crm_store.access import ScopedSession
from crm_store.duplicates.forms import (
    AccountForm,
    ContactForm,
    company_domain,
    core_words,
    digits,
    mailbox,
    person_words,
    place,
)
from crm_store.duplicates.weighing import SUGGESTED_FROM, Weighed, weigh_accounts, weigh_contacts
from crm_store.models import Account, Contact

Form = TypeVar("Form", AccountForm, ContactForm)
MOST_IN_BLOCK = 40
_PREFIX = 6


@dataclass(frozen=True)
class Twin:
    """One of the two records; ``detail`` is what tells it from the other."""

    id: str
    name: str
    detail: str


@dataclass(frozen=True)
class Duplicate:
    """Two records that are probably one. ``keep`` has more in it, or is the older one; ``probability`` is 0 to 1."""

    kind: Literal["account", "contact"]
    keep: Twin
    other: Twin
    probability: float
    reasons: tuple[str, ...]


def duplicate_accounts(session: ScopedSession, *, limit: int = 10, about: str | None = None) -> list[Duplicate]:
    """The likeliest pairs of accounts that the caller sees, best first; ``about`` (an id) takes only those of one."""
    columns = (
        Account.id, Account.name, Account.domain, Account.phone, Account.street, Account.city, Account.country,
        Account.industry, Account.employees, Account.description, Account.created_at,
    )  # fmt: skip
    forms = [
        AccountForm(
            row.id, row.name, core_words(row.name), company_domain(row.domain), digits(row.phone), place(row.street),
            place(row.city), place(row.country), sum(value not in (None, "") for value in row[2:-1]), row.created_at,
        )
        for row in session.execute(select(*columns))
    ]  # fmt: skip
    sharing = _counted(form.core for form in forms)
    pairs = _pairs(forms, _account_blocks, about)
    weighed = ((one, other, weigh_accounts(one, other, sharing[one.core])) for one, other in pairs)
    return _best("account", weighed, limit, _account_detail)


def duplicate_contacts(session: ScopedSession, *, limit: int = 10, about: str | None = None) -> list[Duplicate]:
    """The likeliest pairs of contacts that the caller sees, best first; ``about`` (an id) takes only those of one."""
    columns = (
        Contact.id, Contact.name, Contact.email, Contact.phone, Contact.title, Contact.description, Contact.account_id,
        Account.name.label("account"), Contact.created_at,
    )  # fmt: skip
    forms = [
        ContactForm(
            row.id, row.name, *person_words(row.name), mailbox(row.email), digits(row.phone), row.account_id, row.account,
            row.title, sum(value not in (None, "") for value in row[2:-1]), row.created_at,
        )
        for row in session.execute(select(*columns).outerjoin(Account, Account.id == Contact.account_id))
    ]  # fmt: skip
    sharing = _counted((form.first, form.last) for form in forms)
    pairs = _pairs(forms, _contact_blocks, about)
    weighed = ((one, other, weigh_contacts(one, other, sharing[one.first, one.last])) for one, other in pairs)
    return _best("contact", weighed, limit, _contact_detail)


def _account_blocks(form: AccountForm) -> Iterator[Hashable]:
    yield "name", form.joined
    if len(form.joined) >= _PREFIX:
        yield "begins", form.joined[:_PREFIX]
    if len(form.core) > 1:
        yield "word", form.core[0], form.city
    if form.domain:
        yield "domain", form.domain
    if form.phone:
        yield "phone", form.phone


def _contact_blocks(form: ContactForm) -> Iterator[Hashable]:
    if form.email:
        yield "email", form.email
    if form.phone:
        yield "phone", form.phone
    yield "name", *sorted((form.first, form.last))
    for employer in {form.account_id, form.mail_domain} - {None}:
        yield "last", form.last or form.first, employer
        yield "first", form.first, employer


def _pairs(
    forms: Sequence[Form], blocks: Callable[[Form], Iterable[Hashable]], about: str | None
) -> Iterator[tuple[Form, Form]]:
    """Each pair that shares a block once."""
    held: dict[Hashable, list[int]] = defaultdict(list)
    wanted = None
    if about is not None:
        wanted = {block for form in forms if form.id == about for block in blocks(form)}
    for at, form in enumerate(forms):
        for block in blocks(form):
            if wanted is None or block in wanted:
                held[block].append(at)
    seen: set[tuple[int, int]] = set()
    for members in held.values():
        if not 1 < len(members) <= MOST_IN_BLOCK:
            continue
        for one, other in combinations(members, 2):
            if (one, other) in seen or (about is not None and about not in (forms[one].id, forms[other].id)):
                continue
            seen.add((one, other))
            yield forms[one], forms[other]


def _counted(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = defaultdict(int)
    for key in keys:
        found[key] += 1
    return found


def _best(
    kind: Literal["account", "contact"], weighed: Iterable[tuple[Form, Form, Weighed]], limit: int,
    detail: Callable[[Form], str],
) -> list[Duplicate]:  # fmt: skip
    likely = [each for each in weighed if each[2].bits >= SUGGESTED_FROM]
    likely.sort(key=lambda each: (-each[2].bits, each[0].name, each[0].id, each[1].id))
    found = []
    for one, other, how in likely[:limit]:
        keep, gone = sorted((one, other), key=lambda form: (-form.filled, form.created_at, form.id))
        kept, other_twin = (Twin(form.id, form.name, detail(form)) for form in (keep, gone))
        found.append(Duplicate(kind, kept, other_twin, how.probability, how.reasons))
    return found


def _account_detail(form: AccountForm) -> str:
    return ", ".join(part for part in (form.domain, form.city.title() if form.city else None) if part)


def _contact_detail(form: ContactForm) -> str:
    return ", ".join(part for part in (form.title, form.account, form.email) if part)
