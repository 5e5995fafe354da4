"""How often close dates moved later, of whose deals and by whom: from words to the arguments of ``slips``."""

import re
from datetime import date

from bot.agent.embedded import owners, slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_REPORT = re.compile(r"^(?:show (?:me )?|list |what are |the |my |our |all |any )*slips?(?: reports?| history| counts?)?\b")
_OUTRIGHT = re.compile(r"\b(?:slip(?:s|p(?:ed|ing|age|ages))?|slid(?:e|es|ing)?(?! (?:deck|show)|s\b)|postpon\w+|delay(?:ed|s|ing)?|moved out|pushed out|(?:re-?|un)dated again|close dates? (?:\w+ )?(?:moved|changed|pushed|slipped|slid))\b")
_LATER = re.compile(
    r"\b(?:push(?:ed|es|ing)?|mov(?:ed?|es|ing)|bump(?:ed|s|ing)?|kick(?:ed|s|ing)?|shift(?:ed|s|ing)?) (?:(?:back|out|the|their|its|our|his|her|my|deals?|more|most|of|all|close|closing|expected|DEAL|ACCOUNT|it) )*(?:(?:close |closing )?dates?|out|back(?! on\b)|down the road)\b|\b(?:got|get|gets|getting|were|was|been|being) (?:pushed|moved|bumped|kicked|re-?dated)\b"
)
_PUSHED = re.compile(r"\bpush(?:ed|es|ing)?\b(?! (?:back )?on\b)")
_HOW_OFTEN = re.compile(
    r"\b(?:how (?:often|many times|far)|twice|thrice|\d+ ?(?:times|x)|(?:two|three|four|five|several|many|multiple) times|more than once|(?:at least|over|more than) (?:once|\d|two|three|four|five)|repeatedly|again and again|over and over|time and again|(?:by|per|for each) (?:rep|owner|person|seller))\b"
)
_WHOSE = re.compile(r"\b(?:who|whose|most)\b")
_MANY = re.compile(r"\bhow many (?:of )?(?:my |our |the )?(?:open )?(?:deals|renewals|opportunities|opps)\b")


def asked(text: str) -> bool:
    """Whether a masked request asks how often close dates moved later, or who moved them, in any order of its words."""
    if _REPORT.search(text):
        return True
    outright, later = _OUTRIGHT.search(text) is not None, _LATER.search(text) is not None
    if (outright or later) and (_HOW_OFTEN.search(text) or _WHOSE.search(text)):
        return True
    return bool(_PUSHED.search(text) and _HOW_OFTEN.search(text)) or bool(_MANY.search(text) and (outright or later))


_COUNTS = {"twice": 2, "once": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def slips(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """How often close dates moved later, of whose deals, by whom."""
    text, args = sentence.masked, Args()
    account, people = linker.account(sentence), linker.people(sentence)
    by_person = re.search(r"^(?:and )?who(?:se)?\b|\bby (?:rep|seller|person|owner|colleague)s?\b|\bwhich (?:rep|seller|owner)s?\b", text)
    moved = re.search(r"\b(?:push|pushes|pushed|move|moves|moved|postpone\w*|delay\w*)\b.*\bdates?\b|\bPERSON (?:push|move|postpone|delay)", text)
    one = one_deal(sentence, linker)
    if one is not None:
        args["deal"] = one.value
    elif account is not None:
        args["account"] = account.value
    if people and moved:
        args["changed_by"], args["owner"] = people[0].value, "everyone"
    elif one is None and account is None:
        args["owner"] = owners.owner(sentence, linker, caller, "team" if caller.manages or by_person else "me")
        if by_person and args["owner"] == "me":
            args["owner"] = "team"
    if by_person:
        args["split_by"] = "owner" if re.search(r"\bby owners?\b|\bwhose\b", text) and not moved else "changed_by"
    least = re.search(r"\b(more than|at least|over)? ?(twice|once|two|three|four|five|\d+)(?: times)?\b(?: or more)?", text)
    if least is not None and re.search(r"\btwice|once|times\b", text) and not re.search(r"\bhow (?:often|many times)\b", text):
        said = least.group(2)
        args["at_least"] = (_COUNTS.get(said) or int(said)) + (1 if least.group(1) in ("more than", "over") else 0)
    slots.put_period(args, slots.past_period(sentence, today))
    if re.search(r"\bopen\b", text):
        args["open_only"] = True
    return Call("slips", args)
