"""Lists and numbers of deals: from words to the arguments of ``list_deals``, ``report`` and their neighbours."""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_UNTOUCHED = re.compile(
    r"\b(?:untouched|(?:nobody|no one|none of us)(?: has| have)? (?:touched|contacted|called|talked|spoken|worked)|never (?:been )?(?:touched|contacted)|no (?:activity|contact|touch|interaction|update|movement|touches|interactions|updates)|not (?:been |had (?:a |any )?)?(?:touched|contacted|updated|moved|talked|spoken|heard|touch|contact|activity)|without (?:activity|contact|any activity|a touch)|have not|has not|gone (?:quiet|cold|dark|silent)|going (?:quiet|cold|dark|silent)|quiet|silent|cold|stale|stuck|neglected|forgotten|forgot|overlooked|idle|dormant|ignored|inactive|not moving|stalled|haven't|since we (?:talked|spoke))\b"
)
_PUSHED = re.compile(
    r"\b(?:slipp(?:ed|ing)|(?:did|does|could|may) (?:\w+ ){1,3}slip|slid|(?:got|were|was|been|has been|have been) (?:pushed|delayed|postponed|moved out)|pushed(?: out| back)?|what (?:we|i) pushed|pushes)\b(?!.*\bpast\b)"
)
def list_deals(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """Which deals, whose, in what order."""
    text, args = sentence.masked, Args()
    status = deal_status(text)
    account = linker.accounts(sentence)
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
        slots.put_period(args, slots.period(sentence), "closing_since", "closing_until")
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
    if re.search(r"\b(?:biggest|largest|highest|most valuable|top|by (?:amount|value|size))\b", text):
        args["order"] = "amount"
    elif days is not None:
        args["order"] = "untouched"
    count = slots.limit(sentence)
    if count is None and re.search(r"\b(?:biggest|largest|top|most valuable|single biggest) (?:open )?deal\b", text):
        count = 1
    if count is not None:
        args["limit"] = count
    return Call("list_deals", args)


def list_accounts(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    text, args = sentence.masked, Args()
    args["owner"] = slots.owner(sentence, linker, caller)
    kind = re.search(r"\b(?:former|ex-?) customers?\b|\b(prospect|customer|partner|influencer)s?\b", text)
    if kind:
        args["kind"] = kind.group(1) or "former"
    days = untouched_days(sentence, today)
    if days is not None:
        args["untouched_days"] = days
    industry = re.search(
        r"\b(?:in|from) (?:the )?([a-z]+(?: [a-z]+)?)(?: (?:industry|sector|space|vertical|business))|\b(?:accounts?|customers?|prospects?|companies|partners?) in (?:the )?([a-z]+)\b|\b([a-z]+) (?:industry|sector)\b",
        text,
    )
    words = industry and (industry.group(1) or industry.group(2) or industry.group(3))
    if words and words not in ("the", "my", "our", "touch", "total", "a", "which"):
        args["industry"] = words
    count = slots.limit(sentence)
    if count is not None:
        args["limit"] = count
    return Call("list_accounts", args)


_KINDS = (
    ("renewal", r"\brenewals?\b"),
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
        r"\b(?:won|win|wins|closed?[- ]won|sold|sell|bookings?|booked|revenue|brought in|did (?:we|i|PERSON) (?:close|sell|win|book|make)|have (?:we|i) (?:closed|won|sold)|signed)\b",
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
            start = found.since or found.until
            if start is not None and start != today:
                return abs((today - start).days)
    return 30
