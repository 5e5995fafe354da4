"""The rules in a list; a new one is a file here, a line below, and a test with one positive and one near miss."""

from crm_store.next_actions.candidate import Rule
from crm_store.next_actions.rules import (
    big_deal_at_risk,
    champion_silent,
    close_date_passed,
    contact_left,
    meeting_unlogged,
    next_step_overdue,
    no_next_step,
    promise_overdue,
    referral_ask,
    renewal_due,
    satisfaction_recovery,
    stale_stage,
)

RULES: tuple[Rule, ...] = (
    no_next_step.RULE,
    next_step_overdue.RULE,
    close_date_passed.RULE,
    promise_overdue.RULE,
    champion_silent.RULE,
    renewal_due.RULE,
    satisfaction_recovery.RULE,
    referral_ask.RULE,
    contact_left.RULE,
    meeting_unlogged.RULE,
    stale_stage.RULE,
    big_deal_at_risk.RULE,
)
