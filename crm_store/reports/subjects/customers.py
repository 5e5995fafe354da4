"""Accounts, contacts and whom campaigns reached."""

from sqlalchemy import and_, case, func, select

from crm_store.models import Account, Campaign, CampaignMember, Contact, Deal, Interaction, Participant
from crm_store.reports.catalogue import (
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
)
from crm_store.reports.sql import day_of, days_between, the_day

ACCOUNT_LAST_TOUCH = (
    select(func.max(Interaction.at)).where(Interaction.account_id == Account.id).correlate(Account).scalar_subquery()
)
OPEN_DEALS = (
    select(func.count(Deal.id))
    .where(Deal.account_id == Account.id, Deal.status == "open")
    .correlate(Account)
    .scalar_subquery()
)
CONTACT_LAST_TOUCH = (
    select(func.max(Interaction.at))
    .join(Participant, Participant.interaction_id == Interaction.id)
    .where(Participant.contact_id == Contact.id)
    .correlate(Contact)
    .scalar_subquery()
)

ACCOUNTS = Subject(
    name="accounts",
    noun="account",
    model=Account,
    day="created",
    day_words={"created": "created", "last_touch": "last touched"},
    joins=owner_joins(Account),
    fields=(
        Field("account", "text", Account.id, label=Account.name, named=(Account.id, Account.name)),
        Field("name", "text", Account.name),
        *owner_fields(Account),
        Field("kind", "choice", Account.kind),
        Field("industry", "text", Account.industry),
        Field("country", "text", Account.country),
        Field("region", "text", Account.region),
        Field("city", "text", Account.city),
        Field("domain", "text", Account.domain),
        Field("employees", "number", Account.employees),
        Field("annual_revenue", "money", Account.annual_revenue_minor),
        Field("open_deals", "number", OPEN_DEALS),
        Field("created", "moment", Account.created_at),
        Field("last_touch", "moment", ACCOUNT_LAST_TOUCH),
    ),
    quantities=(
        Quantity("annual_revenue", "money", Account.annual_revenue_minor),
        Quantity("employees", "number", Account.employees),
        Quantity("open_deals", "number", OPEN_DEALS, usual="sum"),
        Quantity("days_since_last_touch", "days", lambda today: days_between(ACCOUNT_LAST_TOUCH, the_day(today))),
    ),
    amount="annual_revenue",
    currency=Account.currency,
    rate_day=day_of(Account.created_at),
)

CONTACTS = Subject(
    name="contacts",
    noun="contact",
    model=Contact,
    day="created",
    day_words={"created": "created", "left": "left", "last_touch": "last touched"},
    joins={**owner_joins(Contact), **account_joins(Contact)},
    fields=(
        Field("name", "text", Contact.name),
        *owner_fields(Contact),
        *account_fields(Contact),
        Field("title", "text", Contact.title),
        Field("email", "text", Contact.email),
        Field("lifecycle", "choice", Contact.lifecycle),
        Field("is_advocate", "flag", Contact.is_advocate),
        Field("do_not_contact", "flag", Contact.do_not_contact),
        Field("left", "day", Contact.left_on),
        Field("created", "moment", Contact.created_at),
        Field("last_touch", "moment", CONTACT_LAST_TOUCH),
    ),
    quantities=(
        Quantity("days_since_last_touch", "days", lambda today: days_between(CONTACT_LAST_TOUCH, the_day(today))),
    ),
)

_ANSWERED = CampaignMember.status == "responded"
CAMPAIGN_MEMBERS = Subject(
    name="campaign_members",
    noun="campaign member",
    model=CampaignMember,
    day="at",
    day_words={"at": "reached"},
    joins={
        **owner_joins(CampaignMember),
        **account_joins(CampaignMember),
        "campaign": Join(Campaign, Campaign.id == CampaignMember.campaign_id),
    },
    fields=(
        *owner_fields(CampaignMember),
        *account_fields(CampaignMember),
        Field(
            "campaign",
            "text",
            CampaignMember.campaign_id,
            label=Campaign.name,
            needs=("campaign",),
            named=(Campaign.id, Campaign.name),
        ),
        Field("channel", "choice", Campaign.channel, needs=("campaign",)),
        Field("status", "choice", CampaignMember.status),
        Field("at", "moment", CampaignMember.at),
    ),
    ratios=(
        Ratio(
            "response_rate",
            "percent",
            case((_ANSWERED, 1), else_=0),
            case((CampaignMember.id.is_not(None), 1), else_=0),
        ),
        Ratio(
            "unsubscribe_rate",
            "percent",
            case((CampaignMember.status == "unsubscribed", 1), else_=0),
            case((CampaignMember.id.is_not(None), 1), else_=0),
        ),
        Ratio(
            "open_rate",
            "percent",
            case((and_(CampaignMember.status.in_(("opened", "responded"))), 1), else_=0),
            case((CampaignMember.id.is_not(None), 1), else_=0),
        ),
    ),
)
