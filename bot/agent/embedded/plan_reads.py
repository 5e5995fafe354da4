"""Questions about accounts, people and what happened."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.agent.embedded import owners, slots
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.roles import role_said
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked, Option
from crm_store.people import Caller

_COMING = re.compile(
    r"\b(?:next|upcoming|scheduled|planned|future|coming) (?:\w+ )?(?:meetings?|calls?|demos?|visits?|appointments?)\b|\bwhen (?:are|am|do) (?:we|i)\b"
)
_AHEAD = 90
"""Days to look ahead for a meeting whose day was not said."""

Maker = Callable[[Sentence, Linker, Caller, date], Call | Plan | None]


def latest(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    pointed = linker.nth(sentence, "deal", "contact")
    if pointed is not None and pointed.name is not None:
        return (
            Call("deal_details", {"deal": pointed.value})
            if pointed.name.kind == "deal"
            else Call("contact_details", {"contact": pointed.value})
        )
    account, deal, contact = (
        linker.account(sentence),
        one_deal(sentence, linker),
        next(iter(linker.contacts(sentence)), None),
    )
    args: Args = {}
    if account is None:
        typed = linker.typed_name(sentence)
        if typed is None:
            account = linker.talked_about("account")
            if account is None:
                return _which("account", "account_latest", {}, "Which account do you mean?")
        else:
            return Call("account_latest", {"account": typed})
    args["account"] = account.value
    if deal is not None and deal.name is not None:
        args["focus"] = deal.name.text
    elif contact is not None and contact.name is not None and not linker.accounts(sentence):
        args["focus"] = contact.name.text
    return Call("account_latest", args)


def brief(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    account = linker.account(sentence)
    deal = one_deal(sentence, linker)
    value = account.value if account else linker.typed_name(sentence)
    if value is None:
        talked = linker.talked_about("account")
        if talked is None:
            return _which("account", "account_brief", {}, "Which account shall I prepare you for?")
        value = talked.value
    args: Args = {"account": value}
    if deal is not None:
        args["deal"] = deal.value
    return Call("account_brief", args)


_CONSENT_CHANNELS = (
    ("email", r"\b(?:emails?|emailed|emailing|newsletters?|mailing lists?|mail ?shots?|inbox)\b"),
    ("phone", r"\b(?:(?:cold[- ]?)?call(?:s|ed|ing)?|(?:tele)?phon(?:e|es|ed|ing)|ring(?:s|ing)?|rung|dial(?:l?ing)?|telemarketing)\b"),
    ("sms", r"\b(?:sms|text(?:s|ed|ing)?(?: messages?)?)\b"),
    ("social", r"\b(?:linkedin|social)\b"),
    ("post", r"\b(?:post|postal|letters?|mailing|brochures?|catalogues?|print(?:ed)?|snail)\b(?! lists?\b)"),
)  # fmt: skip


_OF_MANY = re.compile(
    r"\b(?:everyone|everybody|every (?:contact|one)|all(?: of)? (?:the|my|our|their) (?:contacts|people|customers)|all contacts|anyone|anybody|"
    r"who(?: all| else)? (?:can|may|could|has|have|did|agreed|is|are)|which (?:contacts|people|of)|how many (?:contacts|people|of)|"
    r"(?:my|our|their|the) (?:contacts|customers|people))\b|^who\b"
)
"""Asks about many people at once, so that no single name is missing."""


def people(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    args: Args = {}
    deal = one_deal(sentence, linker)
    account = linker.account(sentence)
    if deal is not None:
        args["deal"] = deal.value
    elif account is not None:
        args["account"] = account.value
    else:
        typed = linker.typed_name(sentence)
        talked = None if typed else linker.talked_about("account")
        if talked is None and typed is None:
            return _which("account", "account_people", _with_role({}, sentence), "At which account?")
        args["account"] = typed or (talked.value if talked else "")
    titled = linker.by_title(sentence)
    if titled is not None and titled.name is not None and role_said(sentence.masked) is None:
        return Call("contact_details", {"contact": titled.value})
    return Call("account_people", _with_role(args, sentence))


def contact_details(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    contact = linker.contact(sentence)
    if contact is None:
        account = linker.accounts(sentence)
        if account:
            return Call("account_people", _with_role({"account": account[0].value}, sentence))
        typed = linker.typed_name(sentence) or _tail(sentence)
        talked = None if typed else linker.talked_about("contact")
        if typed is None and talked is None:
            return _which("contact", "contact_details", {}, "Whose details do you need?")
        return Call("contact_details", {"contact": typed or (talked.value if talked else "")})
    return Call("contact_details", {"contact": contact.value})


def consent(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    channels = [(match.start(), name) for name, words in _CONSENT_CHANNELS if (match := re.search(words, text))]
    marketing = re.search(r"\b(?:marketing|newsletters?|campaigns?|promo\w*|advert\w*|mailing lists?|mailshots?|blasts?|unsubscrib\w*|opt\w*)\b", text)
    service = re.search(r"\b(?:service|support|case|ticket|contract|invoices?|renewal)\b", text)
    args: Args = {"channel": min(channels)[1] if channels else "email", "purpose": "service" if service and not marketing else "marketing"}
    contact, accounts = linker.contact(sentence), linker.accounts(sentence)
    if contact is None and (_OF_MANY.search(text) or (accounts and not (linker.typed_name(sentence) or "")[:1].isupper())):
        whose: Args = {"account": accounts[0].value} if accounts else {"owner": owners.owner(sentence, linker, caller)}
        return Call("who_may_be_contacted", {**whose, **args})
    value = contact.value if contact else linker.typed_name(sentence)
    if value is None:
        talked = linker.talked_about("contact")
        if talked is None:
            return _which("contact", "may_contact", args, "Who do you want to contact?")
        value = talked.value
    return Call("may_contact", {"contact": value, **args})


def last_touch(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    made = timeline(sentence, linker, caller, today)
    if isinstance(made, Call):
        spoken = re.search(r"\b(?:talk|talked|speak|spoke|spoken)\b", sentence.masked)
        args = {key: value for key, value in made.args.items() if not (key == "channel" and spoken)}
        return Call("timeline", {**args, "limit": 1})
    return made


def timeline(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text, args = sentence.masked, Args()
    subject = _subject(sentence, linker)
    channel = slots.channel(text)
    if channel is not None:
        args["channel"] = channel
    found = slots.past_period(sentence, today)
    if _COMING.search(text) and (found is None or found.since is None or found.since >= today):
        found = found or slots.Days(today, today + timedelta(days=_AHEAD))
    slots.put_period(args, found)
    count = slots.limit(sentence)
    if count is not None:
        args["limit"] = count
    if subject is not None:
        return Call("timeline", {**subject, **args})
    typed = linker.typed_name(sentence)
    if typed is not None:
        return Call("timeline", {"account": typed, **args})
    if re.search(r"\b(?:my|i|me|team|everyone)\b", text) or linker.people(sentence):
        return Call("timeline", {"owner": owners.owner(sentence, linker, caller), **args})
    newest = linker.memory.subjects[0] if linker.memory.subjects else None
    if newest is not None and newest.kind == "contact":
        return Call("timeline", {"contact": newest.id, **args})
    talked = linker.talked_about("account")
    if talked is not None:
        return Call("timeline", {"account": talked.value, **args})
    return _which("account", "timeline", args, "The history of which account?")


def purchases(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    account = linker.account(sentence)
    value = account.value if account else linker.typed_name(sentence)
    if value is None:
        talked = linker.talked_about("account")
        if talked is None:
            return _which("account", "purchase_history", {}, "Whose purchases do you mean?")
        value = talked.value
    return Call("purchase_history", {"account": value})


def cases(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    args: Args = {}
    account = linker.account(sentence)
    value = account.value if account else linker.typed_name(sentence)
    if value is not None:
        args["account"] = value
    else:
        args["owner"] = owners.owner(sentence, linker, caller)
    if _CASES_OPEN.search(sentence.masked):
        args["status"] = "open"
    elif re.search(r"\b(?:closed|resolved|solved|fixed)\b", sentence.masked):
        args["status"] = "closed"
    if _CASES_ALL.search(sentence.masked):
        args.pop("status", None)
    return Call("list_cases", args)


_CASES_OPEN = re.compile(
    r"\b(?:open(?! (?:any|a|an|some|new)\b)|un(?:resolved|solved|answered|fixed)|outstanding|pending|still (?:waiting|going|running|active|live)|ongoing|unfinished|in progress|(?:not|never)(?: yet| been| got| really| fully)* (?:closed|resolved|solved|fixed|answered|done|sorted)|yet to be (?:closed|resolved|solved|fixed))\b"
)
_CASES_ALL = re.compile(r"\b(?:(?:also|and|plus|or|even|incl\w*)(?: the| those| all| already)* (?:closed|resolved|solved|open)|(?:closed|resolved|solved) (?:ones )?(?:too|as well|included)|open or not)\b")


def deal_details(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    deal = linker.deal(sentence)
    if deal is None:
        typed = linker.typed_name(sentence)
        if typed is None:
            return _which("deal", "deal_details", {}, "Which deal do you mean?")
        return Call("deal_details", {"deal": typed})
    if deal.mark is not None and deal.mark.kind == "STRANGER":  # nothing says that it is a deal: ask for the account
        return Call("account_latest", {"account": deal.value})
    return Call("deal_details", {"deal": deal.value})


def one_deal(sentence: Sentence, linker: Linker) -> Ref | None:
    """A deal that is named or pointed at, never one that is only its account's."""
    named = linker.deals(sentence)
    if named:
        return named[0]
    if re.search(r"\b(?:deal(?! with)|renewal|pilot|expansion|rollout|upsell)\b", sentence.masked):
        found = linker.deal(sentence)
        kind = re.search(r"\bACCOUNT(?:'s)? (?:[a-z]+ )?(renewal|pilot|expansion|rollout|upsell)\b", sentence.masked)
        if kind is not None and found is not None and found.name is not None and kind.group(1) not in found.name.text.lower():
            return None  # another deal of that account, or none yet
        worded = re.search(r"\b(pilot|expansion|rollout|upsell)\b", sentence.masked)
        if worded is not None and found is not None and found.name is not None and worded.group(1) not in found.name.text.lower():
            return None  # "the pilot" of an account that has no such deal
        return found if found is not None and (found.name is None or found.name.kind == "deal") else None
    return None


