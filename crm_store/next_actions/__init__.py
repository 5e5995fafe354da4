"""Next best actions: rules find them, gates hold back, a score orders, and every reason has its source."""

from crm_store.next_actions.candidate import Candidate, Factors, Plan, Refusal, Rule, SourceRef, Suggestion
from crm_store.next_actions.load import load_facts
from crm_store.next_actions.quotes import quoted
from crm_store.next_actions.rules import RULES
from crm_store.next_actions.suggest import MOST, decide, find_candidate, plan_for, rank, record_event, suggest

__all__ = [
    "MOST", "RULES", "Candidate", "Factors", "Plan", "Refusal", "Rule", "SourceRef", "Suggestion", "decide",
    "find_candidate", "load_facts", "plan_for", "quoted", "rank", "record_event", "suggest",
]  # fmt: skip
