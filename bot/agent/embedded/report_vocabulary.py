"""The words for what can be reported on: measures, subjects and groups.

Names and titles come from the catalogue of reports, so that a new measure or field can be asked for by its name;
the tables below hold only what people say instead. Everything is matched against masked, lower-case text.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm_store.reports import SUBJECTS
from crm_store.reports.catalogue import Field, Subject


@dataclass(frozen=True)
class Term:
    """What some words measure. ``group`` is how it is split unless another way is asked for, ``status`` and ``where`` which rows."""

    subject: str
    measure: str
    group: str = ""
    status: str = ""
    where: tuple[str, str, bool | int] | None = None


_BEST = r"(?:best|most|worst|least|highest|lowest|fastest)"
_MEASURES: tuple[tuple[str, Term], ...] = (
    (rf"(?:which|what) products? (?:\w+ )?(?:sells?|sold|selling|sell) (?:\w+ )?{_BEST}|{_BEST}[- ]?sell(?:ing|ers?)(?: products?)?", Term("deals", "sum", "product", "won")),
    (r"(?:tough|bigg|main|strong|hard|fierce|danger|worst|usual)\w*(?: \w+)? (?:competitors?|rivals?)(?! (?:at|on|for|in)\b)", Term("deals", "count", "competitor", "lost")),
    (rf"(?:lead )?sources?(?: \w+){{0,3}} (?:converts?|converted|converting)(?: {_BEST})?|which (?:lead )?sources? (?:works?|performs?|is|are|brings?)(?: \w+)? {_BEST}", Term("leads", "lead_conversion,count", "source")),
    (r"who (?:closes?|wins?|sells?) (?:(?:deals|the) )?(?:fastest|quickest|slowest)", Term("deals", "sales_cycle", "owner", "won")),
    (r"who (?:talks?|speaks?|calls?|meets?|emails?|visits?|logs?)(?: (?:to|with))?(?: (?:our|the|most))?(?: (?:customers|clients|accounts|people|activities|activity))?(?: the)? (?:most|least)(?: often)?", Term("interactions", "count", "owner")),
    (r"how (?:long|many (?:days|weeks|months)|much time) (?:do|does|did|has|have|is)(?: \w+){0,4} (?:takes?|taken|needs?)(?: \w+){0,2} to (?:close|win)(?! (?:a |the )?(?:case|ticket|complaint)s?)|time from creation to clos(?:e|ing)|days to (?:close|win)", Term("deals", "sales_cycle", "", "won")),
    (r"conversion rates?", Term("deals", "win_rate")),
    (r"where (?:do|did) (?:we|i) (?:usually |mostly |typically )?lose(?: (?:the )?most)?(?: of)?(?: (?:our|my|the))?(?: deals)?", Term("deals", "count", "stage", "lost")),
    (r"where (?:do|does|did) (?:our |my |the )?(?:revenue|sales|money|deals|wins|pipeline|business) (?:come|came) from", Term("deals", "sum", "source", "won")),
    (r"what (?:do|did|have) (?:we|i) (?:sell|sold|been selling) (?:the )?most(?: of)?", Term("deals", "sum", "product", "won")),
    (r"(?:customers?|accounts?|clients?|compan(?:y|ies)|who)(?: \w+){0,2} (?:bought|ordered|spent|purchased|buys?|spends?)(?: from us)? (?:the )?most", Term("orders", "sum,count", "account")),
    (r"(?:agents?|reps?|people|owners?|who)(?: \w+)? (?:resolv|clos|solv|handl)(?:e|es|ed) (?:the )?(?:tickets?|cases?|complaints?) (?:the )?(?:fastest|quickest|slowest)", Term("cases", "time_to_close,count", "owner")),
    (r"(?:deals|opportunities|opps)(?: \w+){0,2} (?:moved|went|advanced|progressed|entered|reached|made it|got) (?:in|on)?to(?: the)?(?= (?:ACCOUNT|[a-z]+)\b)|(?:deals|opportunities) (?:\w+ )?(?:entered|reached)(?= (?:the )?(?:ACCOUNT|[a-z]+)\b)", Term("stage_entries", "deals")),
    (r"who (?:has|have|got|is having) (?:the )?(?:most|least|fewest|too much) (?:work|to do|tasks|on (?:his|her|their) (?:plate|hands))", Term("tasks", "count", "owner", "open")),
    (r"(?:which|what) stages? (?:do |are |is )?(?:our |the |my )?(?:deals? |opportunities )?(?:get |getting |sit |sitting |spend |stay |take |takes |stuck )*(?:in )?(?:the )?(?:stuck(?: in)?|longest|slowest|most time)(?: in)?(?: the longest)?", Term("stage_entries", "time_in_stage,count", "stage")),
    (r"how long (?:do|does|did) (?:our |the |my )?(?:deals?|they|we|opportunit(?:y|ies)|it) (?:usually |typically |normally )?(?:stay|sit|spend|remain|stick|linger|last) (?:in|at|on)", Term("stage_entries", "time_in_stage,count", "stage")),
    (r"conversions? (?:rates? )?from|how many (?:deals )?(?:move|go|get|make it) from (?=[a-z]+ to )", Term("stage_entries", "conversion,deals", "stage")),
    (r"how many (?:touches|touch ?points|meetings|calls|interactions|emails|activities)(?: \w+){0,3} to (?:win|close)(?: an?| one)? deals?", Term("deals", "touches_to_win,won_deals")),
    (r"how long (?:does|do|did) (?:it|we|our leads|leads|a lead)(?: usually| typically)?(?: take| need)?(?: us)? to (?:convert|become a customer)(?: an?| our)?(?: leads?)?", Term("leads", "time_to_conversion,count")),
    (r"units? (?:sold|ordered|shipped|bought)|quantit(?:y|ies) (?:sold|ordered|shipped|bought)", Term("order_lines", "quantity.sum,sum")),
    (r"(?:how many|number of) seats|seats (?:sold|in use|per|by)", Term("subscriptions", "seats.sum")),
    (r"(?:average |mean |typical |median )?(?:contract|subscription) (?:length|term|duration)s?", Term("subscriptions", "term,count")),
    (r"renewal rates?", Term("retention", "retention,count")),
    (r"(?:net (?:revenue|dollar) retention|nrr|ndr|net retention)(?: rate)?", Term("retention", "net_revenue_retention")),
    (r"(?:gross (?:revenue|dollar) retention|grr|gross retention)(?: rate)?", Term("retention", "gross_revenue_retention")),
    (r"(?:revenue churn|churned revenue)(?: rate)?", Term("retention", "revenue_churn,churned_revenue")),
    (r"(?:customer |logo |account )?retention(?: rate)?|how many customers (?:did )?(?:we )?(?:keep|kept|retain(?:ed)?)", Term("retention", "retention,count")),
    (r"(?:customer |logo |account )?churn(?: rate|ed)?|how many customers (?:have |did )?(?:we )?(?:lost|lose|churned?|left)", Term("retention", "churn,churned_accounts,count")),
    (r"expansion rate", Term("retention", "expansion_rate")),
    (r"expansion(?: revenue)?(?! deals?| opportunit)|upsell revenue", Term("retention", "expansion,expansion_rate")),
    (r"contraction(?: revenue)?|down ?sell(?: revenue)?", Term("retention", "contraction,contraction_rate")),
    (r"mrr|monthly recurring(?: revenue)?", Term("subscriptions", "monthly_recurring_revenue")),
    (r"arr|(?:annual |yearly )?recurring revenue", Term("subscriptions", "recurring_revenue")),
    (r"(?:quota )?attainment|how much of (?:the |our |my )?quota|percent(?:age)? of (?:the )?quota", Term("quotas", "attainment,won,quota")),
    (r"(?:pipeline |quota )?coverage(?: ratio)?", Term("quotas", "coverage,open,left")),
    (r"(?:left|missing|gap) to (?:the |our |my )?quota|quota gap", Term("quotas", "left,quota,won")),
    (r"win rate by (?:amount|value|revenue)|(?:amount|value|revenue)[- ]weighted win rate", Term("deals", "win_rate_amount")),
    (r"(?:win|close|closing|hit|success)[- ]?(?:rates?|ratios?)", Term("deals", "win_rate")),
    (r"(?:average |median )?(?:sales|deal) cycles?(?: times?| lengths?)?|cycle times?", Term("deals", "sales_cycle", "", "won")),
    (r"(?:stage|funnel|pipeline) conversions?(?: rates?)?|conversions?(?: rates?)? (?:by|per|of each|between|from) stages?|funnel", Term("stage_entries", "conversion,deals", "stage")),
    (r"(?:average |mean |median )?(?:time|days|how long)(?: \w+){0,4}? (?:in|per|at) (?:each |a |the |every )?(?:sales )?stages?|stage durations?|(?:time|days)[- ]in[- ]stage|velocity by stage", Term("stage_entries", "time_in_stage,count", "stage")),
    (r"leads? conversions?(?: rates?)?|(?:how often|what share of)(?: of)?(?: do)?(?: our| the)? leads (?:convert\w*|become|became|turn\w*)|conversion rate of leads", Term("leads", "lead_conversion,count")),
    (r"(?:newly )?converted leads|leads?(?: \w+){0,2} (?:converted|(?:became|turned into) (?:customers?|opportunit\w+))|how many(?: of)?(?: our| the)? leads(?: \w+)? (?:convert\w*|become|became|turn\w*)", Term("leads", "converted_leads,time_to_conversion")),
    (r"qualification rates?", Term("leads", "qualification_rate,count")),
    (r"(?:time|days) (?:to|from lead to) conver\w+", Term("leads", "time_to_conversion,count")),
    (r"repeat (?:purchase |order |customer |buyer )?rates?|(?:share of )?repeat (?:customers?|buyers?|orders?)|reorder rates?", Term("orders", "repeat_rate,accounts")),
    (r"(?:average |median )?(?:time|days) between (?:\w+ )?(?:orders|purchases)|order frequency|how often do (?:\w+ )?(?:customers|accounts|clients) (?:re)?order", Term("orders", "time_between_orders,count")),
    (r"(?:average|mean|avg) (?:order|basket) (?:values?|sizes?)|aov|average orders?", Term("orders", "amount.average,count")),
    (r"median order (?:value|size)", Term("orders", "amount.median,count")),
    (r"order (?:values?|revenue|volume|amount)", Term("orders", "sum,count")),
    (r"(?:average |median )?(?:handle|handling) times?|aht", Term("cases", "handle_time,count")),
    (r"(?:average |median )?(?:time to (?:close|resolve|resolution)|resolution times?|days to (?:close|resolve))(?= (?:of |for |a |the )*(?:cases?|tickets?)| by (?:priority|support))|(?:case|ticket) (?:duration|resolution)(?: time)?|how long (?:do|does|did) (?:it take to (?:close|resolve) )?(?:a )?(?:cases?|tickets?)", Term("cases", "time_to_close,count")),
    (r"(?:average |median )?(?:first )?response times?|time to (?:first )?(?:respon\w+|reply)", Term("cases", "first_response,count")),
    (r"transfer rates?|share of (?:cases|tickets) (?:that were )?transferred", Term("cases", "transfer_rate,count")),
    (r"(?:cases?|tickets?|complaints?)(?: \w+){0,3} (?:transferred|handed (?:over|on|around)|passed(?: on| over| around)?|reassigned)(?: between (?:owners|agents|reps|people))?|transferred (?:cases|tickets|complaints)", Term("cases", "count,transfers", where=("transfers", "gt", 0))),
    (r"(?:case |ticket )?transfers?(?: between (?:owners|agents))?|handovers? of (?:cases|tickets)", Term("cases", "transfers.sum,transfer_rate,count")),
    (r"(?:case|ticket|support) (?:volumes?|load)", Term("cases", "count")),
    (r"(?:members|recipients|people|contacts)(?: \w+){0,2} (?:responded|answered|replied) to (?:the |our |a )?(?:campaigns?|mailings?)|(?:members|recipients)(?: \w+){0,2} (?:responded|answered|replied)", Term("campaign_members", "response_rate,count", "campaign")),
    (r"(?:members|recipients|people|contacts)(?: \w+){0,2} (?:unsubscribed?|opted out)|unsubscribed (?:members|recipients|contacts|people)", Term("campaign_members", "unsubscribe_rate,count", "campaign")),
    (r"(?:campaign )?response rates?", Term("campaign_members", "response_rate,count", "campaign")),
    (r"(?:unsubscribe|opt[- ]?out|unsubscription) rates?|unsubscribes", Term("campaign_members", "unsubscribe_rate,count", "campaign")),
    (r"(?:email )?open rates?", Term("campaign_members", "open_rate,count", "campaign")),
    (r"(?:touches|interactions|touchpoints|activities)(?: \w+)? per won deal|touches to win", Term("deals", "touches_to_win,won_deals")),
    (r"(?:average |median )?(?:touches|interactions|touchpoints|activities) (?:per|for each|on each|by) deal", Term("deals", "touches,count")),
    (r"(?:touches|interactions|touchpoints) (?:per|for each) (?:account|customer)", Term("accounts", "touches.average,count")),
    (r"days since (?:the |our )?last (?:touch|contact|interaction|activity)(?: by| per| of| for)?(?: each| every)? (?:accounts?|customers?)|(?:longest|most) untouched (?:accounts?|customers?)", Term("accounts", "days_since_last_touch.largest", "account")),
    (r"days since (?:the |our )?last (?:touch|contact|interaction|activity)", Term("deals", "days_since_last_touch", "", "open")),
    (r"weighted (?:pipeline|amount|forecast|value|deals)", Term("deals", "weighted,count", "", "open")),
    (r"(?:average |median )?(?:age|how old) (?:of|are) (?:the |our |my )?(?:open )?(?:deals|pipeline)|deal age", Term("deals", "age,count", "", "open")),
    (r"time to lose|how (?:fast|long|quickly) (?:until|before|do) we lose", Term("deals", "time_to_lose,count", "", "lost")),
    (r"on[- ]time rates?(?: of tasks)?|tasks? (?:done|finished|completed) on time", Term("tasks", "on_time_rate,count")),
    (r"(?:time|minutes|hours) (?:spent )?on (?:calls|the phone|meetings)|talk time|call time", Term("interactions", "duration,count")),
    (r"(?:confirm(?:ed|ation)?|acceptance) rates?(?: of proposals)?|proposals?(?: (?:were|was|are|got|have been|did we))? (?:confirmed|accepted|rejected)(?: rate)?", Term("proposals", "confirmed_rate,count")),
    (r"undo rates?|how often (?:are|were) (?:changes|proposals) undone", Term("proposals", "undo_rate,count")),
    (r"nps|net promoter(?: score)?", Term("surveys", "nps")),
    (r"(?:csat|customer satisfaction|satisfaction(?: score)?s?)(?= (?:by|per|each|of each|DATE))", Term("cases", "csat")),
)  # fmt: skip
_SUBJECTS: tuple[tuple[str, str], ...] = (
    (r"order lines?|products? (?:sold|bought|ordered)|units sold", "order_lines"),
    (r"deal (?:products|lines?)|products? (?:on|in) (?:the )?(?:deals|pipeline)", "deal_products"),
    (r"leads?", "leads"), (r"subscriptions?", "subscriptions"), (r"orders?|purchases?", "orders"),
    (r"support (?:cases?|tickets?|requests?)|(?<!best )(?<!best-)cases?|tickets?|complaints?", "cases"),
    (r"tasks?|to-?dos?", "tasks"), (r"contacts?|people|persons?", "contacts"),
    (r"survey (?:answers?|responses?)|surveys?", "surveys"), (r"campaign members?|recipients", "campaign_members"),
    (r"proposals?|proposed changes", "proposals"), (r"(?:field |record )?changes|edits", "changes"),
    (r"calls?|meetings?|emails?|interactions?|activit(?:y|ies)|touches|touchpoints|conversations?|visits?|demos?", "interactions"),
    (r"accounts?|customers?|companies|prospects?|clients?", "accounts"),
    (r"deals?|opportunit(?:y|ies)|pipeline|forecast|revenue|sales|bookings?|won|lost|wins|losses", "deals"),
)  # fmt: skip
_GROUPS: dict[str, str] = {
    "rep": "owner", "sales rep": "owner", "seller": "owner", "salesperson": "owner", "account executive": "owner",
    "ae": "owner", "agent": "owner", "person": "owner", "team member": "owner", "colleague": "owner",
    "customer": "account", "client": "account", "company": "account", "vendor": "competitor", "rival": "competitor",
    "type": "kind", "deal type": "kind", "reason": "lost_reason", "loss reason": "lost_reason", "category": "forecast_category",
    "forecast": "forecast_category", "family": "product_family", "product line": "product_family", "segment": "size",
    "company size": "size", "account size": "size", "headcount": "size", "lead source": "source", "state": "region",
    "sector": "industry", "vertical": "industry", "lifecycle stage": "lifecycle", "account type": "account_kind",
    "customer type": "account_kind", "campaign name": "campaign", "nation": "country", "direction": "direction",
    "sales stage": "stage", "deal stage": "stage", "calendar quarter": "quarter", "financial year": "fiscal_year",
    "financial quarter": "fiscal_quarter", "half year": "half", "half-year": "half", "day": "day", "week": "week",
    "month": "month", "quarter": "quarter", "year": "year", "fiscal year": "fiscal_year", "fiscal quarter": "fiscal_quarter",
    "user": "owner", "record type": "entity", "employees": "size",
}  # fmt: skip
_TIMES = ("day", "week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter")
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_SPLIT = re.compile(
    r"\b(?:by|per|for each|in each|in every|of each|each|every|across|split by|broken down by|grouped by|among|over the|which|what"
    r"|who are the|any|(?:best|worst|strongest|weakest|busiest|slowest|biggest|largest|highest|lowest|top|bottom|unusual)(?: (?:\d{1,2}|two|three|four|five|ten))?) (?:the |all |our |my |of |sales |unusual )*"
)
_TOO_PLAIN = frozenset({
    "amount", "quantity", "score", "accounts", "deals", "orders", "rows", "people", "contacts", "won", "open", "left",
    "quota", "employees", "duration", "term", "seats", "age", "overdue", "retention", "name", "subject", "title", "touches",
    "part", "label", "row", "old", "new", "field", "number", "won_deals", "open_deals", "open_cases", "closed_cases", "won_amount", "lost_amount", "won amount", "lost amount",
})  # fmt: skip


_NO_FIELD = r"(?! (?:risk|danger|date|reason|score|level|flag|category)s?\b)"
"""What comes after makes it the name of something else: a churn risk is no churn."""


@functools.cache
def _measure_patterns() -> tuple[tuple[re.Pattern[str], Term], ...]:
    """What people say first, then every measure of the catalogue by its own name and title."""
    found = [(re.compile(rf"\b(?:{words})\b{_NO_FIELD}"), term) for words, term in _MEASURES]
    for subject in SUBJECTS:
        for one in (*subject.ratios, *subject.quantities):
            title = one.title.partition(",")[0].partition("(")[0].strip().lower()
            for said in {one.name.replace("_", " "), title} - {""}:
                if said not in _TOO_PLAIN and one.name not in _TOO_PLAIN:
                    found.append((re.compile(rf"\b{re.escape(said)}s?\b{_NO_FIELD}"), Term(subject.name, f"{one.name},count")))
    return tuple(found)


def measured(text: str) -> Term | None:
    """The measure that the most words name; of the same words what people say comes before what the catalogue calls it."""
    found = [(match.end() - match.start(), term) for pattern, term in _measure_patterns() if (match := pattern.search(text))]
    return max(found, key=lambda one: one[0])[1] if found else None


def subject_of(text: str) -> str | None:
    """What is counted: the noun nearest to the beginning."""
    found = [(match.start(), name) for words, name in _SUBJECTS if (match := re.search(rf"\b(?:{words})\b", text))]
    return min(found)[1] if found else None


def subject_named(name: str) -> Subject:
    return next(subject for subject in SUBJECTS if subject.name == name)


_WISE = re.compile(r"\b([a-z]+)[- ]?wise\b(?<!otherwise)(?<!likewise)")
_BY_TURNS = re.compile(r"\b(stage|rep|month|week|quarter|year|owner|customer|account|team|region|country|day) (?:by|for) \1\b|\b(month|week|quarter|day) (?:over|on|after) \2\b(?! (?:change|growth))")
_RANKING = re.compile(
    r"^(?:please )?(?:rank|order|sort|compare)(?: all)?(?: the| my| our)? (reps|sellers|people|team members|accounts|customers|clients|stages|teams|products|industries|countries|competitors|sources|months|quarters) (?:by|on) (?=(?:the |their )?[a-z])(.+)$"
)
""" "Rank the reps by meetings held": meetings held by rep."""
_DAY_OF_DEALS = re.compile(r"\b(by|per|each) (?:expected )?(?:close|closing|closed|due)(?: date)?[- ](day|week|month|quarter|year)\b")
_WHICH_OF_MANY = re.compile(
    r"^(?:(?:show|list|give|tell)(?: me)? |the |all |any |our |my )*([a-z]+s|[a-z]+ies|rep|seller|customer|client|account|product|month|week|quarter|industry|country|region|stage|campaign|source)(?= (?:in which|where|that|who|whose|when|with|above|below|over|under|beating)\b)"
)
""" "Months in which we won more than …": which months."""
_LAID_OUT = re.compile(
    r"\b(?:(?:broken|break|split|slic\w+|group\w*|divid\w+|segment\w*|spread|cut|laid|bucket\w*|separat\w+)(?: (?:it|them|this|that))?(?: (?:down|out|up))? (?:by|on|into|along|across|per|according to|for)|according to|along the|distributed (?:over|across|by)|on a per[- ])\s*(?=(?:the |each |individual |different |our )*[a-z]+)"
)
_ONE_OF_EACH = re.compile(r"\b(?:for )?(?:each|every)(?: (?:one|single|and every))?(?: of (?:the|my|our|these|those|all))?(?: of)? (?=[a-z])")
_RANKED = re.compile(r"(?<=\bdeals) by (?:size|value|amount|worth)\b(?! of)|\b(?:rank(?:ed|ing)?|sort(?:ed|ing)?|ordered|arranged?|order (?:them|it|(?:my|the|our) \w+))(?: \w+){0,2}? by (?:the )?\w+|\bin order of \w+")
"""In what order something is shown is no split of it."""
_NOUN_FIRST = re.compile(r"\b(stage|rep|owner|month|quarter|industry|country|source|competitor|team|category|product|channel|customer) (?:breakdown|split|distribution|spread)\b")


_OVER_ALL = re.compile(r"\b(?:across|over|among(?:st)?|from|of) (?:all(?: of)?|the whole|the entire) (?:the |my |our |of )*(?:reps|sellers|people|team|teams|accounts|customers|stages|owners|products|regions|countries|industries)\b")
"""All of them together: no split."""


def split_words(text: str) -> str:
    """The text with every way to ask for a split said as "by …" or "each …": "stage-wise", "month by month", "a rep breakdown"."""
    text = _RANKED.sub(" ", _RANKING.sub(r"\2 by \1", _OVER_ALL.sub(" ", text.strip(" .!?"))))
    text = re.sub(r"\b(which|what) (?:top )?(?:\d{1,2}|two|three|four|five|ten) (?=[a-z])", r"\1 ", text)
    text = _DAY_OF_DEALS.sub(r"\1 \2", _WHICH_OF_MANY.sub(r"which \1", text))
    text = _LAID_OUT.sub("by ", _BY_TURNS.sub(lambda match: f"by {match.group(1) or match.group(2)}", _WISE.sub(r"by \1", text)))
    return _NOUN_FIRST.sub(r"by \1", _ONE_OF_EACH.sub("each ", text))


_TREND = re.compile(r"\btrend(?:s|ing|line)?\b|\bover time\b|\b(?:going|gone|gotten|getting|got|become|becoming|been) (?:up|down|better|worse|shorter|longer|higher|lower|faster|slower|bigger|smaller)\b(?! (?:on|from|than|vs))|\bimproving\b")
""" "Is our win rate going up" is seen month by month."""


def groups_of(text: str, subject: str) -> tuple[str, ...]:
    """How a number is split: the fields of the subject that "by …", "per …", "which …" name, at most two."""
    text = split_words(text)
    about = subject_named(subject)
    for match in _SPLIT.finditer(text):
        words = re.findall(r"[a-z-]+", text[match.end() : match.end() + 60])
        first, used = field_said(words, about)
        if first == "pipeline" and re.match(r"(?:best|worst|strong|weak|big|larg|high|low|top|bottom)", match.group()):  # all that is open, and not one of several
            continue
        if first == "team" and re.search(r"\b(?:the|my|our) $", match.group()):  # whose it is, and no split
            continue
        if first:
            after = words[used:]
            second = field_said(after[2:] if after[1:2] in (["by"], ["per"], ["each"]) else after[1:], about)[0] if after[:1] in (["and"], ["per"], ["by"]) else ""
            return (first, second) if second not in ("", first) else (first,)
    if _TREND.search(text):
        return ("month",)
    adverb = re.search(rf"\b({'|'.join(_ADVERBS)})\b(?! (?:recurring|mean|average))", text)
    return (_ADVERBS[adverb.group(1)],) if adverb else ()


def asks_which(text: str, subject: str) -> bool:
    """Whether the groups themselves are asked for: "which months …", "months in which …"."""
    found = re.search(r"\b(?:which|what) (?:of (?:the|my|our) )?([a-z]+(?: [a-z]+){0,2})", split_words(text))
    return found is not None and bool(field_said(found.group(1).split(), subject_named(subject))[0])


def field_said(words: Sequence[str], subject: Subject) -> tuple[str, int]:
    """The field whose name the words begin with and how many words that is, the longest first; ("", 0) without one."""
    for length in range(min(3, len(words)), 0, -1):
        said = _singular(" ".join(words[:length]))
        named = "status" if said == "state" and any(one.name == "status" for one in subject.fields) else _GROUPS.get(said, said.replace(" ", "_").replace("-", "_"))
        if named in _TIMES:
            return named, length
        for one in subject.fields:
            if _can_split(one) and (named == one.name or said in (one.name.replace("_", " "), one.title.lower())):
                return one.name, length
        if said == "type" and any(one.name == "account_kind" for one in subject.fields):
            return "account_kind", length
    return "", 0


def _can_split(field: Field) -> bool:
    return field.kind in ("text", "choice", "flag")


def _singular(said: str) -> str:
    if said in _GROUPS or said.endswith(("ss", "us")):
        return said
    if said.endswith("ies"):
        return f"{said[:-3]}y"
    if said.endswith(("sses", "xes", "ches")):
        return said[:-2]
    return said.removesuffix("s")


__all__ = ["Term", "asks_which", "field_said", "groups_of", "measured", "subject_named", "subject_of"]
