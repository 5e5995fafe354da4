"""Numbers in the words of the report catalogue: any measure of any subject, split, ranked and compared."""

import re
from datetime import date

from bot.agent.embedded import (
    owners,
    plan_reports,
    plan_slips,
    report_conditions,
    report_extremes,
    report_periods,
    report_vocabulary,
    slots,
)
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_deals import deal_kind, kinds_said, list_deals, one_deal_asked, put_rival
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import put_traits
from crm_store.people import Caller
from crm_store.reports import SUBJECTS

_ASKS_WHICH = re.compile(r"\b(?:which|who|any|customers?|accounts?|clients?|list|show)\b")
_WRITES = re.compile(
    r"^(?:please )?(?:log|note|record|remind|add|create|set|move|change|update|mark|task|todo|to-do|push|pull|undo|draft|write|send|follow up|assign|new)\b"
)
_TOLD = re.compile(r"\b(?:told|said|says|asked (?:me|us)|wants?|wanted|called|emailed|wrote|texted|mentioned) (?:me|us|to|that|me that|us that)\b")
_UNKNOWN = re.compile(r"\b(?:average|median|mean|total|sum of(?: the)?) ([a-z]{4,})\b")
_KNOWN = re.compile(
    r"\b(?:deals?|size|amounts?|values?|revenue|contracts?|orders?|sales|price|acv|won|lost|open|pipeline|number|count|"
    r"bookings?|income|length|duration|time|days|closed?|opportunit\w+|customers?|accounts?|worth|forecast|commit\w*|weighted|score|"
    r"overdue|stale|late|calls?|meetings?|emails?|tasks?|cases?|contacts?|employees?|subscriptions?|rating|satisfaction|monthly|weekly|quarterly|yearly|new|"
    r"renewals?|expansion|quota|interactions?|activit\w+|spend|purchases?|of|across|over|this|last|for|annual)\b"
)


_OFTEN = re.compile(r"\b(?:ordered|bought|purchased)(?: \w+){0,2} (?:at least|more than|no less than) (?:\d+|two|three|four|five|six|ten) times\b")


def _bought_over(sentence: Sentence) -> bool:
    return _OFTEN.search(sentence.masked) is not None or bool(
        sentence.of("MONEY")
        and re.search(r"\b(?:which|what|who|any|list|show)\b", sentence.masked)
        and re.search(r"\b(?:bought|ordered|spent|purchased|spend|buy|buying)\b", sentence.masked)
        and not sentence.of("ACCOUNT")
    )


_BY_ITSELF = re.compile(r"^(?:and )?(?:how many |number of |total |all )?(?:new )?(?:orders|leads|subscriptions|surveys|order lines)(?: (?:did we (?:get|have)|came in|were there|do we have))?(?: (?:in |since |for |during )?DATE)?$|^(?:and )?(?:what (?:is|was) |show (?:me )?|give me |how much )?(?:the |our |my )?(?:total |overall |won |lost )?(?:revenue|bookings|turnover) (?:from|in|of|with|for|across|among)\b(?!.*\b(?:ACCOUNT|DEAL|CONTACT)\b)|^(?:and )?(?:our |the )?DATE(?:'s)? (?:revenue|sales|bookings|orders|leads)$")


def figure(sentence: Sentence) -> str | None:
    """Whether a request asks for a number by the words of the report catalogue: "report", "slips" or None."""
    sentence = report_conditions.split_by_turns(sentence)
    text = sentence.masked.strip(" .!?,")
    if _WRITES.match(text) or _TOLD.search(text) or len(text.split()) > 30:
        return None
    if plan_slips.asked(text):
        return "slips"
    term = report_vocabulary.measured(text)
    subject = term.subject if term else report_vocabulary.subject_of(text)
    if subject is None and report_extremes.of_times(text):
        subject = "deals"
    if subject is None:
        return None
    groups = report_vocabulary.groups_of(text, subject)
    keep = report_extremes.wanted(text, of_groups=term is not None)
    if term is not None and (groups or keep.rule or not sentence.of("ACCOUNT", "CONTACT", "DEAL")):
        return "report"
    if keep.rule and (keep.rule in ("outliers", "over_mean", "under_mean") or groups):
        return "report"
    if (keep.at_least and groups) or _bought_over(sentence):
        return "report"
    if report_conditions.SHARE.search(text) and (groups or plan_reports.group_of(text)):
        return "report"
    split = re.search(r"\b(?:by|per|split by|broken down by|grouped by|for (?:each|every))\b", text)
    if groups and split and not sentence.of("ACCOUNT", "CONTACT", "DEAL"):
        return "report"
    if groups and _MOST.search(text) and report_vocabulary.asks_which(text, subject):
        return "report"
    if _OVER_PERIODS.search(text) and not sentence.of("ACCOUNT", "CONTACT", "DEAL"):
        return "report"
    if _COUNTED.search(text) and not sentence.of("ACCOUNT", "CONTACT", "DEAL") and subject != "contacts":
        return "report"
    return "report" if _BY_ITSELF.match(text) or _TOTAL.match(text) or plan_reports.group_of(text) == "lost_reason" else None


