"""Every table of the record, one module per family."""

from crm_store.models.commerce import Order, OrderLine, Product, Subscription
from crm_store.models.custom import CustomField, CustomKind
from crm_store.models.customers import RETRACTED, Account, AccountKind, AccountMember, Consent, Contact
from crm_store.models.deals import (
    ContactRole,
    Deal,
    DealContact,
    DealLine,
    DealStatus,
    FieldHistory,
    ForecastCategory,
    Pipeline,
    Stage,
)
from crm_store.models.interactions import Channel, Direction, Interaction, Participant, Task
from crm_store.models.ledger import Change, ChangeLine, ItemStatus, Merged, Proposal, ProposalItem, SuggestionEvent
from crm_store.models.marketing import Campaign, CampaignMember
from crm_store.models.own_documents import OwnDocument, OwnPassage
from crm_store.models.passages import Chunk, Document
from crm_store.models.people import ExchangeRate, Person, Quota, Role, SlackIdentity, Team
from crm_store.models.runtime import ConversationTurn, ImportBatch, ImportRun, InboundEvent, Job
from crm_store.models.service import Case, SurveyResponse

__all__ = [
    "RETRACTED",
    "Account",
    "AccountKind",
    "AccountMember",
    "Campaign",
    "CampaignMember",
    "Case",
    "Change",
    "ChangeLine",
    "Channel",
    "Chunk",
    "Consent",
    "Contact",
    "ContactRole",
    "ConversationTurn",
    "CustomField",
    "CustomKind",
    "Deal",
    "DealContact",
    "DealLine",
    "DealStatus",
    "Direction",
    "Document",
    "ExchangeRate",
    "FieldHistory",
    "ForecastCategory",
    "ImportBatch",
    "ImportRun",
    "InboundEvent",
    "Interaction",
    "ItemStatus",
    "Job",
    "Merged",
    "Order",
    "OrderLine",
    "OwnDocument",
    "OwnPassage",
    "Participant",
    "Person",
    "Pipeline",
    "Product",
    "Proposal",
    "ProposalItem",
    "Quota",
    "Role",
    "SlackIdentity",
    "Stage",
    "Subscription",
    "SuggestionEvent",
    "SurveyResponse",
    "Task",
    "Team",
]
