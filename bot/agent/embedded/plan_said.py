"""Questions about what was said that no field of a framework answers: which of two values holds, why a deal ended, what a rival
asks, who followed somebody. And the call that such a question makes, with the deal or account that it is about."""

import re
from collections.abc import Iterator

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked

POINTS = re.compile(r"\b(?:ACCOUNT|DEAL|CONTACT|they|their|them|it|this deal|that deal|the deal|the customer|she|he|her|his|there)\b")
_VALUE = (
    r"(?:(?:EUR|USD|GBP|[€$£]) ?)?\d[\d.,]*(?: ?(?:k|m|thousand|million|%))?(?= |\?|$|,)|(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december)(?: \d{1,2})?|q[1-4]|spring|summer|autumn|winter|(?:mon|tues|wednes|thurs|fri)day"
)
_EITHER = re.compile(rf"\b({_VALUE})(?: [a-z]+)? or (?:rather |maybe |perhaps )?(?:in |on |at |by |for )?({_VALUE})", re.IGNORECASE)
_OR_ELSE = re.compile(rf"\b({_VALUE})(?: [a-z]+){{0,3}} or (?:even |rather |maybe )?(?:more|less|fewer|higher|lower|later|earlier|sooner|not|else|another|what)\b", re.IGNORECASE)
_HOLDS = re.compile(
    r"\b(?:(?:does|do|did|is|are|was|were) (?:that|this|it|those|these|they|the (?:number|figure|date|price|sum)) (?:\w+ )?|still )"
    r"(?:still |really )?(?:hold|stand|true|right|correct|valid|the case|current|accurate|appl|up to date|what they)\w*\b(?! (?:up|for|in|back|of)\b)"
)
"""Asks whether what was said once is still so."""
_ASKS = re.compile(r"^(?:and |so )?(?:which|what|is|are|was|were|do|does|did|has|have|how|when|who)\b")
_OTHER = r"(?:different|differing|two|several|other|another|conflicting)"
_DIFFERING = re.compile(
    rf"\b(?:contradict\w*|conflict(?:s|ing)?(?! of)|(?:in)?consisten(?:t|cy|cies|tly)|discrepan\w+|disagree\w*|differ(?:s|ed|ing)?|at odds|mismatch\w*)\b|\b{_OTHER} (?:\w+ )?(?:things?|dates|numbers|figures|amounts|versions|answers|stories|statements|messages|budgets?|time ?(?:lines?|frames?)|prices?|go-?lives?)\b"
    r"|\b(?:say|said|says|told us|give|gave|name|named) (?:something |us )?(?:else|different\w*)\b|\b(?:agree|agreed|in agreement|on the same page|aligned)\b(?=.*\b(?:date|when|number|price|go-?live|how many|budget)\b)"
    r"|\bmixed (?:messages|signals)\b|\bchang(?:e|es|ed|ing) (?:the|its|their|her|his) (?:story|tune|minds?)\b|\bstory (?:chang|var)\w+|\bsay(?:s|ing)? the same\b|\b(?:does|do|did) not add up\b|\bone (\w+) and .*\b(?:another|a different)\b"
    r"|\bdid (?:the )?(?:number|count|amount) of \w+.* change\b|\bwhich (?:is right|is it|one holds|date holds|number holds)\b"
)
"""Asks for what was told in two ways."""
_MATTER = re.compile(
    r"\b(?:(?:number|count|amount) of (?:\w+ )?\w+|how many (?:\w+ )?\w+|budget|prices?|discount|time ?line|time ?frame|deadline|go[- ]?live|kick[- ]?off|launch|roll[- ]?out|delivery|decision|(?:signing |start |close |closing |decision )?dates?|users|seats|devices)\b"
)
"""Of what it was told."""
_WANTED = re.compile(r"^(?:and )?how many (?:\w+ )?(users|seats|licen[cs]es|devices|tablets) (?:does|do|did|would|will|is|are) (?:ACCOUNT|DEAL|CONTACT|they|she|he|the customer)\b.*\b(?:want|need|plan|ask|talk|expect|have in mind|use|start)\w*")
"""Asks how many they want, of which they seldom name the same number twice."""
_ELSEWHERE_COUNTED = re.compile(r"\b(?:conflict of interest|my calendar|meetings?|schedul\w+|double[- ]booked|appointments?|duplicates?)\b")
_RIVAL_PRICE = re.compile(
    r"\b(?:how much|how expensive|what) (?:does|do|did|is|are|was|would|will) (?:the )?RIVAL\b.*|\bRIVAL(?:'s)? (?:price|offer|bid|quote|cost)\b|\bprice of RIVAL\b|\bwhy (?:was|is|did|were) RIVAL\b"
)
_BEAT = re.compile(r"^(?:and )?who (?:\w+ )?(?:beat(?:en)?|outbid|won against|was chosen over|got (?:it|the deal) over) (?:us|it)\b")
_TOOK = re.compile(r"^(?:and )?(?:which|what|how many|any|did|has|have|show|list)\b.*\bRIVAL\b.*\b(?:off|from|against|away from|over) us\b")
_FOLLOWED = re.compile(r"\bwho (?:is |has |will )?(?:replac\w+|took over|takes over|take over|taken over|succeed\w*|follow\w*|came after|is the successor)\b|\bsuccessor (?:of|to|for)\b|CONTACT's successor\b")


