"""Questions that are answered with quotes: what qualifies a deal, what they object to, what a period came to, and what our own
documents say."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.agent.embedded import plan_documents, plan_figures, plan_passages, plan_reads, slots
from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_said import POINTS, about, contradicted, lost, planned, stuck, told_of
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_WRITES = re.compile(
    r"^(?:please )?(?:log|note|add|create|remind|task|to-?do|set|update|mark|move|change|record|delete|close|complete|assign|schedule"
    r"|book|call|email|meeting|draft|write|send|put|advance|push|new|lost|won|make|reassign|import|merge|follow)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:mention\w*|said|say|says|tell us|told|asked|talk(?:ed)?|talking about|spoken?|discuss\w*|who (?:holds|owns|controls|has) (?:the )?budget"
    r"|how many|number of|win ?rate|which deals|what deals|deals (?:where|with|that|lost)|stage|lost to|lose to|lost against|most often"
    r"|by (?:rep|month|quarter|stage|competitor)|quota|pipeline|tasks?)\b"
)
"""Words by which the same nouns belong to a search, a list or a report."""
_FRAMEWORK = re.compile(r"\b(bant|med+d?p?icc?)\b")
_QUALIFY = re.compile(
    r"^(?:and |now |let us |help me |can we |how do (?:i|we) )?(?:re-?)?qualify\b|\b(?:well|properly|fully|really|how|is|are|was) .*\bqualified\b(?! (?:leads?|deals|pipeline))"
    r"|\bqualification (?:of|for|on|check|status|gaps?|summary|sheet)\b|\b(?:deal|ACCOUNT|DEAL|their|the)(?:'s)? qualification$"
)
_GAPS = re.compile(
    r"\bwhat (?:are we|do we|is|am i|are) (?:still )?(?:missing|not know\w*|lack\w*|unknown)\b|\bwhat (?:do|don't|do not) we (?:not |still not )?know (?:yet )?(?:about|on|for)\b(?=.*\bnot\b)"
    r"|\bwhat (?:have|do) we (?:still )?(?:need|have) to (?:find out|learn|know|qualify)\b|\b(?:gaps?|blind spots?|holes|open questions|missing (?:pieces|info\w*|fields))\b"
    r"|\bwhat should (?:i|we) (?:still )?(?:find out|learn|ask (?:next|to qualify))\b|\bwhat (?:is|remains) unknown\b"
)
_THEY = r"(?:they|CONTACT (?:at|from|of|over at) ACCOUNT|ACCOUNT|CONTACT|DEAL|she|he|the customer|the board|it)"
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("competition", re.compile(
        rf"\b(?:who|what|which)(?: \w+)? (?:are|is|were|am) (?:we|i) (?:up )?(?:against|competing (?:with|against))\b|\bwho (?:else )?(?:is|are) {_THEY} (?:also )?(?:talking|looking|considering|comparing|evaluating|speaking)\b"
        rf"|\bwho else (?:is|are|do|does|did)\b.*\b(?:look\w*|consider\w*|compar\w*|evaluat\w*|invit\w*|in the running|bidding|pitch\w*|race|play)\b|\b(?:is|are) {_THEY} (?:also )?(?:talking|looking|considering|comparing|evaluating|speaking)\b.*\b(?:others?|vendors?|competit\w+|alternatives?|anyone else|suppliers?|elsewhere)\b"
        rf"|\b(?:which|what|any|are there|is there|who are the|the|our|list) (?:\w+ )?(?:competit(?:ors?|ion)|rivals|other (?:vendors?|suppliers?|bidders?))\b|\bwho (?:is|are) (?:the |our )?(?:competit\w+|rivals?|other (?:vendors?|bidders?))\b|\b(?:ACCOUNT|DEAL)(?:'s)? competit\w+|\bcompetiti(?:on|ve situation) (?:at|on|for|in|like)\b"
        r"|\bwho (?:competes|is competing|bids|is bidding|else bids|else competes)\b|\b(?:is|does|are|was) RIVAL\b.*\b(?:in (?:the )?(?:deal|race|play|running)|compet\w+|involved|bidding|a threat|out|dropped|gone|ahead|shortlisted|still in)\b"
        rf"|\b(?:does|do|is|are|did) {_THEY} (?:still |also )?(?:look|looking|talk|talking|compare|comparing) (?:us )?(?:at|to|with|for) (?:RIVAL|any(?:one|body)(?: else)?|some(?:one|body)(?: else)?|others?|other \w+|an? (?:competitor|rival|other)|competitors|alternatives)\b"
        r"|\b(?:which|what) (?:other )?(?:vendors?|suppliers?|bidders?)\b.*\b(?:short-?list|list|race|compar|consider|invited|in)\w*|\bdid (?:ACCOUNT|they|CONTACT) (?:mention|name) (?:a|any|other|the) (?:competit\w+|rivals?|vendors?|suppliers?)\b"
    )),
    ("decision_criteria", re.compile(
        r"\b(?:decision|selection|evaluation|buying|award|success) criteri\w+\b|\bcriteri\w+\b"
        rf"|\bwhat (?:matters|counts|is (?:most )?important|is decisive)(?: most)? (?:to|for|at|with) {_THEY}|\bwhat (?:will|would|does|do) {_THEY} (?:judge|measure|decide|choose|base|look for|require|insist)\b|\bwhat (?:do|does|did) {_THEY} (?:\w+ )?(?:want|need|expect|insist|demand|require)\w*(?: \w+){{0,2}} (?:before|until|first)\b|\bwhat are (?:their|ACCOUNT's) (?:requirements|must-haves)\b|\b(?:requirements|must-haves) (?:of|at|from|does|do|has|have)\b"
        r"|\bwhat (?:could|would) (?:rule us out|tip|swing)\b"
    )),
    ("decision_process", re.compile(
        rf"\b(?:decision|buying|purchas\w+|approval|selection|evaluation)[- ](?:process|path|steps|procedure)\b|\bhow (?:do|does|will|would|is|are) {_THEY} (?:going to )?(?:decide|buy|choose|make (?:the|their|a) decision|come to a decision|approve)\b|\bhow is (?:the|this|that) decision (?:made|taken)\b|\bsteps (?:are left|remain|left)\b|\bwhat (?:has|needs) to happen (?:before|until|for) (?:they|the signature|ACCOUNT|it)\b"
    )),
    ("paper_process", re.compile(
        r"\bpaper ?(?:process|work)\b|\b(?:contract|legal|procurement|signing|security review|vendor) (?:process|status|steps|review|situation)\b|\bwhere (?:is|are) (?:the )?(?:contract|legal|nda|redlines|paperwork)\b|\bwhat does (?:their )?(?:legal|procurement|purchasing) (?:need|want|require|say)\b|\bhow far is (?:the )?(?:contract|legal|paperwork)\b"
    )),
    ("champion", re.compile(rf"\b(?:evidence|proof|sign) (?:of|that|for) (?:a |our |the )?champion\b|\bdo we have a champion\b|\bwho (?:speaks|argues|fights|pushes|stands up) for us\b|\bwho is on our side\b|\bwho (?:really )?(?:wants|backs|supports) (?:us|this|it)\b|\bis {_THEY} (?:really )?our champion\b")),
    ("economic_buyer", re.compile(r"\b(?:evidence|proof|quote)s? (?:of|for|that|behind|on) (?:the |their )?(?:economic buyer|decision maker|authority)\b|\bdo we know who (?:signs|decides|approves|pays)\b|\bwho pays (?:at|for|in|over)\b|\bwho (?:really |actually |finally )(?:signs|decides|pays|approves)\b|\bauthority (?:at|on|for)\b")),
    ("budget", re.compile(
        rf"\b(?:budget|money set aside|spending limit)s?\b|\bhow much (?:can|could|do|will|would|are|is|does) {_THEY} (?:\w+ )?(?:spend|pay|afford|willing|prepared|able)\b|\bcan {_THEY} afford\b|\b(?:do|does|have|has) {_THEY} (?:have |got )?(?:the )?(?:money|funds|funding)\b|\bis (?:it|this|the deal|DEAL) funded\b|\bprice limit\b"
        rf"|\bup to what (?:amount|sum)\b|\bhow much (?:may|can|could|is|are) {_THEY} (?:\w+ )?(?:sign|approve|release|decide|invest)\b|\bwhat (?:amount|sum)s? (?:needs?|goes|go|requires?)\b|\bwhat (?:can|may|could) {_THEY} (?:sign|approve|decide|spend|release|pay)\b(?! (?:on|about|next|by when))"
        rf"|\b(?:spending|signing|approval) (?:limits?|authority|threshold)\b|\bceiling\b|\b(?:is|does|has|have) (?:there|the|any|{_THEY}) (?:got |any |the |enough )*(?:money|funds|funding)\b|\bwhat (?:did|have|has) {_THEY} (?:set aside|put aside|reserved?|earmark\w*|budgeted)\b"
        rf"|\b(?:would|is|are|will|can) MONEY (?:be )?(?:too (?:much|high|expensive)|ok|okay|fine|within|affordable|acceptable|realistic|possible|all right)\b"
    )),
    ("timeline", re.compile(
        rf"^(?:and )?(?:what|do we|does|is there|any|tell me|when|how (?:soon|urgent)|by when|until when)\b.*\b(?:(?:buying|decision|purchase|project|their|ACCOUNT's|ACCOUNT|DEAL's|DEAL|the customer's|her|his) (?:own )?(?:time ?line|time ?frame|schedule|deadline)|compelling event|time ?frame|deadline)\b(?! of (?:calls|events))"
        rf"|^(?:and )?(?:by |until )?when (?:do|does|will|would|are|is|must|should|did) {_THEY} (?:\w+ ){{0,3}}?(?:want|need|plan|intend|hope|expect|going|decid\w+|sign|order|go live|be live|start|kick off|launch|roll out|make up)\b(?!.*\b(?:pay|renew|call|email|meet|close)\b)"
        rf"|\b(?:by )?when (?:can|could|will|would|might|does|do) {_THEY} (?:\w+ )?(?:buy|order|purchase|invest)\b(?! (?:next|again|more))"
        rf"|\b(?:do|does|has|have) {_THEY} (?:have |got |given (?:us )?|set )*(?:a |any )?(?:\w+ )?(?:time ?line|time ?frame|deadline)\b|\bhow (?:urgent|soon|pressing)\b.*(?:{_THEY}|\bthis\b)|\bwhen (?:is|will be) (?:the |their |ACCOUNT's )?(?:go[- ]?live|decision|award|launch|cut-?over|kick-?off)\b|\bevidence (?:of|for|on) (?:the |their )?time ?(?:line|frame)\b"
    )),
    ("metrics", re.compile(
        rf"\b(?:their|the|what|ACCOUNT's|DEAL's|which) (?:success )?(?:metrics|kpis?|business case|roi)\b|\b(?:metrics|kpis?) (?:at|of|for|on)\b|\bhow (?:do|does|will|would) {_THEY} (?:measure|define) (?:success|it|the result)\b|\bwhat (?:number|figure)s? (?:do|does|has|have|must) (?:we|they|it)\b|\bwhat (?:is|would) (?:the )?(?:value|benefit|saving) (?:be )?(?:for|to) {_THEY}"
    )),
    ("need", re.compile(
        rf"\b(?:pain|pains|pain points?)\b|\bwhat (?:hurts|problems?|challenges?|is the problem|is their problem|is broken)\b.*{_THEY}|\bwhat (?:do|does|did) {_THEY} (?:really |actually )?(?:need|struggle|suffer)\b|\bwhy (?:do|does|would|should) {_THEY} (?:want|need|buy|care|look)\b|\b(?:what|which) (?:problem|need)s? (?:do|does|are|is|would) (?:they|ACCOUNT|we)\b|\bwhat (?:keeps|is keeping) {_THEY} (?:up|awake|busy)\b|\bwhat (?:do|does|did) {_THEY} (?:want|hope|expect|try|aim|plan) to (?:improve|change|fix|achieve|solve|get rid of|stop|gain|avoid|reduce)\b|\bwhat troubles? (?:do|does|has|have|is) {_THEY}\b|\bwhat is {_THEY}(?:'s)? (?:problem|trouble|pain|issue)\b"
    )),
)  # fmt: skip
_OBJECTIONS = re.compile(
    rf"\bobjections?\b|\b(?:what|which|any|list|show|are there|open|unanswered|unresolved|their) (?:\w+ )?(?:concerns|reservations|pushback|doubts|worries|hesitations)\b|\bwhat (?:is|was) (?:holding|stopping|keeping|delaying|blocking)(?: back| up)? {_THEY}\b|\bwhat (?:do|does|did) {_THEY} (?:object|push back|worry|hesitate|not like|dislike|have against|complain|moan|demand|insist|criticis|criticiz)\w*\b"
    rf"|\bwhat (?:bother|worr|concern|annoy|upset|irritat)\w* {_THEY}\b|\bwhat (?:is|was|are) {_THEY} (?:complaining|worried|angry|annoyed|upset|unhappy) about\b|\b(?:ACCOUNT|DEAL|CONTACT|their)(?:'s)? (?:complaints?|objections?|reservations|worries)\b"
    rf"|\bwhat (?:does|do|has|have) {_THEY} (?:have |got |hold )*against\b|\bwhat (?:is|are) {_THEY} (?:worried|concerned|unhappy|hesitant|sceptical|skeptical|nervous|afraid)\b|\bwhy (?:has|have|did|do|does|is|are) {_THEY} (?:not |n't )(?:signed|sign|bought|decided|moved)\b|\bwhat (?:speaks|do they have) against us\b"
)
_ABOUT_A_TOPIC = re.compile(
    r"\b(?:objections?|concerns|worries|doubts|reservations|hesitations) (?:to|about|on|against|with|regarding|over) (?!(?:us|(?:the |our |this |that )?(?:DEAL|ACCOUNT|CONTACT|deal|renewal))\b)"
)
"""An objection to something that is named is searched for."""
_TOPIC_BEHIND = re.compile(r"\b(?:have|had|got|raised?|voiced?|bring|brought|come|came)(?: up)? (?:about|on|regarding|over|against) (?!us\b|our\b|DEAL|ACCOUNT)[a-z]")
_OPEN = re.compile(r"\b(?:open|unanswered|unresolved|outstanding|still|not (?:yet )?(?:been )?(?:answered|resolved|addressed|settled)|left|remain\w*)\b")
_SUM_UP = re.compile(
    r"\b(?:summar(?:y|ies|i[sz]e\w*)|sum(?:med|ming)? up|recap|tl;?dr|catch(?:ing)? me up|bring me up to (?:speed|date)|fill me in|round ?up|wrap ?up|digest|rundown|run me through|in (?:short|brief|a nutshell|five lines|a few lines)|key points|highlights|main points|gist)\b"
)
_STRETCH = re.compile(r"\b(?:since|thread|conversation|correspondence|exchange|back and forth|email chain|(?:last|past|previous|recent|latest) (?:\w+ )?(?:calls?|meetings?|emails?|interactions?|talks|conversations?|weeks?|months?|quarters?|days|touch ?points)|was away|was out|was off|on (?:holiday|leave|vacation)|off sick|while i)\b")
_THREAD = re.compile(r"\b(?:thread|email chain|correspondence|exchange|back and forth)\b")
_AWAY = re.compile(r"\b(?:was|were|been|i am|i have been) (?:away|out|off|gone|sick|on (?:holiday|leave|vacation))\b|\bwhile i\b|\bon (?:holiday|leave|vacation)\b")
_AWAY_DAYS = 14
"""How far to look back for somebody who was away and did not say how long."""
_LAST = re.compile(r"\b(?:last|latest|past|recent|previous) (\d{1,2}|two|three|four|five|six|ten|few)? ?(?:calls?|meetings?|emails?|interactions?|talks|conversations?|notes?|touch ?points)\b")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "few": 4}

_SATISFIED = re.compile(
    rf"\b(?:nps|csat|net promoter|survey|satisf\w+)\b|\bhow (?:happy|unhappy|satisfied|content|pleased) (?:is|are) {_THEY}|\b(?:is|are) {_THEY} (?:still |really |actually |at all )?(?:happy|unhappy|satisfied|content|pleased)\b(?! (?:with|about) (?!us\b))|\bwhat (?:do|does) {_THEY} think of us\b"
)


def claims(sentence: Sentence, mood: Mood, linker: Linker, caller: Caller, today: date) -> Iterator[tuple[str, Plan]]:
    """Every family whose words are there, with the plan it would make; none for what is no question."""
    text = sentence.masked.rstrip(" .!?")
    if mood == "negated" or _WRITES.match(text):
        return
    if mood == "conditional":
        papers = plan_documents.made(sentence, mood, linker)
        if papers is not None:
            yield "documents", papers
        return
    for family, plan in (
        ("documents", plan_documents.made(sentence, mood, linker)),
        ("contradictions", contradicted(sentence, text, linker)),
        ("qualify", _qualified(sentence, text, linker)),
        ("objections", _objected(sentence, text, linker)),
        ("summary", _summed(sentence, text, linker, today)),
        ("satisfaction", _satisfied(sentence, text, linker)),
        ("deal_details", lost(sentence, text, linker)),
        ("passages", told_of(sentence, text, linker)),
        ("latest", stuck(text, linker, sentence)),
    ):
        if plan is not None:
            yield family, plan


FAMILIES = frozenset({"documents", "qualify", "competitors", "objections", "summary", "satisfaction"})


def of_family(family: str, sentence: Sentence, mood: Mood, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The plan of a question that is of ``family`` by all that is known, whether or not its words are those above."""
    text = sentence.masked.rstrip(" .!?")
    match family:
        case "documents":
            return planned("search_documents", {"query": sentence.verbatim(0)}, "our own documents")
        case "competitors":
            return about(sentence, linker, "qualify", {"field": "competition"}, "the competition of which account or deal?")
        case "qualify":
            field = next((key for key, asked in _FIELDS if asked.search(text)), None)
            return about(sentence, linker, "qualify", {"field": field} if field else {}, "qualify which account or deal?")
        case "objections" if _TOPIC_BEHIND.search(text):
            return plan_passages.passages(sentence, linker, caller, today)
        case "objections":
            args: Args = {"open_only": True} if _OPEN.search(text) else {}
            return about(sentence, linker, "objections", args, "objections of which account?")
        case "satisfaction" if sentence.of("ACCOUNT", "CONTACT", "DEAL", "STRANGER") or POINTS.search(text):
            return about(sentence, linker, "satisfaction", {}, "how satisfied is which account?")
        case "satisfaction":
            return plan_figures.report(sentence, linker, caller, today)
        case _ if sentence.of("DEAL", "CONTACT", "DATE", "LENGTH") or _STRETCH.search(text):
            return _summary(sentence, text, linker, today)
        case _:
            return plan_reads.latest(sentence, linker, caller, today)


