"""What is done about a request of each family: the calls to make, or what is missing for them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from langchain_core.embeddings import Embeddings

from bot.agent.embedded import (
    answers,
    changed_tasks,
    done_tasks,
    news,
    plan_bulk,
    plan_consents,
    plan_deals,
    plan_drafts,
    plan_evidence,
    plan_figures,
    plan_log,
    plan_managers,
    plan_passages,
    plan_people_data,
    plan_promises,
    plan_reads,
    plan_records,
    plan_slips,
    plan_tasks,
    plan_updates,
)
from bot.agent.embedded.entry_words import TO_CALL, TO_WRITE
from bot.agent.embedded.plan_reads import Maker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.requests import Request
from bot.agent.embedded.slots import day_of

_WRITERS: Mapping[str, Maker] = {
    "log": plan_log.log, "update_deal": plan_updates.update_deal, "task": plan_tasks.create_task, "complete": done_tasks.complete_task,
    "update_task": changed_tasks.update_task,
    "create_contact": plan_records.create_contact, "create_deal": plan_records.create_deal, "create_account": plan_records.create_account,
    "update_contact": plan_records.update_contact, "set_role": plan_records.set_role, "record_consent": plan_consents.record_consent,
}  # fmt: skip
_READERS: Mapping[str, Maker] = {
    "latest": plan_reads.latest, "brief": plan_reads.brief, "people": plan_reads.people, "contact_details": plan_reads.contact_details,
    "consent": plan_reads.consent, "promises": plan_promises.promises, "last_touch": plan_reads.last_touch, "timeline": plan_reads.timeline,
    "passages": plan_passages.passages, "purchases": plan_reads.purchases, "cases": plan_reads.cases, "deal_details": plan_reads.deal_details,
    "draft": plan_drafts.draft, "list_deals": plan_deals.deals_asked, "list_accounts": plan_deals.accounts_asked, "report": plan_figures.heard,
    "slips": plan_slips.slips, "tasks": plan_tasks.list_tasks,
}  # fmt: skip
_WHICH_SLIPPED = re.compile(r"^(?:which|what|any|show(?: me)?|list)\b(?!.*\b(?:often|times|twice|once|who|by|most|ever|keep|history|many)\b).*\b(?:deals?|renewals?|opportunities|opps|what) .*(?:slip|push|delay|postpon)\w*|^what (?:did|have) (?:i|we|PERSON) (?:push|postpone)(?:d|ed)?\b")
"""Asks for the deals themselves, and not how often or by whom."""
_ALL_SOLD = re.compile(r"^(?!.*\b(?:they|them|their|he|she|his|her|there|it)\b).*\b(?:orders?|subscriptions?)\b")
""" "Orders this year" are everyone's."""
_OF_SLIPS = frozenset({"slips", "what_changed", "next_actions", "list_accounts"})
_ONE_DID = re.compile(r"^(?:and )?what (?:all )?(?:did|has) PERSON (?:do|done|been up to)\b")
_BY_WHEN = re.compile(r"(?i)(?:by|before|until) ")
"""Asks what is due, and not what a day holds."""
_A_TALK = re.compile(r"^(?:call|ring|phone|meeting|email|mail|chat|visit|lunch|coffee|demo|zoom)\b")
_WRITTEN = re.compile(r"^(?:(?:i|we) )?(?:(?:have|had|just|already|finally) )*(?:wrote|written|sent|emailed|mailed|messaged|replied|forwarded|(?:shot|fired|dropped|flicked|dashed)(?: off| over)?(?= (?:CONTACT|ACCOUNT|her|him|them|an?)\b))\b|^(?:an? )?(?:email|mail|message) (?:was |has been |just )?sent\b")
_TO_MENTION = re.compile(r"\b(?:things?|points?|topics?|bullets?|items?|stuff|something) (?:that )?(?:i (?:can|could|should|might|must|need to) |for me to |to |worth )(?:mention(?:ing)?|rais(?:e|ing)|bring(?:ing)? up|say|talk(?:ing)? about|cover|discuss|ask(?: about)?|touch on)\b")
""" "Give me three things to mention to her" asks for no mail."""
_NOTES = re.compile(r"^(?:log|note|record|jot|file|add)\b|.*\b(?:asked|told|wants|wanted|needs|said) (?:me|us) to (?:prepare|draft|write|compose|put)\b")
_TO_WRITE_LATER = re.compile(r"^(?:remind|task|todo|to-do|reminder|do not (?:let me )?forget|i (?:have|need|must) (?:to )?remember)\b")
"""An e-mail to write another day is something to do."""
_PEOPLE_DATA = frozenset({"merge", "erase", "export", "duplicates"})
_OF_MANY = frozenset({"bulk"})
WRITES = frozenset(_WRITERS) | _OF_MANY | {"merge", "erase"}
CLAIMED: Mapping[str, tuple[str, float]] = {
    "bulk": ("bulk", 1.01), "one task": ("update_task", 1.01), "one task done": ("complete", 1.01), "entry": ("log", 1.01), "news": ("log", 1.01), "figure by": ("report", 0.99), "figure report": ("report", 0.8), "figure slips": ("slips", 0.95),
    "documents": ("documents", 1.01), "qualify": ("qualify", 0.7), "satisfaction": ("satisfaction", 0.95), "objections": ("objections", 0.98),
    "merge": ("merge", 0.95), "duplicates": ("duplicates", 0.95), "erase": ("erase", 0.95), "export": ("export", 0.95),
    "contradictions": ("contradictions", 0.99), "two values": ("contradictions", 1.01), "still so": ("contradictions", 1.01), "against us": ("deal_details", 1.01), "summary": ("summary", 0.95), "deal_details": ("deal_details", 0.8), "passages": ("passages", 0.95), "latest": ("latest", 0.8), "consent": ("record_consent", 1.01), "who is quiet": ("list_accounts", 1.01), "outlook": ("list_deals", 1.01), "a value": ("update_deal", 0.6),
}  # fmt: skip
"""What a reader with words of its own claims -> the family that is, and how sure another has to be to be preferred. On utterances
they were not written for the claims were right in 0.64 (a figure), 0.77 (qualify) and 0.84 to 1.0 (the others)."""
ANSWERS = frozenset({"confirm", "cancel", "undo", "thanks", "greeting", "help", "out_of_scope"})
"""Families that need no reading of the record."""
_WHO_HAS_MOST = re.compile(r"(?:and )?(?:who|whose|which (?:of (?:my|our|the) )?(?:reps?|sellers?|one|person|people)|which rep|how many .* (?:does|do) (?:each|every))\b.*\b(?:most|fewest|least|more|each|every)\b")
OF_ACCOUNTS = frozenset(_READERS) - {"passages", "consent", "draft"} | plan_evidence.FAMILIES - {"documents"} | {"what_changed", "next_actions", "team_week"}
"""Families in which a name that nothing matches is taken for an account."""


