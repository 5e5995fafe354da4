"""Questions that are answered with quotes: what qualifies a deal, what they object to, what a period came to, and what our own
documents say."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from langchain_core.embeddings import Embeddings

from bot.agent.embedded import plan_documents, plan_figures, plan_passages, plan_reads, slots
from bot.agent.embedded.asked_fields import AskedFields
from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_said import (
    POINTS,
    about,
    against_us,
    contradicted,
    differing,
    lost,
    planned,
    stuck,
    told_of,
)
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
    r"\bwhat (?:are we|do we|is|am i|are) (?:still )?(?:missing|not know\w*|lack\w*|unknown)\b|\bwhat (?:don't|do not) (?:we|i) (?:\w+ )?know\b|\bwhat do (?:we|i) (?:still )?not (?:yet )?know\b"
    r"|\bwhat (?:have|do) we (?:still )?(?:need|have) to (?:find out|learn|know|qualify)\b|\b(?:gaps?|blind spots?|holes|open questions|missing (?:pieces|info\w*|fields))\b"
    r"|\bwhat should (?:i|we) (?:still )?(?:find out|learn|ask (?:next|to qualify))\b|\bwhat (?:is|remains) unknown\b"
)
_LACKING = re.compile(r"\b(?:missing|blank|empty|unknowns?|unclear|lack\w*|gaps?|holes?|blind spots?|weak spots?|find out|not (?:\w+ )?know\w*|not (?:\w+ )?(?:filled|covered|answered))\b")
"""The same in more words, where it is known that a framework is meant."""
_THEY = r"(?:they|CONTACT (?:at|from|of|over at) ACCOUNT|ACCOUNT|CONTACT|DEAL|she|he|the customer|the board|it)"
_A_FIELD = re.compile(
    r"\b(?:budgets?|deadline|compelling event|spending limit|decision (?:process|criteria)|paper ?work|paper process|business case|pain(?: points?|s)?|kpis?|competition|competitors?|shortlist)\b"
    rf"|\bwho else\b.*\b(?:look|talk|consider|compar|evaluat|invit|bid|pitch|run|race|play)\w*|\bwho pays\b|\bup against\b|\b(?:{_THEY}(?:'s)?|their|her|his|buying|decision|a) time ?(?:line|frame)\b"
    rf"|^(?:and )?(?:by |until )?when (?:do|does|will|would|are|is|must|can|could) {_THEY} (?:\w+ ){{0,3}}?(?:want|need|plan|hope|going|decid\w+|sign|order|buy|go live|be live|start)\b(?!.*\b(?:pay|renew|call|email|meet|close|next|again|more)\b)"
)
"""Names a field, or asks by when they buy and whom else they look at: what is asked for is a field of a framework, whichever it is."""
_OBJECTIONS = re.compile(
    rf"\bobjections?\b|\b(?:what|which|any|list|show|are there|open|unanswered|unresolved|their) (?:\w+ )?(?:concerns|reservations|pushback|doubts|worries|hesitations)\b|\bwhat (?:is|was) (?:holding|stopping|keeping|delaying|blocking)(?: back| up)? {_THEY}\b|\bwhat (?:do|does|did) {_THEY} (?:object|push back|worry|hesitate|not like|dislike|have against|complain|moan|demand|insist|criticis|criticiz)\w*\b"
    rf"|\bwhat (?:bother|worr|concern|annoy|upset|irritat)\w* {_THEY}\b|\bwhat (?:is|was|are) {_THEY} (?:complaining|worried|angry|annoyed|upset|unhappy) about\b|\b(?:ACCOUNT|DEAL|CONTACT|their)(?:'s)? (?:complaints?|objections?|reservations|worries)\b"
    rf"|\bwhat (?:does|do|has|have) {_THEY} (?:have |got |hold )*against\b|\b(?:anything|something|a lot|much) against (?:us|it|our|the)\b|\bhow (?:did|do|have) (?:we|i) (?:answer|respond|react|reply|deal|handle|counter|address)\w*\b.*\b(?:objections?|demands?|concerns?|pushback|worr\w+|complaints?|doubts?|criticism)\b"
    rf"|\bwhat (?:is|are) {_THEY} (?:worried|concerned|unhappy|hesitant|sceptical|skeptical|nervous|afraid)\b|\bwhy (?:has|have|did|do|does|is|are|will|would)(?: not|n't)? {_THEY} (?:not |n't |still )*(?:signed|sign|signing|bought|buy|buying|decided|decide|moved|order|hesitat\w+)\b|\bwhy {_THEY} (?:is|are|has|have) (?:still )?(?:hesitat|not sign|not decid|not order)\w*|\b(?:is|are|does|do) {_THEY} (?:still )?insist\w*\b|\b(?:did|does|do) {_THEY} (?:find|have) (?:anything )?(?:wrong|too \w+)\b|\bwhat (?:speaks|do they have) against us\b"
)
_ABOUT_A_TOPIC = re.compile(
    r"\b(?:objections?|concerns|worries|doubts|reservations|hesitations) (?:to|about|on|against|with|regarding|over) (?!(?:us|(?:the |our |this |that )?(?:DEAL|ACCOUNT|CONTACT|deal|renewal))\b)"
)
"""An objection to something that is named is searched for."""
_TOPIC_BEHIND = re.compile(r"\b(?:have|had|got|raised?|voiced?|bring|brought|come|came|push(?:ed|es)?)(?: up| back)? (?:about|on|regarding|over|against) (?!(?:the |our |this |that |their )?(?:us|DEAL|ACCOUNT|CONTACT|deal|renewal|offer)\b)[a-z]")
_OPEN = re.compile(r"\b(?:open|never (?:\w+ )?(?:answered|cleared|settled|resolved|addressed)|unanswered|unresolved|outstanding|still|not (?:yet )?(?:been )?(?:answered|resolved|addressed|settled)|left|remain\w*)\b")
_SUM_UP = re.compile(
    r"\b(?:summar(?:y|ies|i[sz]\w*)|sum(?:med|ming)? up|recap|tl;?dr|catch(?:ing)? me up|bring me up to (?:speed|date)|fill me in|round ?up|wrap ?up|digest|rundown|run me through|in (?:short|brief|a nutshell|five lines|a few lines)|key points|highlights|main points|gist|short version|(?:did|have) i miss(?:ed)?"
    r"|condens\w+|boil\w*(?: \w+)? down)\b"
)
_NUMBER = r"\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|few"
_COUNTS = {word: count for count, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)} | {"few": 4}
_TALKS = r"(?:phone |video )?(?:calls?|meetings?|e?mails?|interactions?|talks|conversations?|notes?|touch ?points?)"
_NEWEST = r"(?:last|latest|past|most recent|recent|previous)"
_LAST = re.compile(rf"\b{_NEWEST} (?:({_NUMBER}) )?(?:{_TALKS}|times\b.*\b{_TALKS})\b|\b({_NUMBER}) {_NEWEST} {_TALKS}\b")
_THREAD = re.compile(r"\b(?:thread|(?:e?mail) chain|correspondence|exchange|back and forth)\b")
_STRETCH = re.compile(
    rf"{_LAST.pattern}|{_THREAD.pattern}|\b(?:since|conversation|(?:last|past|previous|recent) (?:\w+ )?(?:weeks?|months?|quarters?|days)|was away|was out|was off|on (?:holiday|leave|vacation)|off sick|while i)\b"
)
_AWAY = re.compile(r"\b(?:was|were|been|i am|i have been) (?:away|out|off|gone|sick|on (?:holiday|leave|vacation))\b|\bwhile i\b|\bon (?:holiday|leave|vacation)\b")
_AWAY_DAYS = 14
"""How far to look back for somebody who was away and did not say how long."""
_BARE = 3
"""A clause of no more words only names its day."""
_SATISFIED = re.compile(
    rf"\b(?:nps|csat|net promoter|survey|satisf\w+)\b|\bhow (?:happy|unhappy|satisfied|content|pleased) (?:is|are) {_THEY}|\b(?:is|are) {_THEY} (?:still |really |actually |at all )?(?:happy|unhappy|satisfied|content|pleased)\b(?! (?:with|about) (?!us\b))|\bwhat (?:do|does|did) {_THEY} (?:\w+ )?(?:think of us|(?:like|love|value|appreciate|praise|enjoy)(?: (?:most|best))?(?: about (?:us|our|the)|$))"
    rf"|\b(?:has|have|did|does) (?:anyone|anybody|somebody|{_THEY})\b.*\b(?:prais\w+|compliment\w*|said anything (?:nice|good|positive))\b"
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
    contradiction = contradicted(sentence, text, linker)
    for family, plan in (
        ("documents", plan_documents.made(sentence, mood, linker)),
        ("contradictions", contradiction),
        ("two values", contradiction if contradiction is not None and any("between" in call.args for call in contradiction.calls) else None),
        ("against us", against_us(text, sentence, linker)),
        ("qualify", _qualified(sentence, text, linker) if contradiction is None else None),
        ("objections", _objected(sentence, text, linker)),
        ("summary", _summed(sentence, text, linker, today)),
        ("satisfaction", _satisfied(sentence, text, linker)),
        ("deal_details", against_us(text, sentence, linker) or lost(sentence, text, linker)),
        ("passages", told_of(sentence, text, linker)),
        ("latest", stuck(text, linker, sentence)),
    ):
        if plan is not None:
            yield family, plan


_CUSTOMERS = re.compile(r"\b(?:who|which|whose)\b.*\b(?:customers?|clients?|accounts?)\b")
FAMILIES = frozenset({"documents", "qualify", "competitors", "objections", "contradictions", "summary", "satisfaction"})


def of_family(family: str, sentence: Sentence, mood: Mood, linker: Linker, caller: Caller, today: date, embeddings: Embeddings) -> Call | Plan:
    """The plan of a question that is of ``family`` by all that is known, whether or not its words are those above."""
    text = sentence.masked.rstrip(" .!?")
    match family:
        case "documents":
            return planned("search_documents", {"query": sentence.verbatim(0)}, "our own documents")
        case "competitors" if (found := told_of(sentence, text, linker) or plan_documents.made(sentence, mood, linker)) is not None:
            return found
        case "competitors":
            return about(sentence, linker, "qualify", {"field": "competition"}, "the competition of which account or deal?")
        case "qualify":
            field = None if _of_all(text) else AskedFields.load().chosen(sentence.masked, embeddings)
            if field is None and not _of_all(text) and POINTS.search(text) and not AskedFields.load().asks_for_all(sentence.masked, embeddings):
                return plan_passages.passages(sentence, linker, caller, today)  # something that no field is for
            return about(sentence, linker, "qualify", {"field": field} if field else _whole(text), "qualify which account or deal?")
        case "contradictions":
            return differing(sentence, linker)
        case "objections" if not _OBJECTIONS.search(text) and AskedFields.load().surely(sentence.masked, embeddings) == "need":
            return about(sentence, linker, "qualify", {"field": "need"}, "qualify which account or deal?")
        case "objections" if _TOPIC_BEHIND.search(text):
            return plan_passages.passages(sentence, linker, caller, today)
        case "objections":
            args: Args = {"open_only": True} if _OPEN.search(text) else {}
            return about(sentence, linker, "objections", args, "objections of which account?")
        case "satisfaction" if sentence.of("ACCOUNT", "CONTACT", "DEAL", "STRANGER") or POINTS.search(text):
            return about(sentence, linker, "satisfaction", {}, "how satisfied is which account?")
        case "satisfaction":
            return _how_satisfied(plan_figures.report(sentence, linker, caller, today), text)
        case _ if sentence.of("DEAL", "CONTACT", "DATE", "LENGTH") or _STRETCH.search(text):
            return _summary(sentence, text, linker, today)
        case _:
            return plan_reads.latest(sentence, linker, caller, today)


def _how_satisfied(made: Call | Plan, text: str) -> Call | Plan:
    """ "Who is the least happy customer" asks of customers, whatever else "who" stands for."""
    if isinstance(made, Call) and (_CUSTOMERS.search(text) or made.args.get("subject") not in ("cases", "surveys")):
        kept = {key: made.args[key] for key in ("owner", "since", "until", "ascending", "limit") if key in made.args}
        of_answers = {"subject": "surveys", "measure": "nps"} if made.args.get("subject") == "surveys" else {"subject": "cases", "measure": "csat"}
        return Call("report", {**of_answers, "group_by": "account", **kept})
    return made


def _qualified(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    """The question for all fields of a framework or for what is not known of them, or for one field by its name."""
    named = _FRAMEWORK.search(text) or _QUALIFY.search(text)
    if not named and not POINTS.search(text):
        return None
    elsewhere = _ELSEWHERE.search(text) or (sentence.of("DATE") and not re.search(r"\b(?:when|by)\b", text))
    if not named and not _GAPS.search(text) and (elsewhere or not _A_FIELD.search(text)):
        return None
    return about(sentence, linker, "qualify", {}, "qualify which account or deal?")


def _of_all(text: str) -> bool:
    """Whether the words themselves ask for all fields."""
    return any(words.search(text) for words in (_FRAMEWORK, _QUALIFY, _GAPS))


def _whole(text: str) -> Args:
    """The arguments of a question for all fields."""
    named, gaps = _FRAMEWORK.search(text), _GAPS.search(text) or _LACKING.search(text)
    args: Args = {"gaps_only": True} if gaps else {}
    if named and named.group(1) != "bant":
        args["framework"] = "meddpicc" if "p" in named.group(1) else "meddic"
    elif gaps and not named:
        args["framework"] = "meddpicc"
    return args


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
        said = last.group(1) or last.group(2)
        single = not said and not last.group().endswith("s")
        args["last"] = 1 if single else _COUNTS.get(said or "few") or int(said)
        channel = slots.channel(last.group())
        if channel is not None and re.search(r"calls?|meetings?|mails?|notes?", last.group()):
            args["channel"] = channel
    else:
        slots.put_period(args, slots.past_period(_without_other_days(sentence), today))
        if "since" not in args and "until" not in args:
            args["since"] = (today - timedelta(days=_AWAY_DAYS)).isoformat() if _AWAY.search(text) else None
            args = {key: value for key, value in args.items() if value is not None}
    contacts = linker.contacts(sentence)
    if contacts and not linker.deals(sentence) and not sentence.of("ACCOUNT"):
        return planned("summarise", {"contact": contacts[0].value, **args}, "summary")
    return about(sentence, linker, "summarise", args, "a summary of which account or deal?")


def _without_other_days(sentence: Sentence) -> Sentence:
    """The sentence without a clause that tells of a day and neither sums up nor tells of being away: "handing it over on Monday"."""
    for clause in re.finditer(r"[^,;]+", sentence.masked):
        said = clause.group()
        if "DATE" in said and len(said.split()) > _BARE and not (_SUM_UP.search(said) or _AWAY.search(said)) and _SUM_UP.search(sentence.masked):
            return sentence.cut(clause.end()) if clause.start() == 0 else sentence.cut(0, clause.start())
    return sentence


def _satisfied(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    if not _SATISFIED.search(text) or not POINTS.search(text) or sentence.of("DATE") or _ELSEWHERE.search(text):
        return None
    return about(sentence, linker, "satisfaction", {}, "how satisfied is which account?")
