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
    r"\b(?:about|regarding|concerning|re|on the topic of|saying|asking (?:about|for)|thanking \w+ for)\b:?\s+(?=\S)"
)
_LEADING = re.compile(r"^(?:the|our|their|his|her|a|an|that)\s+", re.IGNORECASE)


def draft(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """The contact before the account; what stands after "about" is the topic, in the person's own words."""
    args: Args = {}
    found = _TOPIC.search(sentence.masked)
    head = sentence.cut(0, found.start()) if found else sentence
    contact, account = linker.contact(head), next(iter(linker.accounts(head)), None)
    if contact is not None:
        args["contact"] = contact.value
    elif account is not None:
        args["account"] = account.value
    elif typed := linker.typed_name(head):
        args["contact"] = typed
    elif talked := linker.talked_about("contact") or linker.talked_about("account"):
        args["contact" if talked.name is not None and talked.name.kind == "contact" else "account"] = talked.value
    if found:
        args["topic"] = _LEADING.sub("", sentence.verbatim(found.end()).strip(" .!?,"))
    if "contact" not in args and "account" not in args:
        waiting = Call("draft_email", args)
        return Plan(
            question=Asked(text="Whom is the e-mail for?"), waiting=waiting, missing="contact", reason="no recipient"
        )
    return Call("draft_email", args)
