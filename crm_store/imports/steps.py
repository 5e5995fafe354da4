"""Which rows become rows of which table, in the order in which what others point at comes first."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm_store.imports import activities, commerce, customers, deals, people, service
from crm_store.imports.run import Reader, Run
from crm_store.imports.writing import Draft, Target
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Case,
    Contact,
    Deal,
    DealLine,
    Interaction,
    Order,
    OrderLine,
    Person,
    Product,
    Subscription,
    SurveyResponse,
    Task,
    Team,
)


@dataclass(frozen=True)
class Step:
    """How rows of some kinds become rows of one table. ``keep`` remembers a saved row for those that point at it,
    ``natural`` tells rows apart in files without ids, ``seen_as`` is what association tables call them."""

    kinds: tuple[str, ...]
    target: Target
    reader: Reader
    keep: Callable[[Run, Draft], None] | None = None
    after: Callable[[Session, Run, list[Draft]], None] | None = None
    natural: tuple[str, ...] = ()
    seen_as: str = ""
    keeps_deleted: bool = False


INTERACTION = Step((), Target(Interaction, "interaction"), activities.interaction, seen_as="engagement")
TASK = Step((), Target(Task, "task", indexed=False), activities.task, seen_as="engagement")
ACTIVITIES = ("interaction", "call", "meeting", "email", "note", "communication", "task")
FIRST: tuple[Step, ...] = (
    Step(("team",), Target(Team, "team", indexed=False), people.team, people.keep_team, natural=("name",)),
    Step(
        ("user",),
        Target(Person, "person"),
        people.person,
        people.keep_person,
        natural=("email", "name"),
        keeps_deleted=True,
    ),
)
STEPS: tuple[Step, ...] = (
    Step(("product",), Target(Product, "product"), commerce.product, commerce.keep_product, natural=("code", "name")),
    Step(
        ("account",), Target(Account, "account"), customers.account, customers.keep_account,
        natural=("name", "domain"), seen_as="company",
    ),
    Step(
        ("contact",), Target(Contact, "contact"), customers.contact, customers.keep_contact,
        natural=("email", "name", "first", "last", "account"), seen_as="contact",
    ),
    Step(
        ("lead",), Target(Contact, "contact"), customers.lead, customers.keep_contact,
        natural=("email", "name", "first", "last", "company"), seen_as="contact",
    ),
    Step(
        ("deal",), Target(Deal, "deal"), deals.deal, deals.keep_deal, deals.after_deals, natural=("name", "account"), seen_as="deal"
    ),
    Step(
        ("deal line",), Target(DealLine, "deal_line", indexed=False), deals.deal_line, natural=("deal", "product", "product_name")
    ),
    Step(
        ACTIVITIES, INTERACTION.target, activities.interaction,
        natural=("type", "at", "due", "subject", "body", "account", "contact", "deal"), seen_as="engagement",
    ),
    Step(("order",), Target(Order, "order"), commerce.order, commerce.keep_order, natural=("number",)),
    Step(
        ("order line",), Target(OrderLine, "order_line", indexed=False), commerce.order_line,
        natural=("order", "product", "product_name"),
    ),
    Step(
        ("subscription",), Target(Subscription, "subscription", indexed=False), commerce.subscription,
        natural=("account", "account_id", "product", "starts_on"),
    ),
    Step(("case",), Target(Case, "case"), service.case, natural=("number", "subject", "opened_at"), seen_as="ticket"),
    Step(("campaign",), Target(Campaign, "campaign", indexed=False), commerce.campaign, commerce.keep_campaign, natural=("name",)),
    Step(
        ("campaign member",), Target(CampaignMember, "campaign_member", indexed=False), commerce.campaign_member,
        natural=("campaign", "contact"),
    ),
    Step(
        ("survey",), Target(SurveyResponse, "survey", indexed=False), service.survey,
        natural=("kind", "at", "score", "contact", "account"),
    ),
)  # fmt: skip
