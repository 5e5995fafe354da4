"""The plain questions for a number: from words to the arguments of ``report``: what of, which, split how, over what
days, beside what. What the report catalogue has words of its own for is planned in :mod:`plan_figures` first."""

import re
from datetime import date

from bot.agent.embedded import owners, report_periods, slots
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plan_deals import deal_kind, deal_status, kinds_said, put_rival
from bot.agent.embedded.plans import Call
from bot.agent.embedded.report_vocabulary import split_words
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import is_trait, traits_of
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
    ("account", r"\b(?:by|per|each|which) (?:accounts?|customers?|compan(?:y|ies)|clients?)\b|\b(?:top|best|biggest|largest|most valuable|worst|least)(?: \w+)?(?: of)?(?: (?:my|our|the))? (?:accounts?|customers?|clients?|compan(?:y|ies))\b"),
    ("lost_reason", r"\b(?:by|per|each|what|which) (?:lost |loss )?reasons?\b|\b(?:lost|loss|losing) reasons?\b|\breasons?(?: \w+){0,3} (?:lose|lost|losing|loss|losses)\b|\bwhy (?:do|did|are|have) we (?:lose|lost|losing)\b"), ("forecast_category", r"\b(?:by|per|each) forecast(?: category)?\b"),
    ("source", r"\b(?:by|per|each|which) (?:lead )?sources?\b|\b(?:which|what|by|per) campaigns?\b(?=.*\b(?:deals?|pipeline|revenue|business)\b)"), ("kind", r"\b(?:by|per|each) (?:deal )?(?:type|kind)s?\b"), ("pipeline", r"\b(?:by|per|each) pipelines?\b"), ("channel", r"\b(?:by|per|each) channels?\b"), ("team", r"\b(?:by|per|each|which) teams?\b"),
)  # fmt: skip
_SUBJECTS = (
    ("surveys", r"\b(?:nps|net promoter(?: score)?|promoters?|detractors?|surveys?)\b"),
    ("cases", r"\b(?:csat|satisf\w+|dissatisf\w+|(?:un)?happ(?:y|iest|ier))\b"),
    ("interactions", r"\bhow many times\b|\b(?:calls?|meetings?|emails?|interactions?|touch ?points?|conversations?|activit(?:y|ies)|visits?|demos?)\b"), ("tasks", r"\b(?:tasks?|to-?dos?)\b"),
    ("cases", r"\b(?:cases?(?<!best case)|tickets?|complaints?)\b"), ("orders", r"\b(?:orders?|purchases?)\b"), ("contacts", r"\b(?:contacts?|people)\b"),
    ("accounts", r"\b(?:accounts?|customers?|prospects?|companies|partners?)\b"), ("subscriptions", r"\b(?:subscriptions?|seats)\b"),
)  # fmt: skip
_MONEY_WORD = re.compile(r"\b(?:revenue|amounts?|values?|money|euros?|dollars?|worth|much|sums?|totals?)\b")
_SOME = re.compile(r"\b(?:which|who|any|customers?|accounts?|clients?|list|show)\b")
CREATED = re.compile(r"\b(?:creat(?:e[ds]?|ing)|opened|new (?:deals|pipeline|opportunities)|added|came in|generat(?:e[ds]?|ing))\b")
"""Words by which deals are counted on the day they were made, whatever became of them."""
_LEAST = re.compile(
    r"\b(?:(?<!at )least|lowest|fewest|worst|smallest|bottom|unhapp\w+|dissatisf\w+|unsatisf\w+|low (?:csat|nps|satisfaction)|not (?:happy|satisfied))\b"
)