def contradicted(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    """Which of two values holds, or what was told in two ways."""
    if not POINTS.search(text):
        return None
    said = sentence.text
    either = _EITHER.search(said) if sentence.masked.rstrip().endswith("?") or _ASKS.match(text) else None
    topic = " ".join(word for mark, word in _words_around(sentence) if not mark)
    if either is not None:
        first, second = (either[1].strip(), either[2].strip())
        unit = re.search(r"(?: ?(?:k|thousand|million|%))$", second, re.IGNORECASE)
        if unit is not None and re.fullmatch(r"[\d.,]+", first):
            first += unit.group()
        return about(sentence, linker, "said_differently", {"between": [first, second], "about": _EITHER.sub(" ", topic)}, "at which account or deal?")
    once = _OR_ELSE.search(said) or (re.search(rf"\b({_VALUE})", said, re.IGNORECASE) if _HOLDS.search(text) else None)
    if once is not None:
        matter = " ".join(_HOLDS.sub(" ", _OR_ELSE.sub(r" \1 ", topic)).split()).strip(" ?,.;")
        return about(sentence, linker, "said_differently", {"between": [once[1].strip()], "about": matter}, "at which account or deal?")
    if not _DIFFERING.search(text) or _ELSEWHERE_COUNTED.search(text):
        return None
    return differing(sentence, linker)


def asks_if_so(text: str) -> bool:
    """Whether a message ends by asking if what it says is still so: it tells nothing then."""
    return re.search(rf"(?:^|[,.;?!–-] ?(?:and |so |but )?){_HOLDS.pattern}$", text.rstrip(" .?!")) is not None


def differing(sentence: Sentence, linker: Linker) -> Plan:
    """What was told in two ways, by all that is known, whether or not the words are those above."""
    matter = _MATTER.search(sentence.masked)
    args: Args = {"about": sentence.verbatim(*matter.span())} if matter is not None else {}
    contacts = linker.contacts(sentence)
    if len(contacts) == 1 and not sentence.of("ACCOUNT", "DEAL"):
        return planned("said_differently", {"contact": contacts[0].value, **args}, "what one person said differently")
    return about(sentence, linker, "said_differently", args, "contradictions at which account or deal?")


def _words_around(sentence: Sentence) -> Iterator[tuple[bool, str]]:
    """The words of a question, each with whether it is one of its names."""
    begun = 0
    for mark in sentence.marks:
        yield False, sentence.verbatim(begun, mark.start)
        yield mark.kind in ("ACCOUNT", "CONTACT", "DEAL", "PERSON"), mark.text
        begun = mark.end
    yield False, sentence.verbatim(begun)


def against_us(text: str, sentence: Sentence, linker: Linker) -> Plan | None:
    """Who won where we lost, and which deals or accounts a rival took from us."""
    if _BEAT.search(text):
        return lost(sentence, text, linker)
    rivals = sentence.of("RIVAL")
    if rivals and not sentence.of("ACCOUNT", "DEAL", "CONTACT") and _TOOK.search(text):
        return planned("list_deals", {"owner": "everyone", "status": "lost", "competitor": rivals[0].text}, "what a rival took from us")
    return None


def lost(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    """Why one deal was won or lost, or to whom: the deal says so; where none is closed, what was said of rivals does."""
    if not re.search(r"\b(?:why|reason|how come|to whom|who)\b.*\b(?:los[et]|lost|win|won|loss|(?:go|goes|went|gone|decide[ds]?|opt(?:ed)?|switch(?:ed)?) (?:with|for|to) RIVAL|(?:choose|chose|pick|picked|take|took) RIVAL|beat(?:en)? us|outbid us|ahead of us|over us)\b", text) or re.search(r"\bmost\b", text):
        return None
    deals = sentence.of("DEAL")
    if deals:
        return planned("deal_details", {"deal": deals[0].text}, "why a deal ended")
    account = next(iter(linker.accounts(sentence)), None)
    if account is None or account.name is None or sentence.of("DATE"):
        return None
    status = "won" if re.search(r"\b(?:win|won)\b", text) else "lost"
    ended = linker.names.deals_of(account.value, status)
    if len(ended) == 1:
        return planned("deal_details", {"deal": ended[0].id}, "why a deal ended")
    if ended:
        return planned("list_deals", {"owner": "everyone", "status": status, "account": account.value}, "deals that ended")
    return planned("qualify", {"account": account.value, "field": "competition"}, "why a deal ended")


def told_of(sentence: Sentence, text: str, linker: Linker) -> Plan | None:
    """What was said of a rival's price, of how many they want, and of who followed somebody."""
    rivals, contacts = sentence.of("RIVAL"), linker.contacts(sentence)
    account = linker.account(sentence, guess=False)
    if rivals and account is not None and _RIVAL_PRICE.search(text):
        return planned("search_notes", {"query": rivals[0].text, "account": account.value}, "a rival's price")
    wanted = _WANTED.match(text)
    if wanted is not None and account is not None:
        return planned("search_notes", {"query": f"number of {wanted.group(1)}", "account": account.value}, "how many they want")
    if contacts and _FOLLOWED.search(text) and account is not None:
        return planned("search_notes", {"query": "takes over", "account": account.value}, "who followed")
    return None


def stuck(text: str, linker: Linker, sentence: Sentence) -> Plan | None:
    account = linker.account(sentence, guess=False)
    if account is None or not re.search(r"^(?:and )?why (?:is|are|has|have|did) (?:ACCOUNT|DEAL|the DEAL|the ACCOUNT)\b.*\b(?:stuck|stall\w*|slip\w*|delay\w*|not moving|quiet|silent|slow|dragging|taking (?:so|this) long|late|hang\w*|blocked)\b", text):
        return None
    return planned("account_latest", {"account": account.value}, "why it does not move")


def about(sentence: Sentence, linker: Linker, tool: str, args: Args, asking: str) -> Plan:
    """The call with the deal or account that is named or talked about; a question back where there is none."""
    deal, account = one_deal(sentence, linker), linker.account(sentence)
    named = linker.accounts(sentence)
    if tool != "satisfaction" and deal is not None and deal.name is not None and deal.name.kind == "deal":
        return planned(tool, {"deal": deal.value, **args}, tool)
    if named:
        return planned(tool, {"account": named[0].value, **args}, tool)
    talked = linker.talked_about("deal") if tool != "satisfaction" and re.search(r"\b(?:it|deal)\b", sentence.masked) else None
    if talked is not None:
        return planned(tool, {"deal": talked.value, **args}, tool)
    if account is not None:
        return planned(tool, {"account": account.value, **args}, tool)
    typed = linker.typed_name(sentence)
    if typed:
        return planned(tool, {"account": typed, **args}, tool)
    asked = Asked(text=f"{asking[0].upper()}{asking[1:]}", options=())
    return Plan(question=asked, waiting=Call(tool, args), missing="account", reason=tool)


def planned(tool: str, args: Args, reason: str) -> Plan:
    return Plan(calls=(Call(tool, args),), confidence=0.95, reason=reason)
