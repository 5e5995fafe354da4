"""A request for a draft: to whom, and what about."""

import re
from datetime import date

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked
from crm_store.people import Caller

_WRITING = r"(?:e-?mails?|mails?|drafts?|notes?|messages?|letters?|lines?|replies|reply)"
_TO_WHOM = r"(?:to|for|at) (?:(?:the |our |my )?(?:CONTACT|ACCOUNT|DEAL|ADDRESS|STRANGER|him|her|them)(?:'s)?(?: (?:at|from|of) (?:ACCOUNT|STRANGER))?)"
_TOPIC = re.compile(
    rf"\b(?:about|regarding|concerning|re|on the (?:topic|subject) of|(?:with )?(?:the )?(?:topic|subject)(?: line)?(?: is| being| will be|:)|saying|asking (?:about|for)|thanking \w+ for|{_WRITING} on|{_TO_WHOM},? on)(?:\b|(?<=:)):?\s+(?=\S)"
)
_SUBJECT = re.compile(r"^(?:the )?(.+?) is the (?:topic|subject)\b")
_KIND = re.compile(
    r"\b(?!(?:an?|the|my|our|me|us|up|out|out an|this|that|some|no|any|and|or|of|to|by|in|on|for|with|draft|email|e-mail|mail|write|prepare|compose|send|quick|short|brief|nice|friendly|polite|formal|proper|good|new|first|next|little|small|simple|warm|cold|personal|one|another|whole|full|follow-?up|reminder|thank-?you|short-ish|check-?in|possible|ready|type|shoot|drop|do|knock|whip|put|make|get|give|me an)\b)(?P<kind>[a-z][a-z-]{3,}) (?:e-?mail|mail|message|letter)\b(?! (?:address|about|re|regarding|concerning|on)\b)"
)
""" "A pricing mail" is about pricing."""
_ORDERED = re.compile(
    rf"(?:^|[,;:.!-]\s*|\b(?:so|and|then|please) )(?:(?:please|just|can you|could you|would you|so|and|then|now)[, ]+)*(?:prepare|draft|compose|write|type up|whip up|knock up|knock out|put together|do up|rustle up)(?: me| us| up)* (?:an? |the |some )?(?:[a-z-]+ ){{0,2}}?{_WRITING}\b(?! down\b)"
)
_BEHIND = re.compile(
    r"\s*(?:[,;?:(]|\s-)\s*(?:(?:and|but|just|please|pls|you|so|maybe|then) )*(?:knock|draft|write|put|do|make|prepare|compose|give|can|could|would|please|pls|i|you|thanks|for|he|she|they|we|it|who|which|because|since|as|nothing|not too|keep|short|brief|formal|friendly|polite|something|max|no more than|that i|CONTACT (?:has|have|is|was|went|will|had|did)|ACCOUNT (?:has|have|is|was|went))\b|\s+(?:look|go|sound|read)\b|\s+(?:please|pls|thanks)$|\s(?:to|for|with) (?:CONTACT|ACCOUNT)\b|\s+(?:because|since|so that|so (?:he|she|they|we|i)|that i can|which i can|for me to|as (?:he|she|they|we|i))\b"
)
"""Where what is said after the topic is not of it any more: to whom it goes, why, and how it is to be."""
_LEADING = re.compile(r"^(?:the|our|their|his|her|a|an|that)\s+", re.IGNORECASE)


def ordered(text: str) -> bool:
    """Whether something is to be written, told wherever in a sentence: "she wants to hear about onboarding, prepare an e-mail"."""
    return _ORDERED.search(text) is not None


def draft(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The contact before the account; what stands after "about" is the topic, in the person's own words."""
    args: Args = {}
    topic = _topic(sentence)
    head = sentence.cut(0, topic[0]).followed_by(sentence.cut(topic[1])) if topic else sentence
    contact, account = linker.contact(head), next(iter(linker.accounts(head)), None)
    if contact is not None:
        args["contact"] = contact.value
    elif account is not None:
        args["account"] = account.value
    elif (of_deal := linker.account(sentence, guess=False)) is not None and of_deal.name is not None:
        args["account"] = of_deal.value  # a mail about a deal goes to whom it is with
    elif typed := linker.typed_name(head):
        args["contact"] = typed
    elif not (linker.memory.just_shown and len(linker.memory.shown) > 1) and (talked := linker.talked_about("contact") or linker.talked_about("account")):
        args["contact" if talked.name is not None and talked.name.kind == "contact" else "account"] = talked.value
    if topic:
        args["topic"] = _LEADING.sub("", sentence.verbatim(*topic).strip(" .!?,"))
    if "contact" not in args and "account" not in args:
        waiting = Call("draft_email", args)
        return Plan(
            question=Asked(text="Whom is the e-mail for?"), waiting=waiting, missing="contact", reason="no recipient"
        )
    return Call("draft_email", args)


def _topic(sentence: Sentence) -> tuple[int, int] | None:
    """From where to where of the masked text the topic is said."""
    text = sentence.masked
    named = _SUBJECT.match(text)
    if named is not None:
        return named.span(1)
    found = _TOPIC.search(text)
    if found is None:
        kind = _KIND.search(text)
        return kind.span("kind") if kind is not None else None
    behind = _BEHIND.search(text, found.end())
    return found.end(), behind.start() if behind else len(text)
