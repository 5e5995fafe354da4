"""Whom campaigns reached, and what they did."""

from typing import Any

from sqlalchemy import case

from crm_store.models import Campaign, CampaignMember, Contact
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
)


def _share(name: str, meaning: str, *statuses: str) -> Ratio:
    """Of everyone a campaign was sent to, those who are at one of these now."""
    reached: Any = case((CampaignMember.id.is_not(None), 1), else_=0)
    return Ratio(name, "percent", case((CampaignMember.status.in_(statuses), 1), else_=0), reached, meaning=meaning)


CAMPAIGN_MEMBERS = Subject(
    name="campaign_members",
    noun="campaign member",
    model=CampaignMember,
    day="at",
    day_words={"at": "reached", "campaign_starts": "of campaigns that started"},
    joins={
        **owner_joins(CampaignMember),
        **account_joins(CampaignMember),
        "campaign": Join(Campaign, Campaign.id == CampaignMember.campaign_id),
        "contact": Join(Contact, Contact.id == CampaignMember.contact_id),
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
        Field("campaign_starts", "day", Campaign.starts_on, "start of the campaign", needs=("campaign",)),
        Field("lifecycle", "choice", Contact.lifecycle, "lifecycle stage", needs=("contact",)),
        Field("status", "choice", CampaignMember.status),
        Field("at", "moment", CampaignMember.at),
    ),
    ratios=(
        _share("response_rate", "of everyone reached, those who answered", "responded"),
        _share("open_rate", "of everyone reached, those who opened or answered", "opened", "responded"),
        _share("unsubscribe_rate", "of everyone reached, those who unsubscribed", "unsubscribed"),
        Each("contacts", CampaignMember.contact_id, "contacts reached"),
        Each("accounts", CampaignMember.account_id, "accounts reached"),
    ),
)