def _qualified(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    named = _FRAMEWORK.search(text)
    gaps = _GAPS.search(text)
    points = POINTS.search(text)
    if named or _QUALIFY.search(text) or (gaps and points):
        args: Args = {}
        if named and named.group(1) != "bant":
            args["framework"] = "meddpicc" if "p" in named.group(1) else "meddic"
        elif gaps and not named:
            args["framework"] = "meddpicc"
        if gaps:
            args["gaps_only"] = True
        return about(sentence, linker, "qualify", args, "qualify which account or deal?")
    if not points or _ELSEWHERE.search(text) or (sentence.of("DATE") and not re.search(r"\b(?:when|by)\b", text)):
        return None
    field = next((key for key, asked in _FIELDS if asked.search(text)), None)
    if field is None:
        return None
    return about(sentence, linker, "qualify", {"field": field}, f"the {field.replace('_', ' ')} of which account or deal?")


def _objected(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    if not _OBJECTIONS.search(text) or not POINTS.search(text) or _ABOUT_A_TOPIC.search(text):
        return None
    args: Args = {"open_only": True} if _OPEN.search(text) else {}
    return about(sentence, linker, "objections", args, "objections of which account?")


def _summed(sentence: Sentence, text: str, linker: Linker, today: date) -> Plan | None:
    stretch = sentence.of("DATE", "LENGTH") or _STRETCH.search(text)
    stranger = (linker.typed_name(sentence) or "")[:1].isupper()
    away = _AWAY.search(text) and re.search(r"\bwhat (?:has |have )?(?:happened|changed|went on|i (?:have )?miss\w*|did i miss)\b|\bdid i miss\b", text)
    if not (_SUM_UP.search(text) or away) or not stretch or not (POINTS.search(text) or stranger) or re.search(r"\bteam\b|\bmy week\b", text):
        return None
    return _summary(sentence, text, linker, today)


def _summary(sentence: Sentence, text: str, linker: Linker, today: date) -> Plan:
    args: Args = {}
    last = _LAST.search(text)
    if _THREAD.search(text):
        args["thread"] = True
    elif last is not None:
        said = last.group(1)
        single = not said and not re.search(r"(?:calls|meetings|emails|interactions|talks|conversations|notes|points)$", last.group())
        args["last"] = 1 if single else _COUNTS.get(said or "few") or int(said)
        channel = slots.channel(last.group())
        if channel is not None and re.search(r"calls?|meetings?|emails?|notes?", last.group()):
            args["channel"] = channel
    else:
        slots.put_period(args, slots.past_period(sentence, today))
        if "since" not in args and "until" not in args:
            args["since"] = (today - timedelta(days=_AWAY_DAYS)).isoformat() if _AWAY.search(text) else None
            args = {key: value for key, value in args.items() if value is not None}
    contacts = linker.contacts(sentence)
    if contacts and not linker.deals(sentence) and not sentence.of("ACCOUNT"):
        return planned("summarise", {"contact": contacts[0].value, **args}, "summary")
    return about(sentence, linker, "summarise", args, "a summary of which account or deal?")


def _satisfied(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    if not _SATISFIED.search(text) or not POINTS.search(text) or sentence.of("DATE") or _ELSEWHERE.search(text):
        return None
    return about(sentence, linker, "satisfaction", {}, "how satisfied is which account?")
