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
    r"\b(?:untouched|no (?:activity|contact|touch|interaction|update|movement)|not (?:been )?(?:touched|contacted|updated|moved|talked|spoken|heard)|without (?:activity|contact|any activity|a touch)|have not|has not|gone (?:quiet|cold|dark|silent)|going (?:quiet|cold|dark|silent)|quiet|silent|cold|stale|stuck|neglected|idle|dormant|ignored|inactive|not moving|stalled|haven't|since we (?:talked|spoke))\b"
)
_GROUPS = (
    ("owner", r"\b(?:by|per|for each|each|across|split by|broken down by|grouped by|which|what) (?:the )?(?:rep|reps|owner|owners|person|seller|salesperson|ae|account executive|team member)\b|\b(?:who|which (?:rep|of my reps|seller|owner)s?) (?:has|have|closed|won|sold|is|are|lost|made|logged|did|brought)\b"),
    ("stage", r"\b(?:by|per|for each|each|across|split by|broken down by|grouped by|in each|in every|which) (?:the )?stages?\b"),
    ("month", r"\b(?:by|per|for each|each|every|month over|split by|broken down by|grouped by|which) months?\b|\bmonthly\b"),
    ("quarter", r"\b(?:by|per|for each|each|every|quarter over|split by|which) quarters?\b|\bquarterly\b"),
    ("week", r"\b(?:by|per|for each|each|every|week over|split by|which) weeks?\b|\bweekly\b"),
    ("year", r"\b(?:by|per|for each|each|every|split by|which) years?\b|\byearly\b"),
    ("industry", r"\b(?:by|per|each|across|which) industr(?:y|ies)\b"), ("country", r"\b(?:by|per|each|which) countr(?:y|ies)\b"),
    ("account", r"\b(?:by|per|each|which) (?:accounts?|customers?|compan(?:y|ies))\b"), ("competitor", r"\b(?:by|per|each|which|what) competitors?\b"),
    ("lost_reason", r"\b(?:by|per|each|what|which) (?:lost |loss )?reasons?\b|\bwhy (?:do|did|are|have) we (?:lose|lost|losing)\b"), ("forecast_category", r"\b(?:by|per|each) forecast(?: category)?\b"),
    ("source", r"\b(?:by|per|each|which) (?:lead )?sources?\b"), ("kind", r"\b(?:by|per|each) (?:deal )?(?:type|kind)s?\b"), ("pipeline", r"\b(?:by|per|each) pipelines?\b"), ("channel", r"\b(?:by|per|each) channels?\b"), ("team", r"\b(?:by|per|each|which) teams?\b"),
)  # fmt: skip
_SUBJECTS = (
    ("interactions", r"\b(?:calls?|meetings?|emails?|interactions?|touch ?points?|conversations?|activit(?:y|ies)|visits?|demos?)\b"), ("tasks", r"\b(?:tasks?|to-?dos?)\b"),
    ("cases", r"\b(?:cases?(?<!best case)|tickets?|complaints?)\b"), ("orders", r"\b(?:orders?|purchases?)\b"), ("contacts", r"\b(?:contacts?|people)\b"),
    ("accounts", r"\b(?:accounts?|customers?|prospects?|companies|partners?)\b"), ("subscriptions", r"\b(?:subscriptions?|seats)\b"), ("surveys", r"\b(?:nps|csat|surveys?)\b"),
)  # fmt: skip


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
    if re.search(
        r"\b(?:no|without(?: a| any)?|missing(?: a)?|lack(?:ing|s)?(?: a)?|have no|has no|not have a) next steps?\b",
        text,
    ):
        args["without_next_step"] = True
    rival = sentence.of("RIVAL")
    if rival and rival[0].mention is not None:
        args["competitor"] = rival[0].mention.matches[0].name.text
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
    if count is None and re.search(r"\b(?:the |my |our )(?:biggest|largest|top|most valuable) (?:open )?deal\b", text):
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


