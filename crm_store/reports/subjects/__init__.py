"""The table of what can be reported on; a new subject is one file and one entry here."""

from difflib import get_close_matches

from crm_store.custom_fields import PREFIX
from crm_store.errors import Invalid
from crm_store.reports.catalogue import FUNCTIONS, Each, Field, Function, Quantity, Ratio, Subject
from crm_store.reports.subjects.activity import INTERACTIONS, TASKS
from crm_store.reports.subjects.campaigns import CAMPAIGN_MEMBERS
from crm_store.reports.subjects.commerce import ORDER_LINES, ORDERS
from crm_store.reports.subjects.customers import ACCOUNTS, CONTACTS, LEADS
from crm_store.reports.subjects.deals import DEAL_PRODUCTS, DEALS
from crm_store.reports.subjects.ledger import CHANGES, PROPOSALS
from crm_store.reports.subjects.quotas import QUOTAS
from crm_store.reports.subjects.recurring import RETENTION, SUBSCRIPTIONS
from crm_store.reports.subjects.service import CASES, SURVEYS
from crm_store.reports.subjects.stages import STAGE_ENTRIES

SUBJECTS: tuple[Subject, ...] = (
    DEALS,
    DEAL_PRODUCTS,
    STAGE_ENTRIES,
    QUOTAS,
    ACCOUNTS,
    CONTACTS,
    LEADS,
    INTERACTIONS,
    TASKS,
    ORDERS,
    ORDER_LINES,
    SUBSCRIPTIONS,
    RETENTION,
    CASES,
    SURVEYS,
    CAMPAIGN_MEMBERS,
    PROPOSALS,
    CHANGES,
)


OF_ACCOUNT = "account."
"""What the name of an account's custom field starts with in reports about rows that belong to accounts."""


def subject_named(name: str) -> Subject:
    """:raises Invalid: names the subjects there are."""
    for subject in SUBJECTS:
        if subject.name == name:
            return subject
    raise Invalid(f"There is nothing called {name!r} to report on. There are: {', '.join(s.name for s in SUBJECTS)}.")


def field_named(subject: Subject, name: str) -> Field:
    """The field of that name. A custom one may be named without its prefix where no built-in one has the name, and one
    of the row's account where the row's own has not.

    :raises Invalid: names the subject's fields.
    """
    there = {entry.name: entry for entry in subject.fields}
    for full in (name, PREFIX + name, OF_ACCOUNT + name.removeprefix(PREFIX)):
        if full in there:
            return there[full]
    names = ", ".join(sorted(field.name for field in subject.fields))
    raise Invalid(f"{subject.name.capitalize()} have no field {name!r}. There are: {names}.")


def measure_named(subject: Subject, name: str) -> tuple[Quantity, Function] | Ratio | Each | None:
    """A quantity with how it is summed up, a ratio, an each, or None for ``count``.

    :raises Invalid: names the subject's measures.
    """
    if name == "count":
        return None
    for ratio in subject.ratios:
        if ratio.name == name:
            return ratio
    of, how = name, ""
    if name.rpartition(".")[2] in FUNCTIONS and "." in name:
        of, _, how = name.rpartition(".")
    if not how and of in FUNCTIONS and subject.amount:
        of, how = subject.amount, of
    for quantity in subject.quantities:
        if quantity.name in (of, PREFIX + of):
            return quantity, next((function for function in FUNCTIONS if function == how), quantity.usual)
    known = [*measure_names(subject), *(quantity.name for quantity in subject.quantities)]
    plain = list(dict.fromkeys(one.partition(" ")[0] for one in known))
    near = get_close_matches(name.lower(), plain, n=3, cutoff=0.0)
    raise Invalid(f"{subject.name.capitalize()} have no measure {name!r}. The nearest are: {', '.join(near)}.")


def measure_names(subject: Subject) -> tuple[str, ...]:
    """Every measure of the subject, without the ``.median`` … that each quantity takes."""
    return (
        "count",
        *(FUNCTIONS if subject.amount else ()),
        *(ratio.name for ratio in subject.ratios),
        *(f"{quantity.name} (.sum .average .median .smallest .largest)" for quantity in subject.quantities),
    )


__all__ = ["OF_ACCOUNT", "SUBJECTS", "field_named", "measure_named", "measure_names", "subject_named"]
