"""Replies that need no reading of the record: a word on a proposal, thanks, help; and several plans as one."""

import re

from bot.agent.embedded import replies
from bot.agent.embedded.plans import Call, Plan
from bot.agent.memory import Memory


def answer(family: str, memory: Memory, said: str) -> Plan:
    match family:
        case "confirm" if memory.proposal_ids:
            return Plan(
                calls=tuple(Call("confirm_proposal", {"proposal": one}) for one in memory.proposal_ids),
                reason="confirm",
            )
        case "cancel" if memory.proposal_ids:
            return Plan(
                calls=tuple(Call("reject_proposal", {"proposal": one}) for one in memory.proposal_ids), reason="cancel"
            )
        case "undo" if memory.proposal_ids:  # nothing was written yet, so taking it back is putting it aside
            return Plan(
                calls=tuple(Call("reject_proposal", {"proposal": one}) for one in memory.proposal_ids), reason="undo"
            )
        case "undo" if memory.change_id is not None:
            return Plan(calls=(Call("undo_change", {"change": memory.change_id}),), reason="undo")
        case "confirm" if not re.search(r"\b(?:yes|confirm|do it|go ahead|log|save|approve|ok)", said):
            return Plan(say=replies.THANKS, reason="thanks")
        case "confirm":
            return Plan(say=replies.NOTHING_TO_CONFIRM, reason="confirm")
        case "cancel":
            return Plan(say=replies.NOTHING_TO_CANCEL, reason="cancel")
        case "undo":
            return Plan(say=replies.NOTHING_TO_UNDO, reason="undo")
        case "thanks":
            return Plan(say=replies.THANKS, reason="thanks")
        case "greeting":
            return Plan(say=replies.GREETING, reason="greeting")
        case "help":
            return Plan(calls=(Call("help"),), reason="help")
    return Plan(say=replies.OUT_OF_SCOPE, understood=False, reason=family)


_YES = re.compile(r"^(?:\s|:(?:\+1|thumbsup|white_check_mark|heavy_check_mark|ok_hand|ok)(?::skin-tone-\d)?:|[\U0001F44D\U0001F44C\u2705\u2714\uFE0F\U0001F3FB-\U0001F3FF])+$")
_NO = re.compile(r"^(?:\s|:(?:-1|thumbsdown|x|no_entry|no_entry_sign)(?::skin-tone-\d)?:|[\U0001F44E\u274C\U0001F6AB\uFE0F\U0001F3FB-\U0001F3FF])+$")


def by_sign(text: str, memory: Memory) -> Plan | None:
    """The answer to a proposal by nothing but a thumb or a tick."""
    return answer("confirm", memory, "ok") if _YES.match(text) else answer("cancel", memory, "no") if _NO.match(text) else None


def together(plans: list[Plan]) -> Plan:
    """Several requests of one message as one plan. A question back waits until the others are done, and comes with them."""
    if len(plans) == 1:
        return plans[0]
    calls: tuple[Call, ...] = ()
    for call in (each for plan in plans for each in plan.calls):
        calls += () if call in calls else (call,)  # what was asked twice is answered once
    said = [plan.say for plan in plans if plan.say and plan.say not in (replies.THANKS, replies.GREETING)]
    asking = next((plan for plan in plans if plan.question is not None), None)
    if not calls and not said and asking is None:
        return plans[0]
    return Plan(
        calls, "\n\n".join(said) or None, asking.question if asking else None, all(plan.understood for plan in plans),
        min(plan.confidence for plan in plans), "; ".join(plan.reason for plan in plans),
        asking.waiting if asking else None, asking.missing if asking else "",
    )  # fmt: skip