def report(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """A number: what of, which, split how, over what days, beside what."""
    text, args = sentence.masked, Args()
    subject = next((name for name, pattern in _SUBJECTS if re.search(pattern, _without_groups(text))), "deals")
    if re.search(
        r"\b(?:deals?|pipeline|revenue|win rate|won|lost|sold|sell|bookings?|closed|close rate|deal size)\b", text
    ) and subject in ("accounts", "contacts"):
        subject = "deals"
    if subject == "interactions" and re.search(r"\bdeals?\b", text):
        subject = "deals"
    args["subject"] = subject
    args["measure"] = measure(text, subject)
    group = next((name for name, pattern in _GROUPS if re.search(pattern, text)), None)
    if group is not None:
        args["group_by"] = group
    account = linker.account(sentence)
    args["owner"] = slots.owner(
        sentence,
        linker,
        caller,
        "everyone" if account or (group == "owner" and not caller.manages) else "team" if caller.manages else "me",
    )
    if group == "owner" and args["owner"] == "me":
        args["owner"] = "team"
    if subject == "deals":
        if args["measure"] == "win_rate":
            args["status"] = "any"
        else:
            status = deal_status(text)
            args["status"] = "lost" if group == "lost_reason" else status
        stage = slots.stage(sentence, linker)
        if stage is not None and stage not in ("won", "lost"):
            args["stage"] = stage
        category = slots.forecast_category(text)
        if category is not None:
            args["forecast_category"] = category
        slots.amounts(sentence, args)
    if subject == "interactions":
        found = slots.channel(text)
        if found is not None:
            args["channel"] = found
    if subject == "cases" and re.search(r"\bopen\b", text):
        args["status"] = "open"
    if account is not None:
        args["account"] = account.value
    found_periods = slots.periods(sentence)
    if found_periods:
        slots.put_period(args, found_periods[0])
    if subject == "deals" and re.search(r"\b(?:created|opened|new deals|added|came in)\b", text):
        args["date_field"] = "created"
        if args["status"] == "open":
            args["status"] = "any"
    compare = _compared(sentence.text.lower(), len(found_periods))
    if compare is not None and found_periods:
        args["compare_with"] = compare
    if compare == "period" and len(found_periods) > 1:
        del args["compare_with"]
        slots.put_period(args, found_periods[1], "compare_since", "compare_until")
    return Call("report", args)


def measure(text: str, subject: str) -> str:
    if re.search(
        r"\b(?:win|close|conversion|hit|success|closing)[- ]?rates?\b|\bwin ratio\b|\bhow often do we win\b|\bpercent(?:age)? (?:of deals )?(?:do we |we |did we )?(?:win|won)\b",
        text,
    ):
        return "win_rate"
    if re.search(
        r"\b(?:sales cycle|cycle time|how long (?:does|do|did) (?:it|a deal|deals|we) (?:usually )?take|time to close|days to close)\b",
        text,
    ):
        return "sales_cycle"
    if re.search(r"\b(?:median)\b", text):
        return "median"
    if re.search(r"\b(?:average|avg|mean|typical)\b", text):
        return "average"
    if re.search(r"\bhow many\b|\bnumber of\b|\bcount\b|\bhow often\b", text):
        return "count"
    if subject == "deals" or subject in ("orders", "subscriptions"):
        return "count" if re.search(r"\b(?:most deals|more deals|fewest deals)\b", text) else "sum"
    return "count"


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


def _compared(text: str, periods: int) -> str | None:
    if re.search(
        r"\b(?:same (?:period|quarter|month|time|week)(?: of| in)? (?:the )?last year|last year's|year[- ]over[- ]year|yoy|a year (?:ago|earlier))\b",
        text,
    ):
        return "same_period_last_year"
    if re.search(r"\b(?:vs\.?|versus|compared? (?:to|with|against)|against|than)\b", text):
        if (
            re.search(
                r"\b(?:the )?(?:one|quarter|month|week|year|period)? ?(?:before|previous|prior|preceding)\b|\bthe last one\b",
                text,
            )
            or periods < 2
        ):
            return "previous_period"
        return "period"
    if re.search(
        r"\b(?:quarter over quarter|qoq|month over month|mom|week over week|wow|up or down|compare|trend)\b", text
    ):
        return "period" if periods > 1 else "previous_period"
    return None


def _without_groups(text: str) -> str:
    for _, pattern in _GROUPS:
        text = re.sub(pattern, " ", text)
    return text