def made(family: str, request: Request, confidence: float, embeddings: Embeddings) -> Plan | None:
    """The plan of a request that is of ``family``; None when it cannot be of it after all. ``embeddings`` tell what is asked
    within a family."""
    core, linker, caller, today = request.core, request.linker, request.caller, request.today
    if family == "log" and plan_log.planned(core, today):
        family = "task"
    if family == "log" and request.mood == "command" and TO_WRITE.match(request.bare):
        family = "draft"  # what is to be written has not happened
    if family == "draft" and _TO_MENTION.search(request.bare):
        family = "brief"
    if family == "bulk" and plan_bulk.a_task(request.bare):
        family = "task"
    if family == "log" and request.mood == "command" and plan_drafts.ordered(request.bare) and not _NOTES.match(request.bare):
        family = "draft"
    if family == "task" and _A_TALK.match(request.bare) and any(mark.time is not None and mark.time.start is not None and day_of(mark.time.start) < today for mark in core.of("DATE")):
        family = "log"  # nothing is to be done on a day that has passed
    if family == "log" and request.mood == "command" and TO_CALL.match(request.bare):
        family = "task"
    if family == "draft" and _WRITTEN.match(request.bare):
        family = "log"
    if family == "draft" and _TO_WRITE_LATER.match(request.bare):
        family = "task"
    if family == "draft" and any(mark.time is not None and mark.time.start is not None and day_of(mark.time.start) > today for mark in core.of("DATE")):
        family = "task"
    if family == "purchases" and not core.of("ACCOUNT") and core.of("DATE") and _ALL_SOLD.search(request.bare):
        family = "report"
    if family in ("slips", "what_changed") and _WHICH_SLIPPED.match(request.bare):
        family = "list_deals"
    if family in ("brief", "latest", "summary") and caller.manages and core.of("PERSON") and not core.of("ACCOUNT", "CONTACT", "DEAL"):
        family = "team_week"  # a manager prepares to talk with somebody of the team
    if family in _OF_SLIPS and plan_deals.MAY_SLIP.search(request.bare):
        family = "list_deals"
    if family in ("day", "next_actions") and any(_BY_WHEN.match(mark.text) or re.search(r"\b(?:by|before|until) $", core.masked[: mark.start]) for mark in core.of("DATE")):
        family = "tasks"
    if family == "tasks" and _WHO_HAS_MOST.match(request.bare):
        family = "report"
    if family == "team_week" and _ONE_DID.match(request.bare):
        family = "timeline"
    found: Call | Plan | None
    if family in ANSWERS:
        return answers.answer(family, request.memory, core.masked)
    if family in _OF_MANY:
        found = plan_bulk.made(core, linker, caller, today)
    elif family in _PEOPLE_DATA:
        found = plan_people_data.of_family(family, core, request.mood, linker)
    elif family not in _WRITERS and (claimed := _claimed(family, request)) is not None:
        found = claimed
    elif family in plan_evidence.FAMILIES:
        found = plan_evidence.of_family(family, core, request.mood, linker, caller, today, embeddings)
    elif maker := _WRITERS.get(family) or _READERS.get(family):
        found = maker(core, linker, caller, today)
    else:
        found = plan_managers.made(family, core, linker, caller, today, request.memory)
    if isinstance(found, Call):
        entry = plan_log.log(core, linker, caller, today) if family == "update_deal" and found.args.get("stage") in ("won", "lost") and news.reported(request.bare) else None
        calls = (news.noted(core, entry), found) if isinstance(entry, Call) else (found,)
        return Plan(calls=calls, confidence=confidence, reason=family)
    return None if found is None else replace(found, confidence=confidence, reason=found.reason or family)


def _claimed(family: str, request: Request) -> Plan | None:
    """The plan of a reader that knows the words of the question, where one does. Which field qualifies needs more than words."""
    if family == "qualify":
        return None
    found = plan_evidence.claims(request.core, request.mood, request.linker, request.caller, request.today)
    return next((plan for kind, plan in found if kind == family), None)