_MOST = re.compile(r"\b(?:has|have|had|with|made|raised|opened|placed|got|did|won|lost|caused?|generated?|brings?|brought)(?: \w+){0,2} the (?:most|fewest|least|highest|lowest|biggest|largest)\b")
_OVER_PERIODS = re.compile(
    r"\b(?:year|quarter|month|week)[- ](?:over|on)[- ](?:year|quarter|month|week)\b|\byoy\b|\bqoq\b|\b(?:compared (?:to|with)|vs\.?|versus|against) (?:the )?(?:same (?:period|quarter|month|week)|(?:previous|prior|preceding) (?:period|quarter|month|week|year)|(?:period|quarter|month|week|year|one) before)\b"
)
_COUNTED = re.compile(
    r"\b(?:total |overall )number of\b|\bhow many (?:is it|is that|are they|are there|are those|in total|altogether)\b|\b(?:deals?|calls?|emails?|meetings?|cases?|tickets?|tasks?|accounts?|customers?|leads?) count\b(?! as)"
)
_TOTAL = re.compile(
    r"^(?:and )?(?:(?:what|how much|how high) (?:is|was|are|were) |(?:show|give|tell|get|send|find) (?:me |us )?|i (?:need|want|would like)(?: to (?:know|see))? )?(?:the |our |my )?"
    r"(?:(?:(?:total |combined |overall |aggregate |summed |exact )?(?:value|sum|amount|worth|volume|number|count))(?: up)? of (?!it\b|that\b|this\b|the deal\b)|(?:won|lost|open|total|combined) (?:amount|value|revenue|sum|volume)\b|(?:amount|value|sum|revenue|number)s? (?:that )?(?:we|i|they|PERSON|the team) (?:have |has )?(?:won|lost|closed|booked|sold)\b)(?!.*\b(?:DEAL|CONTACT)\b)"
)


