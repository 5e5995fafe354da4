"""A request for a draft: to whom, and what about."""

import re
from datetime import date

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked
from crm_store.people import Caller

_TOPIC = re.compile(
    r"\b(?:about|regarding|concerning|re|on the topic of|saying|asking (?:about|for)|thanking \w+ for|(?:e?mail|draft|note|message|letter|line)s? on)\b:?\s+(?=\S)"
)
_SUBJECT = re.compile(r"^(?:the )?(.+?) is the (?:topic|subject)\b")
_BEHIND = re.compile(
    r"\s*(?:[,;?:]|\s-)\s*(?:(?:and|but|just|please|pls|you) )*(?:knock|draft|write|put|do|make|prepare|give|can|could|would|please|pls|i|you|thanks|for)\b|\s+(?:look|go|sound|read)\b|\s+(?:please|pls|thanks)$|\s(?:to|for|with) (?:CONTACT|ACCOUNT)\b"
)
"""Where what is said after the topic is not of it any more."""
_LEADING = re.compile(r"^(?:the|our|their|his|her|a|an|that)\s+", re.IGNORECASE)


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
        args["topic"] = _LEADING.sub("", _TOPIC.sub("", sentence.verbatim(*topic), count=1).strip(" .!?,"))
    if "contact" not in args and "account" not in args:
        waiting = Call("draft_email", args)
        return Plan(
            question=Asked(text="Whom is the e-mail for?"), waiting=waiting, missing="contact", reason="no recipient"
        )
    return Call("draft_email", args)


def _topic(sentence: Sentence) -> tuple[int, int] | None:
    """From where to where of the masked text the topic is said, with the words that lead to it."""
    text = sentence.masked
    named = _SUBJECT.match(text)
    if named is not None:
        return named.span(1)
    found = _TOPIC.search(text)
    if found is None:
        return None
    behind = _BEHIND.search(text, found.end())
    return found.start(), behind.start() if behind else len(text)