def _subject(sentence: Sentence, linker: Linker) -> Args | None:
    contacts, accounts, deal = linker.contacts(sentence), linker.accounts(sentence), one_deal(sentence, linker)
    if contacts:
        return {"contact": contacts[0].value}
    if deal is not None:
        return {"deal": deal.value}
    if accounts:
        return {"account": accounts[0].value}
    contact = linker.contact(sentence)
    if contact is not None and re.search(r"\b(?:her|him|she|he|cfo|ceo|cto|coo|cio)\b", sentence.masked):
        return {"contact": contact.value}
    account = linker.account(sentence)
    return {"account": account.value} if account is not None else None


def _with_role(args: Args, sentence: Sentence) -> Args:
    found = role_said(sentence.masked)
    return {**args, "role": found} if found and not re.search(r"\bwho is who\b", sentence.masked) else args


def _tail(sentence: Sentence) -> str | None:
    match = re.match(
        r"^(?:and )?(?:who is|look up|info on|details (?:on|for|of))\s+(.+)$", sentence.masked.rstrip(" ?!.")
    )
    return sentence.verbatim(match.start(1), match.end(1)) if match else None


def _which(kind: str, tool: str, args: Args, text: str) -> Plan:
    """Ask for the one argument without which nothing can be looked up."""
    return Plan(question=Asked(text=text, options=()), waiting=Call(tool, args), missing=kind)


def option(label: str, value: str) -> Option:
    return Option(label=label, value=value)
