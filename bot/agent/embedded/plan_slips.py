"""How often close dates moved later, of whose deals and by whom: from words to the arguments of ``slips``."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

SLIPS = re.compile(
    r"^(?:show (?:me )?|list |what are |the |my |our |all |any )*slips?(?: reports?| history| counts?)?\b|\b(?:slip|slipp(?:ed|ing|age)|push(?:ed|es|ing)?(?: (?:back|out))?|postpon\w+|delay(?:ed|s)?)\b(?=.*\b(?:how (?:often|many times|far)|who|twice|\d+ times|(?:two|three|four|five) times|more than once|most|repeatedly|by (?:rep|owner|person|seller)|close dates?)\b)"
    r"|\bhow many (?:of )?(?:my |our |the )?(?:open )?(?:deals|renewals|opportunities|opps)\b(?=.*\b(?:slipp?(?:ed)?|(?:got|were|was|been) (?:pushed|postponed|delayed)|moved out)\b)"
    r"|\b(?:how (?:often|many times|far)|who|twice|\d+ times|(?:two|three|four|five) times|more than once|most|repeatedly)\b(?=.*\b(?:slipp?(?:ed|ing|age)?|push(?:ed|es|ing)? (?:(?:back|out|the|their|its|our|his|her) )*(?:close |closing )?dates?|mov(?:ed|es|ing) (?:(?:the |their )?close dates?|out|back)|postpon\w+|close dates? (?:moved|changed|pushed))\b)"
)
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
        args["owner"] = slots.owner(sentence, linker, caller, "team" if caller.manages or by_person else "me")
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
