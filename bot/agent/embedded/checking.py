"""What stands between a sentence and a write: questions, conditions, doubts, several things at once."""

import re
from datetime import date

from bot.agent.embedded import plan_deals, plan_reads, plan_tasks, replies
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from crm_store.people import Caller

HEDGED = re.compile(
    r"\b(?:(?:we|i|they|she|he|it|DEAL|ACCOUNT|that) may|probably|pretend|imagine|suppose|fingers crossed|knock(?:ing)? on wood|touch wood|with (?:any |some |a (?:bit|little) of )?luck|let us hope|good chance|on track to|about to (?:sign|close|win|lose|be signed)|close to (?:signing|closing|winning)|any day now|gets? signed (?=DATE)|if only|rumou?rs?|rumou?red|used to be|(?:do|does) not (?:think|believe)|doubt|apparently|allegedly|might|maybe|perhaps|hopefully|likely|possibly|i think|i guess|i hope|i expect|could|not sure|i (?:can )?feel|i want to see|i wish|we wish|almost|nearly|would have|could have|supposed to|meant to be|thinking (?:about|of)|considering|wondering|debating|tempted|toying with|leaning towards|whether|or not|(?:hoping|hope|trying|try|aiming|plan|planning|want|wants) (?:to|for) (?:win|close|sign|get|a win)|(?:going to|gonna|will|should) (?:be )?(?:won|win|lost|lose|sign(?:ed)?))\b"
)
NOT_SO = re.compile(
    r"\b(?:is|are|was|has|have|had|will|does|do|can) not (?:yet |really |actually |quite |been |fully )*(?:lost|won|signed?|closed?|closing|dead|going to)\b|\bnot (?:lost|won|signed|closed|dead)\b|\bnot before (?:DATE|LENGTH)|\bnot (?=DATE)|\?\s*(?:no|nope|nah|not (?:yet|quite|really|so|at all))\b"
)
"""What is said not to be so, or not to be so before a day, is no change either."""
OTHERWISE = re.compile(
    r"(?=.*\b(?:move|put|push|set|mark|close|change|make|update|assign|reassign|give)\b).*[,;]?\s(?:otherwise|or else|else)\b"
)
"""A change with its alternative: two conditions in one, which no single proposal can hold."""
IF_NOT_DONE = re.compile(r"\b(?:if|unless) (?:i|we|it|nobody|no one) (?:have|has|had|did|was)\b[^,]*$")
_ON_HOLD = re.compile(
    r"\b(?:on (?:hold|ice|pause)|paused?|parked?|park it|pause it|freeze|frozen|hold off)\b.*\bDATE\b|^(?:pause|park|hold|freeze|shelve) (?:the |our |my )?(?:DEAL|ACCOUNT|it|that|this).*\bDATE\b"
)
_CHANGED = re.compile(
    r"\b(?:mov(?:e|ed|ing)|push(?:ed|ing)?|slipp?e?d?|chang(?:e|ed)|advanced?|stage|close[sd]?|reach(?:ed)?|won|lost)\b"
)
_WHETHER = re.compile(
    r"^(?:and |so |but )?(?:do you think (?:i|we) should|(?:should|shall|can|could|may|might|must|did|do|have|has|had|would|will|is it time to|what if|is it (?:ok|okay|safe|smart|wise) to|how about|why not|are we going to)(?: (?:i|we|they|she|he|you|anyone|PERSON|CONTACT))?)\s+(?:just |already |maybe )?(.+)$"
)
_CHANGE = re.compile(
    r"^(?:moved?|push(?:ed)?|advanced?|mark(?:ed)?|set|changed?|closed?|updated?|raised?|lowere?d?|(?:re)?assign(?:ed)?|put|commit|drop(?:ped)?) (?:it|that|this|(?:the|this|that|our|my) |DEAL|ACCOUNT)(?!.*\b(?:list|campaign)\b)"
)


