"""Which rows become rows of which table, in the order in which what others point at comes first."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm_store.imports import activities, commerce, consents, customers, deals, people, service, steering
from crm_store.imports.rows import Row
from crm_store.imports.run import Reader, Run
from crm_store.imports.writing import Draft, Target
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealLine,
    ExchangeRate,
    Interaction,
    Order,
    OrderLine,
    Person,
    Product,
    Quota,
    Subscription,
    SurveyResponse,
    Task,
    Team,
)


@dataclass(frozen=True)
class Step:
    """How rows of some kinds become rows of one table. ``keep`` remembers a saved row for those that point at it,
    ``natural`` tells rows apart in files without ids, ``seen_as`` is what association tables call them. ``mention`` notes what
    a row says of other rows, which has to be known again when an import goes on; ``replays`` reads all rows again then.
    ``tells`` is the entity whose histories are read after it."""

    kinds: tuple[str, ...]
    target: Target
    reader: Reader
    keep: Callable[[Run, Draft], None] | None = None
    after: Callable[[Session, Run, list[Draft]], None] | None = None
    natural: tuple[str, ...] = ()
    seen_as: str = ""
    keeps_deleted: bool = False
    mention: Callable[[Row, Run, str], None] | None = None
    replays: bool = False
    tells: str = ""


INTERACTION = Step((), Target(Interaction, "interaction"), activities.interaction, seen_as="engagement")
TASK = Step((), Target(Task, "task"), activities.task, seen_as="engagement")
ACTIVITIES = ("interaction", "call", "meeting", "email", "note", "communication", "task")
FIRST: tuple[Step, ...] = (
    Step(
        ("team",),
        Target(Team, "team"),
        people.team,
        people.keep_team,
        people.after_teams,
        natural=("name",),
        replays=True,
    ),
    Step(
        ("user",),
        Target(Person, "person"),
        people.person,
        people.keep_person,
        natural=("email", "name"),
        keeps_deleted=True,
        replays=True,
    ),
)
STEPS: tuple[Step, ...] = (
    Step(("product",), Target(Product, "product"), commerce.product, commerce.keep_product, natural=("code", "name")),
    Step(("price",), Target(Product, "product"), commerce.price, natural=("product",), mention=commerce.mention_price),
    Step(
        ("account",), Target(Account, "account"), customers.account, customers.keep_account,
        natural=("name", "domain"), seen_as="company", tells="account",
    ),
    Step(
        ("contact",), Target(Contact, "contact"), customers.contact, customers.keep_contact, consents.write,
        natural=("email", "name", "first", "last", "account"), seen_as="contact", mention=customers.mention_contact,
    ),
    Step(
        ("lead",), Target(Contact, "contact"), customers.lead, customers.keep_contact, customers.after_leads,
        natural=("email", "name", "first", "last", "company"), seen_as="contact", mention=customers.mention_lead, tells="contact",
    ),
    Step(
        ("deal",), Target(Deal, "deal"), deals.deal, deals.keep_deal, deals.after_deals, natural=("name", "account"), seen_as="deal",
        tells="deal",
    ),
    Step(
        ("deal line",), Target(DealLine, "deal_line"), deals.deal_line, natural=("deal", "product", "product_name")
    ),
    Step(
        ACTIVITIES, INTERACTION.target, activities.interaction,
        natural=("type", "at", "due", "subject", "body", "account", "contact", "deal"), seen_as="engagement",
    ),
    Step(("order",), Target(Order, "order"), commerce.order, commerce.keep_order, natural=("number",)),
    Step(
        ("order line",), Target(OrderLine, "order_line"), commerce.order_line,
        natural=("order", "product", "product_name"),
    ),
    Step(
        ("subscription",), Target(Subscription, "subscription"), commerce.subscription,
        natural=("account", "account_id", "product", "starts_on"),
    ),
    Step(
        ("case",), Target(Case, "case"), service.case, service.keep_case, natural=("number", "subject", "opened_at"), seen_as="ticket",
        tells="case",
    ),
    Step(("campaign",), Target(Campaign, "campaign"), commerce.campaign, commerce.keep_campaign, natural=("name",)),
    Step(
        ("campaign member",), Target(CampaignMember, "campaign_member"), commerce.campaign_member,
        natural=("campaign", "contact"),
    ),
    Step(("quota",), Target(Quota, "quota"), steering.quota, natural=("person", "starts", "ends")),
    Step(("exchange rate",), Target(ExchangeRate, "exchange_rate"), steering.exchange_rate, natural=("currency", "base", "on")),
    Step(("consent",), Target(Consent, "consent"), consents.consent, natural=("contact", "channel", "purpose", "status", "at")),
    Step(
        ("survey",), Target(SurveyResponse, "survey"), service.survey,
        natural=("kind", "at", "score", "contact", "account"),
    ),
)  # fmt: skip
