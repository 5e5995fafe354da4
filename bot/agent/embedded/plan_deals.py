"""Lists and numbers of deals: from words to the arguments of ``list_deals``, ``report`` and their neighbours."""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import is_trait, put_traits, traits_of
from crm_store.people import Caller

_QUIET = 30
"""Days of silence that "stale" or "at risk" stands for where no number is said."""
_UNTOUCHED = re.compile(
    r"\b(?:untouched|un(?:loved|attended|worked)|(?:nobody|no one|no-one|none of us|noone|nobody's)(?: has| have| is|'s)? (?:touched|contacted|called|talked|spoken|worked|looked|looking|cared|done|checked|written|moved|heard|been|said|reached)|never (?:been )?(?:touched|contacted)"
    r"|(?:no|zero|without(?: any| a)?|lack(?:ing)?(?: any)?|hardly any) (?:activity|activities|contact|touch|touch ?points?|interactions?|update|movement|touches|updates|action|calls? or emails?|engagement|progress|sign of life|signs of life|news|word|peep|response|reply|attention|communication)"
    r"|nothing (?:has |was |is |been )*(?:happened|happening|happens|moved|moves|done|going on|logged|recorded)|(?:made|did|done) nothing|not (?:been |had (?:a |any )?)?(?:touched|contacted|updated|moved|talked|spoken|heard|touch|contact|activity|looked|worked|been in touch)"
    r"|have not|has not|had no (?:activity|contact)|gone (?:quiet|cold|dark|silent|stale|missing)|going (?:quiet|cold|dark|silent|stale)|went (?:quiet|cold|dark|silent)|quiet(?:est)?|silen(?:t|ce)|cold|coldest|stale(?:st)?|stuck|stagna\w+|neglect\w*|forgotten|forgot|overlooked|overlooking|idle|idling|dormant|ignor(?:ed|ing)|inactiv\w+|not moving|stalled|haven't|since we (?:talked|spoke)"
    r"|(?:left|leave|leaving|been) (?:hanging|lying|unattended|alone)|(?:gather|collect)(?:ing|s|ed)? dust|dusty|rot(?:s|ting|ten)?|slid(?:e|es|ing)?(?! (?:deck|show))|languish\w*|ghost(?:ed|ing|s)|asleep|sleeping|abandoned|(?:dead|lying) (?:in the water|around)|drop(?:ped)? the ball|fall(?:en|ing)? (?:asleep|through the cracks)|slip(?:ping|ped)? through the cracks|on the back ?burner"
    r"|last (?:touch(?:ed)?|contact(?:ed)?|activity|interaction|worked on|spoken|talked|called)(?: \w+){0,3} (?:a )?(?:LENGTH|DATE))\b"
)
_PUSHED = re.compile(
    r"\b(?:slipp(?:ed|ing)|(?:did|does|could|may) (?:\w+ ){1,3}slip|slid|(?:got|were|was|been|has been|have been) (?:pushed|delayed|postponed|moved out)|pushed(?: out| back)?|what (?:we|i) pushed|pushes)\b(?!.*\bpast\b)"
)
_BIG = r"(?:(?:big|larg|great|high|fat|juic|chunk|heav|hug|pric|beef|meat|mega|rich)(?:g|t|i|ki)?est|most (?:valuable|expensive|important|lucrative)|top)"
_BY_AMOUNT = re.compile(
    rf"\b(?:{_BIG}(?<!on top)(?<!the top)|(?:big|large|high|fat|whale|valuable)(?: \w+)? first|(?:in order of|order(?:ed)? by|sort(?:ed)?(?: \w+)? by|rank(?:ed)? by|by|descending) (?:the )?(?:deal )?(?:amount|value|size|money|worth|volume|revenue|sum)|from (?:big|large|high)(?:gest|est)? to (?:small|low)(?:est)?|whales?|(?:big|large|huge|major|fat|sizeable) (?:open )?(?:deals|ones|renewals|fish|tickets)|worth (?:the )?most)\b(?! silence\b)"
)
_LONGEST = re.compile(r"\b(?:longest|oldest|coldest|stalest|quietest|most (?:neglected|silent|stale)|dead(?:est)?) ?(?:\w+ )?(?:first|on top|at the top|up top|silence|quiet|untouched|touch)\b")
def list_deals(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """Which deals, whose, in what order."""
    text, args = sentence.masked, Args()
    status = deal_status(text)
    said = traits_of(sentence, linker, "deals")
    account = [one for one in linker.accounts(sentence) if not is_trait(one.mark, said)]
    args["owner"] = slots.owner(sentence, linker, caller, "everyone" if account else "me")
    if status != "open":
        args["status"] = status
    if account:
        args["account"] = account[0].value
    stage = slots.stage(sentence, linker)
    if stage is not None and stage not in ("won", "lost"):
        args["stage"] = stage
    category = slots.forecast_category(text)
    if category is not None and not stage:
        args["forecast_category"] = category
    days = untouched_days(sentence, today)
    if days is not None:
        args["untouched_days"] = days
    else:
        days_said = slots.period(sentence) if status in ("open", "any") else slots.past_period(sentence, today)
        slots.put_period(args, days_said, "closing_since", "closing_until")
    slots.amounts(sentence, args)
    if args.get("closing_since") == (today + timedelta(days=1)).isoformat() and re.search(
        r"\b(?:next|coming|following)\b.*\b(?:days|weeks|months)\b", sentence.text.lower()
    ):
        args["closing_since"] = today.isoformat()  # what closes today is part of the next 30 days
    if re.search(
        r"\b(?:no|without(?: a| any)?|missing(?: a)?|lack(?:ing|s)?(?: a)?|have no|has no|not have a) next steps?\b",
        text,
    ):
        args["without_next_step"] = True
    put_rival(args, sentence)
    put_traits(args, sentence, linker, "deals")
    kind = deal_kind(text)
    if kind is not None and not sentence.of("DEAL"):
        args["kind"] = kind
    if status == "open" and _PUSHED.search(text):
        for key in ("closing_since", "closing_until"):
            args.pop(key, None)
        found = slots.past_period(sentence, today) or slots.Days(today - timedelta(days=30), today)
        slots.put_period(args, found, "pushed_since", "pushed_until")
    if re.search(
        r"\b(?:overdue|past (?:their |the |its )?close date|close date (?:has |is )?(?:passed|in the past)|slipped past|past due)\b",
        text,
    ):
        args["closing_until"] = (today - timedelta(days=1)).isoformat()
    if _BY_AMOUNT.search(text) and not (days is not None and _LONGEST.search(text)):
        args["order"] = "amount"
    elif days is not None:
        args["order"] = "untouched"
    count = slots.limit(sentence)
    if count is None and re.search(rf"\b(?:single )?{_BIG} (?:open |single )?(?:deal|one|renewal)\b(?! first)", text):
        count = 1
    if count is not None:
        args["limit"] = count
    return Call("list_deals", args)


def list_accounts(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    text, args = sentence.masked, Args()
    args["owner"] = slots.owner(sentence, linker, caller)
    kind = re.search(r"\b(?:former|ex-?|lost|churned|past|previous|old) (?:customers?|clients?|accounts?)\b|\b(prospect|customer|partner|influencer)s?\b", text)
    if kind:
        args["kind"] = kind.group(1) or "former"
    days = untouched_days(sentence, today)
    if days is not None:
        args["untouched_days"] = days
    put_traits(args, sentence, linker, "accounts")
    count = slots.limit(sentence)
    if count is not None:
        args["limit"] = count
    return Call("list_accounts", args)


_MAY_LEAVE = re.compile(r"\b(?:at risk|los(?:e|ing)|leav(?:e|ing)|churn(?:ing)?|churn risks?|in danger|drifting away|slipping away|shaky|jump\w* ship)\b")
_MAY_BUY = re.compile(r"\b(?:(?:buy|order|need|want|use|take|spend) more|upsell|cross[- ]?sell|expansion)\b")
_CANNOT_TELL = "I can't tell who will {what}; what the record shows are {shown}."


def accounts_asked(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The list; of who may leave or buy more the nearest that the record knows, and that it is no more than that."""
    call = list_accounts(sentence, linker, caller, today)
    if "untouched_days" not in call.args and _MAY_LEAVE.search(sentence.masked):
        said = _CANNOT_TELL.format(what="leave", shown=f"the customers without contact for {_QUIET} days or more")
        return Plan(calls=(Call("list_accounts", {**call.args, "kind": "customer", "untouched_days": _QUIET}),), say=said)
    if "where" not in call.args and _MAY_BUY.search(sentence.masked):
        said = _CANNOT_TELL.format(what="buy more", shown="the customers that have no open deal")
        where = [{"field": "open_deals", "op": "eq", "value": 0}]
        return Plan(calls=(Call("list_accounts", {**call.args, "kind": "customer", "where": where}),), say=said)
    return call


_KINDS = (
    ("renewal", r"\brenew(?:als?|ing|s)\b"),
    ("expansion", r"\b(?:expansions?|upsells?|up-sells?|cross-?sells?)\b"),
    ("new", r"\bnew (?:business|logos?)\b"),
)


def deal_kind(text: str) -> str | None:
    """The kind of deal that is asked for, by the words for it."""
    return next((name for name, pattern in _KINDS if re.search(pattern, text)), None)


def put_rival(args: Args, sentence: Sentence) -> None:
    rival = sentence.of("RIVAL")
    if rival and rival[0].mention is not None:
        args["competitor"] = rival[0].mention.matches[0].name.text


def deal_status(text: str) -> str:
    if re.search(
        r"\b(?:won|win|wins|closed?[- ]won|sold|sell|sales(?! (?:cycles?|stages?|teams?|reps?|pipelines?|leads?|process|calls?|meetings?|forecast|people))|new logos?|bookings?|booked|revenue|turnover|brought in|did (?:we|i|PERSON) (?:close|sell|win|book|make)|have (?:we|i) (?:closed|won|sold)|signed)\b",
        text,
    ) or re.search(
        r"\b(?:has|have|was|were|we|i|PERSON|who|rep|did .{0,20}) (?:closed?|bring in)\b(?! (?:date|this|next))", text
    ):
        return "any" if re.search(r"\b(?:and|or|vs\.?|versus) (?:lost|losses)\b", text) else "won"
    if re.search(r"\b(?:lost|lose|losses|losing|closed?[- ]lost|churned)\b", text):
        return "lost"
    if re.search(r"\b(?:all|any|every) (?:the |our |my )?deals?\b.*\b(?:ever|history|status|open and closed)\b", text):
        return "any"
    return "open"


def untouched_days(sentence: Sentence, today: date) -> int | None:
    """The silence a request asks for, in days; 30 when only "stale" or "untouched" is said."""
    if not _UNTOUCHED.search(sentence.masked):
        return None
    for mark in sentence.of("LENGTH"):
        return slots.length_days(mark)
    for mark in sentence.of("DATE"):
        found = slots.days_of(mark.time) if mark.time else None
        if found is not None:
            start = found.since or (found.until + timedelta(days=1) if found.until is not None else None)
            if start is not None and start != today:
                return abs((today - start).days)
    return _QUIET