def pointed(core: Sentence, mood: str, linker: Linker) -> Call | None:
    """What a sentence of no known form shows plainly: "the second one", "their plant manager?", "has the deal moved?"."""
    if mood != "question" and len(core.masked.split()) > 6:
        return None
    nth = linker.nth(core, "deal", "account", "contact")
    if nth is not None and nth.name is not None and mood != "negated":
        match nth.name.kind:
            case "deal":
                return Call("deal_details", {"deal": nth.value})
            case "account":
                return Call("account_latest", {"account": nth.value})
            case _:
                return Call("contact_details", {"contact": nth.value})
    titled = linker.by_title(core) if len(core.masked.split()) <= 5 else None
    if titled is not None and titled.name is not None:
        return Call("contact_details", {"contact": titled.value})
    if mood == "question" and core.of("DEAL", "ACCOUNT") and _CHANGED.search(core.masked):
        deal = linker.deal(core)
        return Call("deal_details", {"deal": deal.value}) if deal is not None else None
    return None


def on_hold(core: Sentence, linker: Linker) -> Plan | None:
    """ "Put Meridian on hold until March" is neither a close date nor a stage: ask which it shall be."""
    if not _ON_HOLD.search(core.masked) or ((form := recognise(core.masked)) is not None and form.family in ("log", "task")) or re.match(r"^(?:log|note|record|CONTACT|they|she|he|remind|task)\b", core.masked):
        return None
    deal = linker.deal(core)
    about = deal.name.text if deal is not None and deal.name is not None else next((mark.text for mark in core.of("DEAL", "ACCOUNT")), None)
    when = core.of("DATE")[-1]
    if about is None:
        return None
    return replies.on_hold(about, core.verbatim(when.start, when.end))


_DELETES = re.compile(r"^(?:delete|remove|wipe|purge|erase|get rid of|trash|destroy|clear(?: out)?|bin)\b")


def deletes(core: Sentence, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """Nothing is deleted from a conversation: say so, and show what was meant."""
    text = core.masked
    if not _DELETES.match(text) or re.search(r"\bfrom (?:my|the) (?:list|agenda)\b", text):
        return None
    shown: Call | Plan | None = None
    if re.search(r"\b(?:tasks?|to-?dos?|reminders?)\b", text):
        shown = plan_tasks.list_tasks(core, linker, caller, today)
    elif re.search(r"\b(?:deals|renewals|opportunities|pipeline)\b", text):
        shown = plan_deals.list_deals(core, linker, caller, today)
    elif core.of("CONTACT"):
        shown = plan_reads.contact_details(core, linker, caller, today)
    elif core.of("DEAL", "ACCOUNT"):
        shown = plan_reads.deal_details(core, linker, caller, today)
    elif re.search(r"\b(?:accounts|customers|prospects|companies)\b", text):
        shown = plan_deals.list_accounts(core, linker, caller, today)
    calls = (shown,) if isinstance(shown, Call) else ()
    return Plan(calls=calls, say=replies.NOT_DELETED, confidence=0.9, reason="asked to delete")


def asked_write(text: str) -> str | None:
    """The change a question is about ("should I move it?"), or None."""
    match = _WHETHER.match(text)
    if match is None:
        return None
    return "update_deal" if _CHANGE.match(match.group(1)) else None


def only_look(core: Sentence, linker: Linker, caller: Caller, today: date) -> Plan:
    """A question about a change shows the deal as it is and changes nothing."""
    made = plan_reads.deal_details(core, linker, caller, today)
    if isinstance(made, Call):
        return Plan(calls=(made,), say=replies.ONLY_ASKED, confidence=0.8, reason="asked about a change")
    return made


def after_condition(text: str) -> str:
    text = re.sub(
        r"^(?:please )?(?:do not|never|no need to|i do not want(?: you)? to|you should not|let us not|we should not|stop)\s+",
        "",
        text,
    )
    pieces = re.split(r",\s*(?:then )?|\bthen\b", text, maxsplit=1)
    if len(pieces) > 1:
        return pieces[1].strip()
    return re.split(r"\b(?:if|unless|once|when|as soon as)\b", text, maxsplit=1)[0].strip()