def report(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """A number: what of, which, split how, over what days, beside what."""
    text, args = sentence.masked, Args()
    subject = next((name for name, pattern in _SUBJECTS if re.search(pattern, without_groups(text))), "deals")
    if re.search(
        r"\b(?:deals?|pipeline|revenue|win rate|won|win|lost|lose|sold|sell|bookings?|closed|close rate|deal size)\b", text
    ) and subject in ("accounts", "contacts"):
        subject = "deals"
    if subject == "interactions" and re.search(r"\bdeals?\b", text):
        subject = "deals"
    group = group_of(text)
    if group is None and subject == "deals" and len(kinds_said(text)) > 1:
        group = "kind"
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
    stage = stage_said(sentence, linker) if subject == "deals" else None
    account = account_said(sentence, linker, subject)
    if account is not None and stage is not None and account.value.lower() == stage.lower():  # "moved to Proposal" names no customer
        account = None
    args["owner"] = owners.owner(
        sentence,
        linker,
        caller,
        "everyone" if account or (group == "owner" and not caller.manages) else "team" if caller.manages else "me",
    )
    if owners.several(args["owner"]) and group is None:
        group = args["group_by"] = "owner"
    if group == "owner" and args["owner"] == "me":
        args["owner"] = "team"
    if subject == "deals":
        if args["measure"] in ("win_rate", "sales_cycle"):
            args["status"] = "any" if args["measure"] == "win_rate" else "won"
        else:
            args["status"] = report_status(sentence, text, group)
        kind = deal_kind(text)
        if kind is not None and group != "kind" and not sentence.of("DEAL"):
            args["kind"] = kind
        if group != "competitor":
            put_rival(args, sentence)
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
    found_periods = report_periods.periods_asked(sentence, today)
    if args.get("status") != "open":
        found_periods = [report_periods.past(days, today) for days in found_periods]
    only = len(found_periods) == 1 and report_periods.only_compared(sentence, found_periods[0], args, today)
    if found_periods and not only:
        slots.put_period(args, found_periods[0])
    count = slots.limit(sentence)
    if group is not None and count is not None:
        args["limit"] = count
    if group is not None and _LEAST.search(text):
        args["ascending"] = True
    if subject == "deals" and CREATED.search(text):
        args["date_field"] = "created"
        if args["status"] == "open":
            args["status"] = "any"
    compare = report_periods.compared(f"{sentence.text} {sentence.masked}".lower(), len(found_periods), split=group is not None)
    if owners.several(args["owner"]) or only:
        compare = None
    if compare is not None and found_periods:
        args["compare_with"] = compare
    if compare == "period" and len(found_periods) > 1:
        del args["compare_with"]
        slots.put_period(args, found_periods[1], "compare_since", "compare_until")
    return Call("report", args)


def account_said(sentence: Sentence, linker: Linker, subject: str) -> Ref | None:
    """The account a number is of, and no word that is a condition ("from German customers")."""
    account = linker.account(sentence)
    return None if account is not None and is_trait(account.mark, traits_of(sentence, linker, subject)) else account


def stage_said(sentence: Sentence, linker: Linker) -> str | None:
    """The stage a number is of, also where it stands like a name: "how many deals moved to Proposal"."""
    marked = (slots.known_stage(mark.text.lower(), linker) for mark in sentence.of("STRANGER"))
    return slots.stage(sentence, linker) or next((found for found in marked if found is not None), None)


def report_status(sentence: Sentence, text: str, group: str | None) -> str:
    """Which deals a number is about. What is compared or split by time is what was won, unless open deals are asked for."""
    status = deal_status(text)
    if group == "lost_reason":
        return "lost"
    if re.search(r"\b(?:pipeline|open|closing|forecast|to close|due|in play|active|commit|best[- ]case)\b", text):
        return "open" if status != "lost" else status
    if group == "competitor" and status == "open":
        return "lost" if re.search(r"\bbeat(?:s|en|ing)? us\b|\bwins? against us\b", text) else "any"
    if group in ("account", "owner") and status == "open" and re.search(r"\b(?:top|best|biggest|largest|worst)\b", text):
        return "won"
    beside = report_periods.compared(f"{sentence.text} {sentence.masked}".lower(), len(sentence.of("DATE"))) is not None
    if status == "open" and (beside or group in ("month", "quarter", "week", "year")):
        return "any" if CREATED.search(text) else "won"
    if status == "open" and re.search(r"\bhow (?:did|have|has) (?:we|i|the team|my team|our team|person|each \w+|every \w+|everyone|(?:the|my|our) (?:reps|sellers))\b|\bperform(?:ance|ed|ing)?\b", text, re.IGNORECASE):
        return "won"
    if status == "open" and re.search(r"\b(?:avg|average|mean|median|typical)\b.*\b(?:size|value|acv|contract)\b", text):
        return "won"
    return status


_NOT_WANTED = re.compile(r"(?:\b(?:not|rather than|instead of|no)|,? ?(?:and )?not) (?:by |in |the |just |only |a )*(?:counts?|numbers?|how many|values?|amounts?|sums?|euros|dollars|money)\b")
_VALUE_WANTED = re.compile(r"\b(?:values?|amounts?|money|euros?|dollars?|sums?|worth)\b(?! (?:rate|of the (?:year|month)))")


def measure(text: str, subject: str) -> str:
    if (denied := _NOT_WANTED.search(text)) is not None and subject in ("deals", "orders", "subscriptions"):  # "value, not count"
        text = _NOT_WANTED.sub(" ", text)
        if re.search(r"counts?|numbers?|many", denied.group()) is not None and _VALUE_WANTED.search(text):
            text = re.sub(r"\b(?:how many|number of|count)\b", " ", text)
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
    extreme = re.search(r"\b(?:(smallest|tiniest|lowest)|(?:biggest|largest|highest)) (?:(?:won|lost|open|single|ever) )*(?:deal|order|contract|opportunity|subscription)(?: (?:size|value|amount))?\b(?! (?:rate|count))", text)
    if extreme is not None and subject in ("deals", "orders", "subscriptions"):
        return "smallest" if extreme.group(1) else "largest"
    if re.search(r"\b(?:median)\b", text):
        return "median"
    if re.search(r"\b(?:average|avg|mean|typical)\b(?! (?:number|count|amount) of (?:contacts|deals|accounts|leads|orders|customers|calls|meetings|emails|interactions|cases|tickets|tasks)\b)", text):
        return "average"
    if re.search(r"\bhow many\b|\bnumber of\b|\bcount\b|\bhow often\b|\bnew logos?\b(?!.*\b(?:revenue|worth|value|amount|much)\b)", text):
        return "count"
    if subject == "deals" or subject in ("orders", "subscriptions"):
        return "count" if re.search(r"\b(?:most|more|fewest|fewer) (?:(?!valuable|expensive|important|lucrative)[a-z]+ )?deals\b", text) else "sum"
    return "count"


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
