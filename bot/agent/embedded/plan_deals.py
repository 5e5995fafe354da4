"""Lists and numbers of deals: from words to the arguments of ``list_deals``, ``report`` and their neighbours."""

import re
from datetime import date, timedelta

from bot import wording
from bot.agent.embedded import owners, plan_slips, slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.roles import role_said
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import is_trait, put_traits, traits_of
from crm_store.people import Caller

_QUIET = 30
"""Days of silence that "stale" or "at risk" stands for where no number is said."""
_UNTOUCHED = re.compile(
    r"\b(?:untouched|un(?:loved|attended|worked)|(?:nobody|no one|no-one|none of us|noone|nobody's)(?: has| have| is|'s)? (?:touched|contacted|called|talked|spoken|worked|looked|looking|cared|done|checked|written|moved|heard|been|said|reached|(?:touch|contact|call|look|work|check|follow|car|mov|writ|reach|do)ing)|(?:sat|sitting|sits|parked|lain|lying) (?:(?:there|around|still|idle|for) )*(?:LENGTH|DATE)|never (?:been )?(?:touched|contacted)"
    r"|(?:no|zero|without(?: any| a)?|lack(?:ing)?(?: any)?|hardly any) (?:activity|activities|contact|touch|touch ?points?|interactions?|update|movement|touches|updates|action|calls? or emails?|engagement|progress|sign of life|signs of life|news|word|peep|response|reply|attention|communication)"
    r"|nothing (?:has |was |is |been )*(?:happened|happening|happens|moved|moves|done|going on|logged|recorded)|(?:made|did|done) nothing|not (?:been |had (?:a |any )?)?(?:touched|contacted|updated|moved|talked|spoken|heard|touch|contact|activity|looked|worked|been in touch)"
    r"|(?:have|has) not(?! (?:ordered|bought|purchased|paid|signed|renewed|replied|answered|closed|won|been (?:invoiced|billed|renewed|paid))\b)|had no (?:activity|contact)|gone (?:quiet|cold|dark|silent|stale|missing)|going (?:quiet|cold|dark|silent|stale)|went (?:quiet|cold|dark|silent)|quiet(?:est)?|silen(?:t|ce)|cold|coldest|stale(?:st)?|stuck|stagna\w+|neglect\w*|forgotten|forgot|overlooked|overlooking|idle|idling|dormant|ignor(?:ed|ing)|inactiv\w+|not moving|stalled|haven't|since we (?:talked|spoke)|lift(?:ed|ing)? a finger|(?:no|not) (?:\w+ )?hide nor hair"
    r"|(?:left|leave|leaving|been) (?:hanging|lying|unattended|alone)|(?:gather|collect)(?:ing|s|ed)? dust|dusty|rot(?:s|ting|ten)?|(?<!\ba )(?<!\bthe )(?<!\bone )slid(?:e|es|ing)?(?! (?:deck|show))|languish\w*|ghost(?:ed|ing|s)|asleep|sleeping|abandoned|(?:dead|lying) (?:in the water|around)|drop(?:ped)? the ball|fall(?:en|ing)? (?:asleep|through the cracks)|slip(?:ping|ped)? through the cracks|on the back ?burner"
    r"|last (?:touch(?:ed)?|contact(?:ed)?|activity|interaction|worked on|spoken|talked|called)(?: \w+){0,3} (?:a )?(?:LENGTH|DATE))\b"
)
_PUSHED = re.compile(
    r"\b(?:slipp(?:ed|ing)|(?:did|does|could|may) (?:\w+ ){1,3}slip|slid|(?:got|were|was|been|has been|have been) (?:pushed|delayed|postponed|moved out)|did (?:i|we|PERSON) (?:push|move) (?:out|back)|pushed(?: out| back)?|what (?:we|i) pushed|pushes)\b(?!.*\bpast\b)"
)
_BIG = r"(?:(?:big|larg|great|high|fat|juic|chunk|heav|hug|pric|beef|meat|mega|rich)(?:g|t|i|ki)?est|most (?:valuable|expensive|important|lucrative)|top)"
_BY_AMOUNT = re.compile(
    rf"\b(?:{_BIG}(?<!on top)(?<!the top)|(?:big|large|high|fat|whale|valuable)(?: \w+)? first|(?:in order of|order(?:ed)? by|sort(?:ed)?(?: \w+)? by|rank(?:ed)? by|by|descending) (?:the )?(?:deal )?(?:amount|value|size|money|worth|volume|revenue|sum)|from (?:big|large|high)(?:gest|est)? to (?:small|low)(?:est)?|whales?(?! only)|(?:big|large|huge|major|fat|sizeable) (?:open )?(?:deals|ones|renewals|fish|tickets)|worth (?:the )?most)\b(?! silence\b)"
)
WITHOUT_NEXT_STEP = re.compile(r"\b(?:no|without(?: a| any)?|missing(?: a| their)?|lack(?:ing|s)?(?: a)?|have no|has no|not have a) next steps?\b|\bnext steps? (?:is |are )?(?:missing|empty|blank|not set)\b")
OVERDUE = re.compile(
    r"\b(?:overdue|past (?:their |the |its )?close date|(?:close|closing) dates? (?:has |have |is |are |was |were |already |long )*(?:passed|in the past|over|gone|behind us)|slipped past|past due|should have closed)\b"
)
_WITHOUT_ROLE = re.compile(
    r"\b(?:no|without|lack(?:s|ing)?|missing|(?:do|does|did) not have|have not (?:got|found|named|identified)|has not got|need(?:s|ing)?|nobody(?: is)?(?: there)?)(?: (?:a|an|any|the|our|as|for|known|named|real|clear|identified))* (?P<role>champ(?:ion)?s?|economic buyers?|ebs?|decision[- ]?makers?|influencers?|(?:executive |exec )?sponsors?|technical evaluators?)\b"
)
_LONGEST = re.compile(r"\b(?:longest|oldest|coldest|stalest|quietest|most (?:neglected|silent|stale)|dead(?:est)?) ?(?:\w+ )?(?:first|on top|at the top|up top|silence|quiet|untouched|touch)\b")
def list_deals(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """Which deals, whose, in what order."""
    text, args = sentence.masked, Args()
    status = deal_status(text)
    said = traits_of(sentence, linker, "deals")
    account = [one for one in linker.accounts(sentence) if not is_trait(one.mark, said)]
    args["owner"] = owners.owner(sentence, linker, caller, "everyone" if account else "me")
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
    if WITHOUT_NEXT_STEP.search(text):
        args["without_next_step"] = True
    missing = _WITHOUT_ROLE.search(text)
    if missing is not None and (role := role_said(missing.group("role"))) is not None:
        args["without_role"] = role
    put_rival(args, sentence)
    put_traits(args, sentence, linker, "deals")
    put_age(args, sentence, today)
    kind = deal_kind(text)
    if kind is not None and not sentence.of("DEAL"):
        args["kind"] = kind
    if status == "open" and _PUSHED.search(text):
        for key in ("closing_since", "closing_until"):
            args.pop(key, None)
        found = slots.past_period(sentence, today) or slots.Days(today - timedelta(days=30), today)
        slots.put_period(args, found, "pushed_since", "pushed_until")
    if OVERDUE.search(text):
        args["closing_until"] = (today - timedelta(days=1)).isoformat()
    if _BY_AMOUNT.search(text) and not (days is not None and _LONGEST.search(text)):
        args["order"] = "amount"
    elif days is not None:
        args["order"] = "untouched"
    count = slots.limit(sentence)
    if count is None and re.search(rf"\b(?:single )?{_BIG} (?:open |single )?(?:deal|one|renewal|thing|opportunity|opp|order|win|loss)\b(?! first)", text):
        count = 1
    if count is not None:
        args["limit"] = count
    return Call("list_deals", args)


_WHO_IS_QUIET = re.compile(
    r"^(?:and |so |ok )?(?:who|which (?:ones|of them)|anyone|anybody|(?:is|has) (?:anyone|anybody))\b.*(?:\b(?:gone|went|going|been|is|are) (?:quiet|dark|cold|silent|missing)\b|\bghost(?:ed|ing|s)?\b|\b(?:losing|lost|lose) touch\b"
    r"|\bhave not (?:i|we) (?:talked|spoken|called|contacted|heard|met|seen|been in touch)\b|\bhave (?:i|we) not (?:talked|spoken|called|contacted|heard|met|seen|been in touch)\b)"
)


def asks_who_is_quiet(sentence: Sentence) -> bool:
    """ "Who's gone quiet on me?": the accounts nobody has talked with for a while, whoever they are."""
    return _WHO_IS_QUIET.search(sentence.masked) is not None and not sentence.of("ACCOUNT", "CONTACT", "DEAL", "PERSON")


def list_accounts(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    text, args = sentence.masked, Args()
    args["owner"] = owners.owner(sentence, linker, caller)
    kind = re.search(r"\b(?:former|ex-?|lost|churned|past|previous|old) (?:customers?|clients?|accounts?)\b|\b(prospect|customer|partner|influencer)s?\b", text)
    if kind:
        args["kind"] = kind.group(1) or "former"
    days = untouched_days(sentence, today) or (_QUIET if asks_who_is_quiet(sentence) else None)
    if days is not None:
        args["untouched_days"] = days
    put_traits(args, sentence, linker, "accounts")
    count = slots.limit(sentence)
    if count is not None:
        args["limit"] = count
    return Call("list_accounts", args)


_AGED = re.compile(r"\b(?:(?P<older>older than|created (?:more than|over)|(?:been )?open(?:ed)? (?:for )?(?:more than|over|longer than))|(?:younger|newer) than|(?:created|opened|added) (?:in|within|less than)(?: the last| the past)?) (?:the )?(?:an? )?$")


def put_age(args: Args, sentence: Sentence, today: date) -> None:
    """ "Older than a year" is of the day a deal was made."""
    for mark in sentence.of("LENGTH"):
        aged = _AGED.search(sentence.masked[: mark.start])
        if aged is not None:
            before = args.get("where")
            made = {"field": "created", "op": "lt" if aged.group("older") else "ge", "value": (today - timedelta(days=slots.length_days(mark))).isoformat()}
            args["where"] = [*(before if isinstance(before, list) else []), made]
            return


MAY_SLIP = re.compile(
    r"\b(?:about to|going to|gonna|might|may|could|will|would|likely to|threaten(?:s|ing)? to|(?:at )?risk of|in danger of|liable to|probably)(?: (?:be|get))? (?:slip(?:ping)?|slid(?:e|ing)|push(?:ed|ing)|postpon(?:e|ed|ing)|delayed|miss(?:ing)? (?:its|their|the) (?:close )?dates?)\b(?! (?:the|it|them|this|that|my|our)\b)"
    r"|\b(?:slip(?:page)?|slipping) risks?\b"
)
_OF_SLIPS = frozenset({"owner", "account", "pushed_since", "pushed_until", "untouched_days", "order"})
_CANNOT_TELL_SLIP = "I can't tell what will slip; these are to close by {day}, the longest untouched first."


def deals_asked(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The list; of what may slip what is to close soonest, the most neglected first, and that it is no more than that."""
    call = list_deals(sentence, linker, caller, today)
    if MAY_SLIP.search(sentence.masked) and call.args.get("status", "open") == "open":
        found = slots.period(sentence)
        until = found.until if found is not None and found.until is not None and found.until >= today else today + timedelta(days=_QUIET)
        kept = {name: value for name, value in call.args.items() if name not in ("closing_since", "closing_until", "pushed_since", "pushed_until")}
        shown = Call("list_deals", {**kept, "closing_until": until.isoformat(), "order": "untouched"})
        return Plan(calls=(shown,), say=_CANNOT_TELL_SLIP.format(day=wording.day(until, today)), reason="may slip")
    if _PUSHED.search(sentence.masked) and set(call.args) <= _OF_SLIPS and not sentence.of("DATE", "LENGTH"):
        return plan_slips.slips(sentence, linker, caller, today)
    return _by_outlook(call, sentence) or call


_HOT = re.compile(
    r"\b(?:hot(?:test)?|warm(?:est)?|low[- ]hanging(?: fruits?)?|(?:most|more|very|really|quite) (?:likely|promising|probable|winnable|certain)|(?:most )?likely to (?:close|win|sign|land|come in)|(?:closest|nearest|close|near) to (?:clos(?:e|ing)|signing|signature|the finish(?: line)?|the line|done|a signature|winning)|"
    r"best (?:shots?|bets?|chances?|odds|prospects)|sure (?:things?|bets?)|(?:easy|easiest|quick|quickest|safe|safest|surest|nearly|almost|as good as) (?:wins?|won|money|ones?|deals?|done|closed|bets?)|in the bag|over the line|slam dunks?|(?:strongest|most advanced)(?= (?:deals?|ones?|opp\w*|renewals?)\b)|furthest along|far(?:thest)? along)\b"
)
_SHAKY = re.compile(
    r"\b(?:weak(?:est)?|shak(?:y|iest)|wobbl(?:y|iest|ing)|risk(?:y|iest)|at risk|in (?:trouble|danger|jeopardy)|trouble(?:d|some)?|endangered|worr(?:y|ying|isome|ies|ied)|least likely|(?:most )?likely to (?:be lost|fall through|die|fail)|(?:los(?:e|ing)|about to lose|going to lose|will lose)|dying|dead wood|on (?:thin ice|life support)|falling apart|fall(?:ing)? through|unhealth(?:y|iest)|sick(?:est)?|red flags?|worst(?= (?:deals?|ones?|opp\w*|renewals?)\b)|unlikely|long shots?)\b"
)
_MAY_LOSE = re.compile(r"\b(?:likely|about|going|gonna|will|may|might|could|risk(?:ing)? of|danger of|close|afraid)\b.{0,24}\blos(?:e|ing)\b|\bare (?:we|i) (?:\w+ )?losing\b")
_CANNOT_TELL_WIN = "I can't tell which will close; these are forecast as commit or best case, the next to close first."
_CANNOT_TELL_LOSS = "I can't tell which will be lost; these have had no contact for {days} days or more, the longest silence first."


_ASKS_OUTLOOK = re.compile(r"^(?:and |so )?(?:what|which|where|any|anything|is anything|are any|show|list|give|tell|find|my|our|the|PERSON's)\b")
_SAYS_LITTLE = re.compile(r"\b(?:right now|now|today|currently|DATE|at the moment|atm|please|my|our|the|me|us|for|there|of|PERSON's|so|and)\b")
_FEW_WORDS = 4


def asks_outlook(sentence: Sentence) -> bool:
    """ "What's hot", "low hanging fruit?", "which deals look shaky": deals by what may become of them, whoever's."""
    text = sentence.masked.strip(" .!?")
    if sentence.of("ACCOUNT", "CONTACT", "DEAL", "STRANGER", "MONEY"):
        return False
    if MAY_SLIP.search(text) and _ASKS_OUTLOOK.match(text):
        return True
    if not (_HOT.search(text) or _SHAKY.search(text)):
        return False
    of_deals = re.search(r"\b(?:deals?|opp(?:ortunitie)?s|pipeline|renewals|ones?)\b", text)
    said = _SAYS_LITTLE.sub(" ", text)
    return len(said.split()) <= _FEW_WORDS or (of_deals is not None and _ASKS_OUTLOOK.match(text) is not None)


def _by_outlook(call: Call, sentence: Sentence) -> Plan | None:
    """Of which will close or be lost the nearest that the record knows, and that it is no more than that."""
    text, args = sentence.masked, dict(call.args)
    if _MAY_LOSE.search(text):
        args.pop("status", None)
    if args.get("status", "open") != "open" or {"where", "forecast_category", "untouched_days", "pushed_since"} & set(args):
        return None
    if _SHAKY.search(text):
        days = _QUIET
        shown = Call("list_deals", {**args, "untouched_days": days, "order": "untouched"})
        return Plan(calls=(shown,), say=_CANNOT_TELL_LOSS.format(days=days), reason="which may be lost")
    if _HOT.search(text):
        where = [{"field": "forecast_category", "op": "in", "value": ["commit", "best_case"]}]
        return Plan(calls=(Call("list_deals", {**args, "where": where}),), say=_CANNOT_TELL_WIN, reason="which may close")
    return None


_ONE_DEAL = re.compile(rf"\b(?:what|which|whats|who|show|tell|name)\b.*\b(?:single )?{_BIG} (?:(?:open|single|won|lost|closed) )*(?:deal|opportunity|opp|renewal|win|loss|order)\b(?! (?:size|value)|s\b)|^(?:our |my |the )*{_BIG} (?:(?:open|single|won|lost|closed) )*(?:deal|opportunity|opp|renewal|win|loss)\b(?! (?:size|value)|s\b)")


def one_deal_asked(text: str) -> bool:
    """ "The biggest deal we lost" is a deal and no number."""
    return _ONE_DEAL.search(text) is not None


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
    ("new", r"\bnew (?:business|logos?)\b|\bnew (?:customers?|clients?|accounts?)\b.*\b(?:win|won|sign(?:ed)?|land(?:ed)?|acquired?|close[d]?|gain(?:ed)?|add(?:ed)?)\b|\b(?:won|win|signed|landed|acquired|gained)(?: \w+){0,2} new (?:customers?|clients?|accounts?)\b"),
)


def deal_kind(text: str) -> str | None:
    """The kind of deal that is asked for, by the words for it."""
    return next(iter(kinds_said(text)), None)


def kinds_said(text: str) -> list[str]:
    """The kinds of deal a text names; two of them beside each other are compared."""
    return [name for name, pattern in _KINDS if re.search(pattern, text)]


def put_rival(args: Args, sentence: Sentence) -> None:
    rival = sentence.of("RIVAL")
    if rival and rival[0].mention is not None:
        args["competitor"] = rival[0].mention.matches[0].name.text


_LOST = re.compile(r"\b(?:lost|lose|losses|losing|closed?[- ]lost|churned)\b")
_WON_TOO = re.compile(r"\b(?:won|win|wins|winning|closed?[- ]won)\b")


def deal_status(text: str) -> str:
    if _LOST.search(text) and not _WON_TOO.search(text):  # "lost revenue" is of what was lost
        return "lost"
    if re.search(
        r"\b(?:won|win|wins|closed?[- ]won|sold|sell|sales(?! (?:cycles?|stages?|teams?|reps?|pipelines?|leads?|process|calls?|meetings?|forecast|people))|new logos?|bookings?|booked|revenue|turnover|brought in|did (?:we|i|PERSON) (?:close|sell|win|book|make)|have (?:we|i) (?:closed|won|sold)|(?<!\ba )(?<!\bthe )signed)\b",
        text,
    ) or re.search(
        r"\b(?:has|have|was|were|we|i|PERSON|who|rep|did .{0,20}) (?:closed?|bring in)\b(?! (?:date|this|next))", text
    ):
        return "any" if re.search(r"\b(?:and|or|vs\.?|versus) (?:lost|losses)\b", text) else "won"
    if _LOST.search(text):
        return "lost"
    if re.search(r"\b(?:all|any|every) (?:the |our |my )?deals?\b.*\b(?:ever|history|status|open and closed)\b", text):
        return "any"
    return "open"


_OR_MORE = re.compile(r"\b(\d{1,3}) ?\+ ?(day|week|month)s?\b")


def untouched_days(sentence: Sentence, today: date) -> int | None:
    """The silence a request asks for, in days; 30 when only "stale" or "untouched" is said."""
    if not _UNTOUCHED.search(sentence.masked):
        return None
    for mark in sentence.of("LENGTH"):
        if mark.time is not None and mark.time.length is not None and mark.time.length.total_seconds >= 86_400:
            return slots.length_days(mark)
    more = _OR_MORE.search(sentence.masked)
    if more is not None:
        return int(more.group(1)) * {"day": 1, "week": 7, "month": 30}[more.group(2)]
    starts: list[date] = []
    for mark in sentence.of("DATE"):
        found = slots.days_of(mark.time) if mark.time else None
        start = None if found is None else found.since or (found.until + timedelta(days=1) if found.until is not None else None)
        starts += [start] if start is not None and start != today else []
    if starts:  # a silence lies behind, even where another day is named
        return abs((today - next((start for start in starts if start < today), starts[0])).days)
    return _QUIET
