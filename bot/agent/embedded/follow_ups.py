"""What the requests of one message take from each other: what they are about, and two changes of one deal that are one."""

import re
from dataclasses import replace

from bot.agent.embedded import lead_ins, replies
from bot.agent.embedded.plans import WRITING, Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Memory, Said
from crm_store.names import Names


def as_one_change(plan: Plan) -> Plan:
    """Two changes of one deal in one message are one proposal: the second would find it changed by the first."""
    kept: list[Call] = []
    for call in plan.calls:
        same = next((at for at, one in enumerate(kept) if call.tool == one.tool == "update_deal" and one.args.get("deal") == call.args.get("deal")), None)
        if same is None:
            kept.append(call)
        elif all(kept[same].args[key] == call.args[key] for key in set(kept[same].args) & set(call.args)):
            kept[same] = Call("update_deal", {**kept[same].args, **call.args})
        else:
            kept.append(call)
    return replace(plan, calls=tuple(kept)) if len(kept) < len(plan.calls) else plan


def with_subjects(memory: Memory, plan: Plan, names: Names) -> Memory:
    """The memory with what a request of this message was about, so that the next one may say "it"."""
    fresh: list[Said] = []
    for call in plan.calls:
        for key in ("deal", "contact", "contacts", "account"):
            values = call.args.get(key)
            for value in values if isinstance(values, list) else [values]:
                name = names.get(value) if isinstance(value, str) else None
                if name is not None:
                    fresh.append(Said(kind=name.kind, id=name.id, name=name.text))
                    at = names.get(name.account_id) if name.account_id else None
                    if at is not None and name.kind == "contact":  # "them" is now where this contact works
                        fresh.append(Said(kind=at.kind, id=at.id, name=at.text))
    kept = [one for one in memory.subjects if one not in fresh]
    return memory.model_copy(update={"subjects": (*fresh, *kept)})


_TELLS = re.compile(r"^(?:the |our )?(?:ACCOUNT|CONTACT|DEAL|they|she|he|we|i) (?:just |also |now |really |has |have )*(?:wants?|needs?|wanted|is|are|likes?|loves?|asked|looks?|seems?|grew|plans?)\b")
_FEW_WORDS = 4
_CREATING = frozenset({"create_account", "create_contact", "create_deal"})


def _leads_to_new(plan: Plan, after: Plan, request: Sentence) -> bool:
    """Whether it only says why a record is to be made: "they want more", or "met them at the fair" of nobody on record."""
    if not after.calls or after.calls[0].tool not in _CREATING or not plan.calls:
        return False
    if all(call.tool == "log_interaction" for call in plan.calls) and not any({"contacts", "account", "deal"} & set(call.args) for call in plan.calls):
        return True
    return plan.reason in ("latest", "log") and len(request.masked.split()) <= _FEW_WORDS and _TELLS.match(request.masked.strip()) is not None


def without_lead_ins(plans: list[Plan], requests: list[Sentence]) -> list[Plan]:
    """The plans without those that only lead up to the next, nor the one before a change that nothing was understood of. With an
    amount or a length of time in it it may be its condition, and nothing is changed."""
    plans, requests = _without_reasons(plans, requests)
    kept = [at for at in range(len(plans)) if at + 1 == len(plans) or not lead_ins.is_lead_in(plans[at], plans[at + 1], requests[at])]
    plans, requests = [plans[at] for at in kept], [requests[at] for at in kept]
    at = next((at for at, plan in enumerate(plans) if any(call.tool in WRITING for call in plan.calls)), None)
    if at is None:
        return plans
    leading = [place for place, plan in enumerate(plans[:at]) if not plan.understood and plan.reason.startswith("unsure")]
    if any(requests[place].of("MONEY", "LENGTH") for place in leading):
        words = " ".join(f"“{requests[place].text}”" for place in leading)
        return [Plan(say=replies.UNREAD.format(words=words), understood=False, confidence=0.5, reason="what leads up to the change was not read")]
    return [plan for place, plan in enumerate(plans) if place not in leading]


def _without_reasons(plans: list[Plan], requests: list[Sentence]) -> tuple[list[Plan], list[Sentence]]:
    kept = [at for at in range(len(plans)) if at + 1 == len(plans) or not _leads_to_new(plans[at], plans[at + 1], requests[at])]
    return [plans[at] for at in kept], [requests[at] for at in kept]


_OF_ACCOUNTS = frozenset({"list_cases", "list_deals", "account_people", "promises", "timeline", "purchase_history", "account_latest", "account_brief"})


