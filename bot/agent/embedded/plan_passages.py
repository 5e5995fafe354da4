"""A search in what was said and written: the words to look for, and whose, where and when as arguments."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_TOPIC = re.compile(
    r"\b(?:mention(?:s|ed|ing)?(?: of)?|(?:talk|topic|subject|question|issue) of|about|regarding|on the (?:topic|subject) of|bring(?:s|ing)? up|brought up|raised?|discuss(?:ed)?|search(?: the notes| notes| emails| calls)?(?: for)?|look for|find(?: me)?(?: the| any| every| all)?(?: notes?| passages?| calls?| emails?| meetings?| conversations?| places?)?(?: where| that| about| mentioning| with)?|ask(?:ed|ing)? (?:for|about)|evidence (?:of|for)|talk(?:ed|ing)? about|push(?:ed|es|ing)? back (?:on|about|against)|object(?:ed|s|ing)? to|complain(?:ed|s|ing)? about|worried about|concerned about|unhappy (?:with|about)|any word (?:on|of|about)|(?:react|respond|repl(?:y|ie))(?:ed|s|d)? to|(?:tell|told) (?:us|me) about|(?:go|gone|went|going|walked|been) (?:over|through)|cover(?:ed)?|(?:talk(?:ed)?|spoken?|chatted|discuss(?:ed)?)(?! (?:to|with|about)\b)|think(?:s)? (?:of|about)|feel(?:s)? about)\s+(?=\S)"
)
_FILLING = re.compile(
    r"^(?:(?:the )?(?:topic|subject|question|issue) of |the |any |our |their |his |her |a |an |anything (?:about|on|like) |that |whether |if )+|\s*(?:anywhere|at all|so far|recently|lately|in (?:the|our|any|my) (?:notes?|calls?|emails?|records?)|in (?:the |our |any )?(?:talks?|conversations?|discussions?)(?: with)?|yet|before|ever|again|exactly|precisely)\s*$",
    re.IGNORECASE,
)


_SCAFFOLDING = re.compile(
    r"\b(?:what|which|who|where|when|how|why|whether|is|are|was|were|did|do|does|has|have|had|any|anyone|anybody|someone|somebody|anything|they|she|he|we|you|i|it|us|me|"
    r"find|show|tell|there|been|ever|come up|came up|comes up|brought up|raised?|said|say|says|mentioned|told|think|thinks)\b(?:'(?:s|re|ve))?",
    re.IGNORECASE,
)


def passages(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """``query`` keeps the words of the topic; who and when become arguments of their own."""
    args: Args = {}
    accounts, contacts, deal = linker.accounts(sentence), linker.contacts(sentence), one_deal(sentence, linker)
    if contacts and contacts[0].name is not None:
        args["contact"] = contacts[0].value
    elif deal is not None:
        args["deal"] = deal.value
    if accounts and "contact" not in args and "deal" not in args:
        args["account"] = accounts[0].value
    if (
        not args
        and re.search(r"\b(?:they|their|them|there|she|he|her|him|it)\b", sentence.masked)
        and not re.search(r"\b(?:anyone|anybody|someone|somebody|customers?)\b", sentence.masked)
    ):
        who = linker.contact(sentence) if re.search(r"\b(?:she|he|her|him)\b", sentence.masked) else None
        talked = linker.talked_about("account")
        if who is not None:
            args["contact"] = who.value
        elif talked is not None:
            args["account"] = talked.value
    slots.put_period(args, slots.past_period(sentence, today))
    match = re.search(
        r"\b(?:in|on) (?:the |our |a |any |my |their )?(calls?|meetings?|emails?|chats?|notes?)\b", sentence.masked
    )
    if match is not None and match.group(1) not in ("notes", "note"):
        channel = slots.channel(match.group(1))
        if channel is not None:
            args["channel"] = channel
    return Call("search_notes", {"query": _topic(sentence), **args})


def _topic(sentence: Sentence) -> str:
    """The words to search for, without who and when."""
    text = sentence.masked.rstrip(" ?!.")
    heads = [match.end() for match in _TOPIC.finditer(text)]
    start, end = (heads[-1] if heads else 0), len(text)
    pieces: list[str] = []
    at = start
    for mark in sentence.marks:
        if mark.start < start or mark.kind in ("RIVAL", "PRODUCT", "MONEY"):
            continue
        pieces.append(sentence.verbatim(at, mark.start))
        at = mark.end + (2 if text.startswith("'s", mark.end) else 0)
    pieces.append(sentence.verbatim(at, end))
    words = " ".join(piece for piece in pieces if piece)
    words = re.sub(
        r"(?:'s\b)?\s*(?<![\w-])(?:at|with|from|by|in|since|on|for|to|of|and|during)\s*(?=$|[?.!,])",
        "",
        words.strip(" ?!.,'\""),
        flags=re.IGNORECASE,
    )
    if not heads:
        words = re.sub(r"\s+", " ", _SCAFFOLDING.sub(" ", words)).strip()
    if heads and not words:  # the topic stands before: "any competitor mentioned at ACCOUNT"
        words = re.sub(r"\s+", " ", _SCAFFOLDING.sub(" ", _TOPIC.sub(" ", sentence.verbatim(0, start)))).strip()
        words = re.sub(r"\b(?:mentioned|discussed|raised|brought up|at|with)\b", "", words).strip()
    for _ in range(3):
        words = _FILLING.sub("", words).strip(" ?!.,'\"")
    return words or sentence.text.strip(" ?!.")