def _by_catalogue(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | None:
    """A number in the words of the catalogue, where these say more than the plain questions below."""
    text, args = sentence.masked, Args()
    term = report_vocabulary.measured(text)
    subject = term.subject if term else report_vocabulary.subject_of(plan_reports.without_groups(text)) or report_vocabulary.subject_of(text)
    if term is None and _bought_over(sentence):
        subject = "orders"
    unknown = _UNKNOWN.search(text) if term is None else None
    strange = unknown is not None and not _KNOWN.fullmatch(unknown.group(1))
    if subject is None and (strange or report_extremes.of_times(text)):
        subject = "deals"
    if subject is None:
        return None
    groups = report_vocabulary.groups_of(text, subject)
    if _bought_over(sentence) and not groups:
        groups = ("account",)
    keep = report_extremes.wanted(text, of_groups=term is not None or plan_reports.measure(text, subject) in ("win_rate", "sales_cycle"))
    over = bool(sentence.of("MONEY")) and report_vocabulary.asks_which(text, subject)
    known = subject in _PLAIN_SUBJECTS and not keep.rule and not keep.at_least and not over
    if term is None and known and not strange and not _bought_over(sentence) and len(groups) < 2 and (not groups or (groups[0] in _PLAIN_GROUPS and groups[0] == plan_reports.group_of(text))):
        return None
    args["subject"] = subject
    args["measure"] = _with_function(term.measure, text, keep.rule) if term else plan_reports.measure(text, subject)
    if strange and unknown is not None:  # the tool says which measures there are
        args["measure"] = unknown.group(1)
    if not groups and term is not None and term.group:
        groups = (term.group,)
    if not groups and keep.rule:
        groups = ("month",) if keep.rule in ("outliers", "over_mean", "under_mean") else ("owner",)
    left = re.search(r"\bfrom (?:the )?([a-z]+)(?: stage)? to\b", sentence.text.lower())
    stage = None if subject != "stage_entries" else (left and slots.known_stage(left.group(1), linker)) or plan_reports.stage_said(sentence, linker)
    if stage is not None and stage not in ("won", "lost"):
        args["stage"], groups = stage, tuple(name for name in groups if name != "stage")
    if not groups and subject == "deals" and len(kinds_said(text)) > 1:
        groups = ("kind",)
    beside = len(sentence.of("PERSON")) > 1 or owners.several(owners.owner(sentence, linker, caller))
    if not groups and beside:
        groups = ("owner",)
    if groups:
        args["group_by"] = ",".join(groups)
    account = plan_reports.account_said(sentence, linker, subject) if stage is None else None
    args["owner"] = owners.owner(
        sentence, linker, caller, "everyone" if account or ("owner" in groups and not caller.manages) else "team" if caller.manages else "me"
    )
    if "owner" in groups and args["owner"] == "me":
        args["owner"] = "team"
    if account is not None:
        args["account"] = account.value
    _rows_of(subject, sentence, linker, args, term, keep.rule)
    if term is not None and term.where is not None:
        field, op, value = term.where
        args["where"] = [{"field": field, "op": op, "value": value}]
    if keep.rule and not (groups and _FOR_ALL.search(text)):
        args["keep"] = keep.rule
        if keep.value is not None:
            args["keep_value"] = keep.value
    if keep.at_least:
        args["at_least"] = keep.at_least
        args["measure"] = args["measure"] if term is not None else "count"
    count = slots.limit(sentence)
    if keep.number > 1:
        args["keep_number"] = keep.number
    elif count is not None and groups and not keep.rule and not keep.at_least:
        args["limit"] = count
    _over_amount(sentence, args)
    _periods(sentence, args, today)
    return Call("report", args)


_FOR_ALL = re.compile(r"\b(?:for (?:each|every|all)|each) (?:one )?of (?:them|us)\b|\beveryone's\b|\b(?:all|each) of (?:them|the reps)\b")
""" "Who has the best win rate, show it for each of them": none is left out."""
_PLAIN_SUBJECTS = frozenset({"deals", "interactions", "contacts", "accounts", "orders", "surveys", "cases"})
_PLAIN_GROUPS = frozenset({"competitor", "owner", "stage", "month", "quarter", "week", "year", "industry", "country", "account", "lost_reason", "source", "kind", "pipeline", "channel", "team"})
_TO_COME = frozenset({"quotas", "subscriptions", "tasks"})
"""What lies ahead as often as behind."""


def _with_function(names: str, text: str, rule: str) -> str:
    """The measure with "median" or "longest" of it where that was asked for; the longest of groups is not that of rows."""
    first, comma, rest = names.partition(",")
    functions = _FUNCTIONS[:2] if rule else _FUNCTIONS
    function = next((name for name, words in functions if re.search(words, text)), "")
    usual = {quantity.usual for subject in SUBJECTS for quantity in subject.quantities if quantity.name == first}
    plain = "." not in first and function and usual and function not in usual
    return f"{first}.{function}{comma}{rest}" if plain else names


_FUNCTIONS = (("median", r"\bmedian\b"), ("average", r"\b(?:average|avg|mean|typical)\b(?! of)"), ("largest", r"\b(?:longest|maximum|max)\b"), ("smallest", r"\b(?:shortest|minimum)\b"))


def _rows_of(subject: str, sentence: Sentence, linker: Linker, args: Args, term: report_vocabulary.Term | None, rule: str) -> None:
    """Which rows: of deals by their status and stage, of interactions by their channel."""
    text = sentence.masked
    if subject == "deals":
        measured = str(args["measure"])
        group = str(args.get("group_by", "")).split(",")[0] or None
        rate = measured.startswith(("win_rate", "touches_to_win", "won_", "lost_", "time_to_lose"))
        args["status"] = term.status if term is not None and term.status else "any" if rate or group == "status" else plan_reports.report_status(sentence, text, group)
        of_times = rule in ("outliers", "over_mean", "under_mean") or report_extremes.of_times(text)
        if of_times and args["status"] == "open" and not re.search(r"\bopen\b|\bpipeline\b", text):
            args["status"] = "won"
        if plan_reports.CREATED.search(text):
            args["date_field"] = "created"
            args["status"] = "any" if args["status"] == "open" else args["status"]
        kind = deal_kind(text)
        if kind is not None and group != "kind" and not sentence.of("DEAL"):
            args["kind"] = kind
        category = slots.forecast_category(text)
        if category is not None and group != "forecast_category":
            args["forecast_category"] = category
    elif term is not None and term.status:
        args["status"] = term.status
    if subject == "interactions":
        found = slots.channel(text)
        if found is not None:
            args["channel"] = found
    if subject in ("cases", "tasks") and "status" not in args and re.search(r"\bopen\b", text):
        args["status"] = "open"
    plan_reports.put_ended(subject, text, args)
    if subject == "tasks" and re.search(r"\b(?:overdue|late|past due)\b", text):
        args["status"] = "open"
        args["where"] = [{"field": "due", "op": "lt", "value": "today"}]
    if subject in ("deals", "leads", "deal_products", "stage_entries") and "competitor" not in str(args.get("group_by", "")):
        put_rival(args, sentence)


def _over_amount(sentence: Sentence, args: Args) -> None:
    """ "Which accounts bought more than EUR 100,000": the sum of each group is meant, not a row's amount."""
    limits: Args = {}
    slots.amounts(sentence, limits)
    low, high = limits.get("min_amount_minor"), limits.get("max_amount_minor")
    each = re.search(r"\b(?:deals|orders|opportunities|renewals|contracts|ones)\b(?: \w+){0,2} (?:over|above|under|below|of|from|between|worth|>|<)[^,]*MONEY", sentence.masked)
    if "group_by" in args and not args.get("keep") and each is None and _ASKS_WHICH.search(sentence.masked) and (low is None) != (high is None):
        args["keep"], args["keep_value"] = ("over", low) if low is not None else ("under", high)
        if str(args["measure"]) == "count":
            args["measure"] = "sum"
    else:
        args.update(limits)
        slots.put_limit_currency(sentence, args)


def _periods(sentence: Sentence, args: Args, today: date) -> None:
    found = report_periods.periods_asked(sentence, today)
    if args.get("status") != "open" and (args["subject"] not in _TO_COME or (args["subject"] == "quotas" and not slots.still_to_come(sentence))):
        found = [report_periods.past(days, today) for days in found]
    if len(found) == 1 and report_periods.only_compared(sentence, found[0], args, today):
        return
    if found:
        slots.put_period(args, found[0])
    compare = report_periods.compared(f"{sentence.text} {sentence.masked}".lower(), len(found), split="group_by" in args) if not (args.get("keep") or args["subject"] == "quotas" or owners.several(args.get("owner"))) else None
    if compare == "period" and len(found) > 1:
        slots.put_period(args, found[1], "compare_since", "compare_until")
    elif compare is not None and found:
        args["compare_with"] = "previous_period" if compare == "period" else compare


_WHO_MOST = re.compile(r"(?:and )?who (?:has|have|had|got|is|owns|holds|with)\b.*\b(?:most|fewest|least|more)\b(?!.*\b(?:customers?|clients?|accounts?)\b)")


def report(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """A number: in the catalogue's words where they say more, and otherwise as a plain question."""
    sentence = report_conditions.split_by_turns(sentence)
    plain = _by_catalogue(sentence, linker, caller, today) or plan_reports.report(sentence, linker, caller, today)
    if "group_by" not in plain.args and _WHO_MOST.match(sentence.masked):
        plain = Call("report", {**plain.args, "group_by": "owner"})
    args = dict(plain.args)
    put_traits(args, sentence, linker, str(args["subject"]))
    said = report_conditions.conditions_of(sentence, args, today)
    if said:
        before = args.get("where")
        args["where"] = [*(before if isinstance(before, list) else []), *said]
    return Call("report", report_conditions.as_share(args, sentence.masked))


def heard(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The report, and which word of the question it could not take into account."""
    call = report(sentence, linker, caller, today)
    if call.args["subject"] == "deals" and call.args["measure"] in ("sum", "largest") and "group_by" not in call.args and one_deal_asked(sentence.masked):
        owner = call.args["owner"]
        return Call("list_deals", {**list_deals(sentence, linker, caller, today).args, "owner": owner, "order": "amount", "limit": slots.limit(sentence) or 1})
    word = report_conditions.not_counted(sentence.masked, call)
    if word is None:
        return call
    return Plan(calls=(call,), say=f"I could not take “{word}” into account; this is of all of them.")