def _of_the_same_account(plan: Plan, before: Plan, request: Sentence) -> Plan:
    """ "What is new at Meridian, and any open tickets?": the tickets are Meridian's too."""
    at = next((call.args.get("account") for call in before.calls if call.tool in _OF_ACCOUNTS), None)
    call = plan.calls[0] if len(plan.calls) == 1 else None
    if at is None or call is None or call.tool not in _OF_ACCOUNTS or request.marks or {"account", "contact", "deal"} & set(call.args):
        return plan
    if re.search(r"\b(?:my|mine|our|all|every\w*|team|i|we)\b", request.masked):
        return plan
    kept = {key: value for key, value in call.args.items() if key != "owner"}
    return replace(plan, calls=(Call(call.tool, {"account": at, **kept}),))


_AT_THE_SAME = frozenset({"list_cases", "purchase_history", "promises", "objections", "account_people", "timeline"})
_MOST_OF_THE_SAME = 4
"""Words of a question that may be about the account of the one before without saying so; with more it names what it is about."""


def of_the_account_before(plan: Plan, memory: Memory, sentence: Sentence) -> Plan:
    """ "Open cases?" after the brief on an account is about that account."""
    tied = re.match(r"^(?:and|what about|how about|any|also|their|open)\b", sentence.masked) is not None
    if not memory.calls or memory.calls[-1].tool not in _OF_ACCOUNTS or len(plan.calls) != 1 or len(sentence.masked.split()) > _MOST_OF_THE_SAME:
        return plan
    if plan.calls[0].tool not in _AT_THE_SAME and not (tied and plan.calls[0].tool == "list_deals"):
        return plan
    last = memory.calls[-1]
    return _of_the_same_account(plan, Plan(calls=(Call(last.tool, last.args),)), sentence)


def _of_the_same_contact(plan: Plan, before: Plan, request: Sentence) -> Plan:
    """ "Contact details of Helena, plus our last touchpoint with them": hers."""
    contact = before.calls[0].args.get("contact") if len(before.calls) == 1 and before.calls[0].tool == "contact_details" else None
    call = plan.calls[0] if len(plan.calls) == 1 else None
    if contact is None or call is None or call.tool != "timeline" or "contact" in call.args or request.marks:
        return plan
    return replace(plan, calls=(Call(call.tool, {"contact": contact, **{key: value for key, value in call.args.items() if key != "account"}}),))


_TALK_TO_COME = re.compile(r"(?i)(?:\w+ )?(?:call|meeting|lunch|dinner|coffee|breakfast|visit|demo|workshop|appointment)\b")
_FOR_IT = re.compile(r"(?i)(?:bring|take|prepare|prep|print|mention|raise|show|ask|book|wear|buy|pack)\b")


def _of_the_same_talk(plan: Plan, before: Plan) -> Plan:
    """ "Lunch with Grace on Thursday, remind me to bring the samples": of that day and with her."""
    if len(plan.calls) != 1 or len(before.calls) != 1 or {plan.calls[0].tool, before.calls[0].tool} != {"create_task"}:
        return plan
    task, talk = plan.calls[0].args, before.calls[0].args
    if not (_TALK_TO_COME.match(str(talk["title"])) and _FOR_IT.match(str(task["title"]))) or "due" in task or {"contact", "account", "deal"} & set(task):
        return plan
    return replace(plan, calls=(Call("create_task", {**task, **{key: talk[key] for key in ("due", "contact", "account", "deal") if key in talk}}),))


def about_the_same(plan: Plan, before: Plan, request: Sentence) -> Plan:
    """A task that names nobody belongs to whom the entry before it is about, and what is asked of no account to the one before."""
    plan = _of_the_same_contact(plan, before, request)
    plan = _of_the_same_talk(_of_the_same_account(plan, before, request), before)
    whom = next((call.args for call in before.calls if call.tool == "log_interaction"), None)
    if whom is None or len(plan.calls) != 1 or plan.calls[0].tool != "create_task":
        return plan
    task = plan.calls[0]
    about = {"contact", "account", "deal"} & set(task.args)
    named = request.of("ACCOUNT", "CONTACT", "DEAL") or re.search(r"\b(?:deal|renewal)\b", str(task.args["title"]).lower())
    loosely = bool(about) and about <= {"deal", "account"} and not named and bool(whom.get("contacts"))
    if about and not loosely:
        return plan
    if loosely:
        task = Call(task.tool, {key: value for key, value in task.args.items() if key not in about})
    contacts = whom.get("contacts")
    if isinstance(contacts, list) and contacts:
        return replace(plan, calls=(Call(task.tool, {**task.args, "contact": contacts[0]}),))
    return replace(plan, calls=(Call(task.tool, {**task.args, "account": whom["account"]}),)) if whom.get("account") else plan
