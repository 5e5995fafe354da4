"""Numbers in the words of the report catalogue: any measure of any subject, split, ranked and compared; and slips."""

import re
from datetime import date

from bot.agent.embedded import plan_reports, report_extremes, report_vocabulary, slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_deals import deal_kind, put_rival
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import put_traits
from crm_store.people import Caller
from crm_store.reports import SUBJECTS

SHARE = re.compile(
    r"\b(?:with|and) (?:their |its |the )?(?:shares?|percent(?:ages?)?)\b|\bshares? of\b|\b(?:percent(?:age)?|proportion|fraction) of\b|% of\b|\bhow much of\b|\bas (?:a )?percent(?:age)?\b"
)
_ASKS_WHICH = re.compile(r"\b(?:which|who|any|customers?|accounts?|clients?|list|show)\b")
_SLIPS = re.compile(
    r"^(?:show (?:me )?|list |what are |the |my |our |all |any )*slips?(?: reports?| history| counts?)?\b|\b(?:slip|slipp(?:ed|ing|age)|push(?:ed|es|ing)?(?: (?:back|out))?|postpon\w+|delay(?:ed|s)?)\b(?=.*\b(?:how (?:often|many times|far)|who|twice|\d+ times|(?:two|three|four|five) times|more than once|most|repeatedly|by (?:rep|owner|person|seller)|close dates?)\b)"
    r"|\b(?:how (?:often|many times|far)|who|twice|\d+ times|(?:two|three|four|five) times|more than once|most|repeatedly)\b(?=.*\b(?:slipp?(?:ed|ing|age)?|push(?:ed|es|ing)? (?:(?:back|out|the|their|its|our|his|her) )*(?:close |closing )?dates?|mov(?:ed|es|ing) (?:the |their )?close dates?|postpon\w+|close dates? (?:moved|changed|pushed))\b)"
)
_WRITES = re.compile(
    r"^(?:please )?(?:log|note|record|remind|add|create|set|move|change|update|mark|task|todo|to-do|push|pull|undo|draft|write|send|follow up|assign|new)\b"
)
_TOLD = re.compile(r"\b(?:told|said|says|asked (?:me|us)|wants?|wanted|called|emailed|wrote|texted|mentioned) (?:me|us|to|that|me that|us that)\b")
_LOST_FOR = re.compile(
    r"\b(?:los[et]|losing|losses|lost)\b.*\b(?:to|because of|due to|on|over|for|through) (?:the |our |their |a |lack of |missing )*"
    r"(price|pricing|budget|timing|time|features?|functionality|integrations?|support|service|competition|security|no decision|inaction)\b"
)
"""Why a deal was lost, as a reason that is recorded and not a competitor, which has a name."""
_STEMS = {"pricing": "price", "features": "feature", "integrations": "integration"}
_COUNTS = {"twice": 2, "once": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_UNKNOWN = re.compile(r"\b(?:average|median|mean|total|sum of(?: the)?) ([a-z]{4,})\b")
_KNOWN = re.compile(
    r"\b(?:deals?|size|amounts?|values?|revenue|contracts?|orders?|sales|price|acv|won|lost|open|pipeline|number|count|"
    r"bookings?|income|length|duration|time|days|closed?|opportunit\w+|customers?|accounts?|worth|forecast|commit\w*|weighted|score|"
    r"calls?|meetings?|emails?|tasks?|cases?|contacts?|employees?|subscriptions?|rating|satisfaction|monthly|weekly|quarterly|yearly|new|"
    r"renewals?|expansion|quota|interactions?|activit\w+|spend|purchases?|of|across|over|this|last|for|annual)\b"
)


def _bought_over(sentence: Sentence) -> bool:
    return bool(
        sentence.of("MONEY")
        and re.search(r"\b(?:which|what|who|any|list|show)\b", sentence.masked)
        and re.search(r"\b(?:bought|ordered|spent|purchased|spend|buy|buying)\b", sentence.masked)
        and not sentence.of("ACCOUNT")
    )


_BY_ITSELF = re.compile(r"^(?:and )?(?:how many |number of |total |all )?(?:new )?(?:orders|leads|subscriptions|surveys|order lines)(?: (?:did we (?:get|have)|came in|were there|do we have))?(?: (?:in |since |for |during )?DATE)?$|^(?:and )?(?:our |the )?DATE(?:'s)? (?:revenue|sales|bookings|orders|leads)$")


def figure(sentence: Sentence) -> str | None:
    """Whether a request asks for a number by the words of the report catalogue: "report", "slips" or None."""
    text = sentence.masked.strip(" .!?,")
    if _WRITES.match(text) or _TOLD.search(text) or len(text.split()) > 30:
        return None
    if _SLIPS.search(text):
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
    if SHARE.search(text) and (groups or plan_reports.group_of(text)):
        return "report"
    split = re.search(r"\b(?:by|per|split by|broken down by|grouped by)\b", text)
    if groups and split and not sentence.of("ACCOUNT", "CONTACT", "DEAL"):
        return "report"
    return "report" if _BY_ITSELF.match(text) else None


def slips(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """How often close dates moved later, of whose deals, by whom."""
    text, args = sentence.masked, Args()
    account, people = linker.account(sentence), linker.people(sentence)
    deals = sentence.of("DEAL")
    by_person = re.search(r"^(?:and )?who\b|\bby (?:rep|seller|person|owner|colleague)s?\b|\bwhich (?:rep|seller|owner)s?\b", text)
    moved = re.search(r"\b(?:push|pushes|pushed|move|moves|moved|postpone\w*|delay\w*)\b.*\bdates?\b|\bPERSON (?:push|move|postpone|delay)", text)
    if deals:
        args["deal"] = deals[0].text
    elif account is not None:
        args["account"] = account.value
    if people and moved:
        args["changed_by"], args["owner"] = people[0].value, "everyone"
    else:
        args["owner"] = slots.owner(sentence, linker, caller, "team" if caller.manages or by_person else "me")
        if by_person and args["owner"] == "me":
            args["owner"] = "team"
    if by_person:
        args["split_by"] = "owner" if re.search(r"\bby owners?\b|\bwhose\b", text) and not moved else "changed_by"
    least = re.search(r"\b(more than|at least|over)? ?(twice|once|two|three|four|five|\d+)(?: times)?\b", text)
    if least is not None and re.search(r"\btwice|once|times\b", text) and not re.search(r"\bhow (?:often|many times)\b", text):
        said = least.group(2)
        args["at_least"] = (_COUNTS.get(said) or int(said)) + (1 if least.group(1) in ("more than", "over") else 0)
    slots.put_period(args, slots.past_period(sentence, today))
    if re.search(r"\bopen\b", text):
        args["open_only"] = True
    return Call("slips", args)


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
    known = subject in _PLAIN_SUBJECTS and not keep.rule and not keep.at_least
    if term is None and known and not strange and not _bought_over(sentence) and (not groups or all(name in _PLAIN_GROUPS for name in groups)):
        return None
    args["subject"] = subject
    args["measure"] = _with_function(term.measure, text, keep.rule) if term else plan_reports.measure(text, subject)
    if strange and unknown is not None:  # the tool says which measures there are
        args["measure"] = unknown.group(1)
    if not groups and term is not None and term.group:
        groups = (term.group,)
    if not groups and keep.rule:
        groups = ("month",) if keep.rule in ("outliers", "over_mean", "under_mean") else ("owner",)
    if groups:
        args["group_by"] = ",".join(groups)
    account = linker.account(sentence)
    args["owner"] = slots.owner(
        sentence, linker, caller, "everyone" if account or "owner" in groups else "team" if caller.manages else "me"
    )
    if "owner" in groups and args["owner"] == "me":
        args["owner"] = "team"
    if account is not None:
        args["account"] = account.value
    _rows_of(subject, sentence, linker, args, term, keep.rule)
    if term is not None and term.where is not None:
        field, op, value = term.where
        args["where"] = [{"field": field, "op": op, "value": value}]
    if keep.rule:
        args["keep"] = keep.rule
        if keep.value is not None:
            args["keep_value"] = keep.value
    if keep.at_least:
        args["at_least"] = keep.at_least
    count = slots.limit(sentence)
    if keep.number > 1:
        args["keep_number"] = keep.number
    elif count is not None and groups and not keep.rule and not keep.at_least:
        args["limit"] = count
    _over_amount(sentence, args)
    _periods(sentence, args, today)
    return Call("report", args)


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
    if term is not None and term.status:
        args["status"] = term.status
    elif subject == "deals":
        measured = str(args["measure"])
        group = str(args.get("group_by", "")).split(",")[0] or None
        rate = measured.startswith(("win_rate", "touches_to_win", "won_", "lost_", "time_to_lose"))
        args["status"] = "any" if rate or group == "status" else plan_reports.report_status(sentence, text, group)
        of_times = rule in ("outliers", "over_mean", "under_mean") or report_extremes.of_times(text)
        if of_times and args["status"] == "open" and not re.search(r"\bopen\b|\bpipeline\b", text):
            args["status"] = "won"
        if re.search(r"\b(?:created|opened|new deals|added|came in)\b", text):
            args["date_field"] = "created"
            args["status"] = "any" if args["status"] == "open" else args["status"]
        kind = deal_kind(text)
        if kind is not None and not sentence.of("DEAL"):
            args["kind"] = kind
        category = slots.forecast_category(text)
        if category is not None and group != "forecast_category":
            args["forecast_category"] = category
    if subject == "interactions":
        found = slots.channel(text)
        if found is not None:
            args["channel"] = found
    if subject in ("cases", "tasks") and re.search(r"\bopen\b", text):
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
    if "group_by" in args and not args.get("keep") and _ASKS_WHICH.search(sentence.masked) and (low is None) != (high is None):
        args["keep"], args["keep_value"] = ("over", low) if low is not None else ("under", high)
        if str(args["measure"]) == "count":
            args["measure"] = "sum"
    else:
        args.update(limits)
        slots.put_limit_currency(sentence, args)


def _periods(sentence: Sentence, args: Args, today: date) -> None:
    found = slots.periods(sentence)
    if args.get("status") != "open" and (args["subject"] not in _TO_COME or (args["subject"] == "quotas" and not slots.still_to_come(sentence))):
        found = [plan_reports.past(days, today) for days in found]
    if len(found) == 1 and plan_reports.only_compared(sentence, found[0], args, today):
        return
    if found:
        slots.put_period(args, found[0])
    compare = plan_reports.compared(f"{sentence.text} {sentence.masked}".lower(), len(found)) if not args.get("keep") and args["subject"] != "quotas" else None
    if compare == "period" and len(found) > 1:
        slots.put_period(args, found[1], "compare_since", "compare_until")
    elif compare is not None and found:
        args["compare_with"] = "previous_period" if compare == "period" else compare


def report(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """A number: in the catalogue's words where they say more, and otherwise as a plain question."""
    plain = _by_catalogue(sentence, linker, caller, today) or plan_reports.report(sentence, linker, caller, today)
    args = dict(plain.args)
    put_traits(args, sentence, linker, str(args["subject"]))
    named = Call("report", args)
    lost = _LOST_FOR.search(sentence.masked) if named.args.get("status") == "lost" else None
    if lost is not None and "where" not in named.args:
        where = [{"field": "lost_reason", "op": "contains", "value": _STEMS.get(lost.group(1), lost.group(1))}]
        named = Call(named.tool, {**named.args, "where": where})
    if not SHARE.search(sentence.masked) or "group_by" not in named.args:
        return named
    first = str(named.args["measure"]).split(",")[0]
    return Call(named.tool, {**named.args, "share": True}) if first in ("count", "sum") else named


def heard(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The report, and which word of the question it could not take into account."""
    call = report(sentence, linker, caller, today)
    word = _unheard(sentence.masked, call)
    if word is None:
        return call
    return Plan(calls=(call,), say=f"I could not take “{word}” into account; this is of all of them.")


_DONE = re.compile(
    r"\b(?:how many|number of|count of|count) (?:[a-z]+ ){1,3}?(?:(?:were|was|are|is|have been|has been|have|got|did we|we|get) )(?:ever |already )?([a-z]{4,}(?:ed|en|pt)|won back|sent)\b"
    r"|\b(?:how many|number of|count of|count) ([a-z]{4,}(?:ed)) (?:cases|tickets|leads|orders|tasks|contacts|accounts|customers|interactions|calls|meetings|emails)\b"
)
_HEARD = frozenset({"opened", "created", "logged", "added", "held", "made", "raised", "received", "entered", "reported", "been", "given", "placed", "overdue", "recorded", "happened"})
"""What the plain count of a subject already is of: its own day says as much."""


def _unheard(text: str, call: Call) -> str | None:
    """What was said to have been done with the rows, where nothing of the report is about it."""
    match = _DONE.search(text)
    if match is None or call.args.get("where") or call.args.get("subject") == "deals":
        return None
    if str(call.args.get("measure")).split(",")[0] != "count":
        return None
    word = match.group(1) or match.group(2)
    used = word in _HEARD or "status" in call.args or str(call.args.get("date_field", "")) == word
    return None if used else word
