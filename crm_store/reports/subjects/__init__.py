"""The table of what can be reported on; a new subject is one file and one entry here."""

from crm_store.errors import Invalid
from crm_store.reports.catalogue import FUNCTIONS, Field, Function, Quantity, Ratio, Subject
from crm_store.reports.subjects.activity import INTERACTIONS, TASKS
from crm_store.reports.subjects.commerce import ORDERS, SUBSCRIPTIONS
from crm_store.reports.subjects.customers import ACCOUNTS, CAMPAIGN_MEMBERS, CONTACTS
from crm_store.reports.subjects.deals import DEALS
from crm_store.reports.subjects.service import CASES, SURVEYS

SUBJECTS: tuple[Subject, ...] = (
    DEALS,
    ACCOUNTS,
    CONTACTS,
    INTERACTIONS,
    TASKS,
    ORDERS,
    SUBSCRIPTIONS,
    CASES,
    SURVEYS,
    CAMPAIGN_MEMBERS,
)


def subject_named(name: str) -> Subject:
    """:raises Invalid: names the subjects there are."""
    for subject in SUBJECTS:
        if subject.name == name:
            return subject
    raise Invalid(f"There is nothing called {name!r} to report on. There are: {', '.join(s.name for s in SUBJECTS)}.")


def field_named(subject: Subject, name: str) -> Field:
    """:raises Invalid: names the subject's fields."""
    for entry in subject.fields:
        if entry.name == name:
            return entry
    names = ", ".join(sorted(field.name for field in subject.fields))
    raise Invalid(f"{subject.name.capitalize()} have no field {name!r}. There are: {names}.")


def measure_named(subject: Subject, name: str) -> tuple[Quantity, Function] | Ratio | None:
    """A quantity with how it is summed up, a ratio, or None for ``count``.

    :raises Invalid: names the subject's measures.
    """
    if name == "count":
        return None
    for ratio in subject.ratios:
        if ratio.name == name:
            return ratio
    of, _, how = name.partition(".")
    if not how and of in FUNCTIONS and subject.amount:
        of, how = subject.amount, of
    for quantity in subject.quantities:
        if quantity.name == of and (not how or how in FUNCTIONS):
            return quantity, next((function for function in FUNCTIONS if function == how), quantity.usual)
    raise Invalid(
        f"{subject.name.capitalize()} have no measure {name!r}. There are: {', '.join(measure_names(subject))}."
    )


def measure_names(subject: Subject) -> tuple[str, ...]:
    """Every measure of the subject, without the ``.median`` … that each quantity takes."""
    return (
        "count",
        *(FUNCTIONS if subject.amount else ()),
        *(ratio.name for ratio in subject.ratios),
        *(f"{quantity.name} (.sum .average .median .smallest .largest)" for quantity in subject.quantities),
    )


__all__ = ["SUBJECTS", "field_named", "measure_named", "measure_names", "subject_named"]
