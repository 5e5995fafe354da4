"""The plain questions for a number: from words to the arguments of ``report``: what of, which, split how, over what
days, beside what. What the report catalogue has words of its own for is planned in :mod:`plan_figures` first."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_deals import deal_kind, deal_status, put_rival
from bot.agent.embedded.plans import Call
from bot.agent.embedded.report_vocabulary import split_words
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_GROUPS = (
    ("competitor", r"\b(?:by|per|each|which|what) (?:competitors?|rivals?|vendors?)\b|\b(?:competitors?|rivals?) (?:do we|are we|we)\b|\bwho (?:do|did|are|have|were) (?:we|i) (?:\w+ )?(?:los(?:e|t|ing)(?: \w+){0,3} to|up against|compet\w+|fac(?:e|ing)|beat(?:ing)?)\b|\b(?:main|top|biggest|toughest|usual) competitors?\b|^(?:and )?competitors?\b|\bwho (?:beats?|wins? against) us\b"),
    ("owner", r"\b(?:by|per|for each|each|across|split by|broken down by|grouped by|which|what) (?:the )?(?:rep|reps|owner|owners|person|seller|salesperson|ae|account executive|team member)\b|\b(?:top|best|worst|bottom)(?: (?:\d+|three|five|ten))? (?:reps?|sellers?|salespeople|account executives?|performers?)\b|\b(?:who|which (?:rep|of my reps|seller|owner)s?) (?:has|have|had|closed|won|sold|is|are|lost|made|logged|did|ran|booked|brought)\b"),
    ("stage", r"\b(?:by|per|for each|each|across|split by|broken down by|grouped by|in each|in every|which) (?:the )?stages?\b"),
    ("month", r"\b(?:by|per|for each|each|every|month over|split by|broken down by|grouped by|which) months?\b|\bmonthly\b"),
    ("quarter", r"\b(?:by|per|for each|each|every|quarter over|split by|which) quarters?\b|\bquarterly\b"),
    ("week", r"\b(?:by|per|for each|each|every|week over|split by|which) weeks?\b|\bweekly\b"),
    ("year", r"\b(?:by|per|for each|each|every|split by|which) years?\b|\byearly\b"),
    ("industry", r"\b(?:by|per|each|across|which) industr(?:y|ies)\b"), ("country", r"\b(?:by|per|each|which) countr(?:y|ies)\b"),
    ("account", r"\b(?:by|per|each|which) (?:accounts?|customers?|compan(?:y|ies)|clients?)\b|\b(?:top|best|biggest|largest|most valuable|worst|least)(?: \w+)? (?:accounts?|customers?|clients?|compan(?:y|ies))\b"),
    ("lost_reason", r"\b(?:by|per|each|what|which) (?:lost |loss )?reasons?\b|\bwhy (?:do|did|are|have) we (?:lose|lost|losing)\b"), ("forecast_category", r"\b(?:by|per|each) forecast(?: category)?\b"),
    ("source", r"\b(?:by|per|each|which) (?:lead )?sources?\b|\b(?:which|what|by|per) campaigns?\b(?=.*\b(?:deals?|pipeline|revenue|business)\b)"), ("kind", r"\b(?:by|per|each) (?:deal )?(?:type|kind)s?\b"), ("pipeline", r"\b(?:by|per|each) pipelines?\b"), ("channel", r"\b(?:by|per|each) channels?\b"), ("team", r"\b(?:by|per|each|which) teams?\b"),
)  # fmt: skip
_SUBJECTS = (
    ("surveys", r"\b(?:nps|net promoter(?: score)?|promoters?|detractors?|surveys?)\b"),
    ("cases", r"\b(?:csat|satisf\w+|dissatisf\w+|(?:un)?happ(?:y|iest|ier))\b"),
    ("interactions", r"\bhow many times\b|\b(?:calls?|meetings?|emails?|interactions?|touch ?points?|conversations?|activit(?:y|ies)|visits?|demos?)\b"), ("tasks", r"\b(?:tasks?|to-?dos?)\b"),
    ("cases", r"\b(?:cases?(?<!best case)|tickets?|complaints?)\b"), ("orders", r"\b(?:orders?|purchases?)\b"), ("contacts", r"\b(?:contacts?|people)\b"),
    ("accounts", r"\b(?:accounts?|customers?|prospects?|companies|partners?)\b"), ("subscriptions", r"\b(?:subscriptions?|seats)\b"),
)  # fmt: skip
_MONEY_WORD = re.compile(r"\b(?:revenue|amount|value|money|worth|much|sum|total)\b")
_SOME = re.compile(r"\b(?:which|who|any|customers?|accounts?|clients?|list|show)\b")
_LEAST = re.compile(
    r"\b(?:least|lowest|fewest|worst|smallest|bottom|unhapp\w+|dissatisf\w+|unsatisf\w+|low (?:csat|nps|satisfaction)|not (?:happy|satisfied))\b"
)


_BESIDE = (
    r"(?:vs\.?|versus|v\.?|compar(?:e[ds]?|ing|ison|able)(?: it| that| this)? (?:to|with|against)|in comparison (?:to|with)|than|against|relative to|beat(?:s|en|ing)?|outperform\w*|outdo\w*|up or down (?:on|from|over)|ahead of|(?:up|down|growth|increase|decrease|better|worse|improve\w*|change)(?: \w+)? (?:on|from|over)"
    r"|(?:set |put |held |stacked |hold |stack )?(?:up )?(?:next to|beside|alongside|side by side with|against))"
)
BESIDE = re.compile(rf"\b{_BESIDE} (?:the |in |for |that of |those of |those |that |what (?:we|i) \w+ |with )*DATE\b")


def only_compared(sentence: Sentence, days: slots.Days, args: Args, today: date) -> bool:
    """The one period named is what now is compared with: "average deal size vs last year" is about this year so far."""
    if not BESIDE.search(sentence.masked) or days.since is None or days.until is None or days.until >= today:
        return False
    begun = days.until + timedelta(days=1)
    running = begun + relativedelta(months=_months(days)) - timedelta(days=1)
    if running >= today:  # beside the month, quarter or year before, the one that runs
        slots.put_period(args, slots.Days(begun, running))
        args["compare_with"] = "previous_period"
    else:
        slots.put_period(args, slots.Days(begun, today))
        slots.put_period(args, days, "compare_since", "compare_until")
    return True


def _months(days: slots.Days) -> int:
    """How many whole months a closed stretch is; 0 when it is none."""
    assert days.since is not None
    assert days.until is not None
    after = days.until + timedelta(days=1)
    return (after.year - days.since.year) * 12 + after.month - days.since.month if days.since.day == after.day == 1 else 0


def report(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """A number: what of, which, split how, over what days, beside what."""
    text, args = sentence.masked, Args()
    subject = next((name for name, pattern in _SUBJECTS if re.search(pattern, without_groups(text))), "deals")
    if re.search(
        r"\b(?:deals?|pipeline|revenue|win rate|won|lost|sold|sell|bookings?|closed|close rate|deal size)\b", text
    ) and subject in ("accounts", "contacts"):
        subject = "deals"
    if subject == "interactions" and re.search(r"\bdeals?\b", text):
        subject = "deals"
    group = group_of(text)
    if group == "competitor" or (subject == "tasks" and group in ("stage", "source")):
        subject = "deals"
    args["subject"] = subject
    args["measure"] = measure(text, subject)
    if group == "competitor" and args["measure"] == "sum" and not _MONEY_WORD.search(text):
        args["measure"] = "count"
    if group is None and subject == "cases" and args["measure"] == "csat" and _SOME.search(text):
        group = "account"
    if group is not None:
        args["group_by"] = group
    account = linker.account(sentence)
    args["owner"] = slots.owner(
        sentence,
        linker,
        caller,
        "everyone" if account or (group == "owner" and not caller.manages) else "team" if caller.manages else "me",
    )
    if len(sentence.of("PERSON")) > 1 and group is None:
        group = args["group_by"] = "owner"
        args["owner"] = "team"
    if group == "owner" and args["owner"] == "me":
        args["owner"] = "team"
    if subject == "deals":
        if args["measure"] == "win_rate":
            args["status"] = "any"
        else:
            args["status"] = report_status(sentence, text, group)
        kind = deal_kind(text)
        if kind is not None and not sentence.of("DEAL"):
            args["kind"] = kind
        if group != "competitor":
            put_rival(args, sentence)
        stage = slots.stage(sentence, linker)
        if stage is not None and stage not in ("won", "lost"):
            args["stage"] = stage
        category = slots.forecast_category(text)
        if category is not None and group != "forecast_category":
            args["forecast_category"] = category
        slots.amounts(sentence, args)
        slots.put_limit_currency(sentence, args)
    if subject == "interactions":
        found = slots.channel(text)
        if found is not None:
            args["channel"] = found
    if subject == "cases" and re.search(r"\bopen\b", text):
        args["status"] = "open"
    put_ended(subject, text, args)
    if account is not None:
        args["account"] = account.value
    found_periods = slots.periods(sentence)
    if args.get("status") != "open":
        found_periods = [past(days, today) for days in found_periods]
    only = len(found_periods) == 1 and only_compared(sentence, found_periods[0], args, today)
    if found_periods and not only:
        slots.put_period(args, found_periods[0])
    count = slots.limit(sentence)
    if group is not None and count is not None:
        args["limit"] = count
    if group is not None and _LEAST.search(text):
        args["ascending"] = True
    if subject == "deals" and re.search(r"\b(?:created|opened|new deals|added|came in)\b", text):
        args["date_field"] = "created"
        if args["status"] == "open":
            args["status"] = "any"
    compare = compared(f"{sentence.text} {sentence.masked}".lower(), len(found_periods))
    if len(sentence.of("PERSON")) > 1 or only:
        compare = None
    if compare is not None and found_periods:
        args["compare_with"] = compare
    if compare == "period" and len(found_periods) > 1:
        del args["compare_with"]
        slots.put_period(args, found_periods[1], "compare_since", "compare_until")
    return Call("report", args)


def report_status(sentence: Sentence, text: str, group: str | None) -> str:
    """Which deals a number is about. What is compared or split by time is what was won, unless open deals are asked for."""
    status = deal_status(text)
    if group == "lost_reason":
        return "lost"
    if re.search(r"\b(?:pipeline|open|closing|forecast|to close|due|in play|active)\b", text):
        return "open" if status != "lost" else status
    if group == "competitor" and status == "open":
        return "lost" if re.search(r"\bbeat(?:s|en|ing)? us\b|\bwins? against us\b", text) else "any"
    if group in ("account", "owner") and status == "open" and re.search(r"\b(?:top|best|biggest|largest|worst)\b", text):
        return "won"
    beside = compared(f"{sentence.text} {sentence.masked}".lower(), len(sentence.of("DATE"))) is not None
    if status == "open" and (beside or group in ("month", "quarter", "week", "year")):
        return "any" if re.search(r"\b(?:created|opened|new deals|added|came in)\b", text) else "won"
    if status == "open" and re.search(r"\bhow did (?:we|i|the team|my team|our team|person)\b", text, re.IGNORECASE):
        return "won"
    if status == "open" and re.search(r"\b(?:avg|average|mean|median|typical)\b.*\b(?:size|value|acv|contract)\b", text):
        return "won"
    return status


def past(days: slots.Days, today: date) -> slots.Days:
    """A period that has not begun, a year earlier: what is reported has happened."""
    if days.since is None or days.since <= today:
        return days
    return slots.Days(slots.year_before(days.since), slots.year_before(days.until) if days.until else None)


def measure(text: str, subject: str) -> str:
    if subject == "surveys":
        return "count" if re.search(r"\bhow many (?:surveys|answers|responses)\b", text) else "nps"
    if subject == "cases" and re.search(r"\b(?:csat|satisf\w+|dissatisf\w+|(?:un)?happ\w+)\b", text):
        return "csat"
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
    if re.search(r"\bhow many\b|\bnumber of\b|\bcount\b|\bhow often\b|\bnew logos?\b(?!.*\b(?:revenue|worth|value|amount|much)\b)", text):
        return "count"
    if subject == "deals" or subject in ("orders", "subscriptions"):
        return "count" if re.search(r"\b(?:most deals|more deals|fewest deals)\b", text) else "sum"
    return "count"


def compared(text: str, periods: int) -> str | None:
    beside = periods > 1 or re.search(rf"\b(?:{_BESIDE}|compar\w+|yoy|over)\b", text)
    if beside and re.search(
        r"\b(?:same (?:period|quarter|month|time|week)(?: of| in)? (?:the )?last year|last year's|year[- ]over[- ]year|yoy|a year (?:ago|earlier))\b",
        text,
    ):
        return "same_period_last_year"
    if periods > 1 or re.search(rf"\b{_BESIDE}\b", text):
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
        r"\b(?:(?:quarter|month|week|year)[- ](?:over|on)[- ](?:quarter|month|week|year)|qoq|mom|wow|up or down|compare|trend)\b", text
    ):
        return "period" if periods > 1 else "previous_period"
    return None


_ENDED = {
    "cases": (r"\b(?:closed|resolved|solved)\b", "closed", "closed"),
    "tasks": (r"\b(?:completed|finished|done)\b(?! on time)", "done", "done"),
}
"""The words for the end of something, the status that says so and the day it is of."""


def put_ended(subject: str, text: str, args: Args) -> None:
    """ "How many cases did we close" is of those that are closed, by the day they were."""
    words, status, day = _ENDED.get(subject, ("(?!)", "", ""))
    if "status" not in args and re.search(words, text):
        args["status"], args["date_field"] = status, day


_CATEGORIES = re.compile(r"\b(commit|best[- ]case|omitted|(?<!open )(?<!my )(?<!our )(?<!the )pipeline)\b(?! (?:value|deals|worth|total))")


def group_of(text: str) -> str | None:
    """How a plain question splits its number, or None; several values of one field beside each other split it by that field."""
    text = split_words(text)
    if len(set(_CATEGORIES.findall(text))) > 1:
        return "forecast_category"
    return next((name for name, pattern in _GROUPS if re.search(pattern, text)), None)


def without_groups(text: str) -> str:
    text = split_words(text)
    for _, pattern in _GROUPS:
        text = re.sub(pattern, " ", text)
    return text
