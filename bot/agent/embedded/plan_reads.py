"""Questions about accounts, people and what happened."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked, Option
from crm_store.people import Caller

_COMING = re.compile(
    r"\b(?:next|upcoming|scheduled|planned|future|coming) (?:\w+ )?(?:meetings?|calls?|demos?|visits?|appointments?)\b|\bwhen (?:are|am|do) (?:we|i)\b"
)
_AHEAD = 90
"""Days to look ahead for a meeting whose day was not said."""

Maker = Callable[[Sentence, Linker, Caller, date], Call | Plan]


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
    if titled is not None and titled.name is not None and slots.role(sentence.masked) is None:
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
    args: Args = {}
    if re.search(r"\b(?:call|phone|ring)\b", text):
        args["channel"] = "phone"
    elif re.search(r"\b(?:sms|text)\b", text):
        args["channel"] = "sms"
    elif re.search(r"\b(?:linkedin|social)\b", text):
        args["channel"] = "social"
    elif re.search(r"\b(?:post|letter|mailing)\b", text):
        args["channel"] = "post"
    else:
        args["channel"] = "email"
    args["purpose"] = (
        "service" if re.search(r"\b(?:service|support|case|ticket|contract|invoice|renewal)\b", text) else "marketing"
    )
    contact = linker.contact(sentence)
    value = contact.value if contact else linker.typed_name(sentence)
    if value is None:
        talked = linker.talked_about("contact")
        if talked is None:
            return _which("contact", "may_contact", args, "Who do you want to contact?")
        value = talked.value
    return Call("may_contact", {"contact": value, **args})


def promises(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text, args = sentence.masked, Args()
    deal, contacts, account = one_deal(sentence, linker), linker.contacts(sentence), linker.accounts(sentence)
    pronoun = (
        linker.contact(sentence)
        if not contacts and not account and re.search(r"\b(?:her|him|she|he)\b", text)
        else None
    )
    contact = contacts[0] if contacts else pronoun
    if account:
        args["account"] = account[0].value
    elif deal is not None:
        args["deal"] = deal.value
    elif contact is not None:
        args["contact"] = contact.value
    else:
        talked = linker.account(sentence) or (
            None if re.search(r"\b(?:my|all|i owe|everyone|anyone)\b", text) else linker.talked_about("account")
        )
        typed = None if talked or re.search(r"\b(?:my|our|all) (?:\w+ )?(?:promises|commitments|action items)\b", text) else linker.typed_name(sentence)
        if talked is not None or typed:
            args["account"] = talked.value if talked else typed
        else:
            args["owner"] = slots.owner(sentence, linker, caller)
    subject = r"(?:they|she|he|CONTACT|ACCOUNT|the customer|customers?)"
    theirs = re.search(
        rf"\b(?:did|has|have|had|does|do|what) {subject}(?:'s)? (?:ever |already |also )?(?:promis|commit|owe|agree|pledge|say|said|offer)|{subject} (?:has |have )?(?:promised|committed|owes?|agreed|offered)|owes? us|promised? (?:us|me)|{subject}'s (?:promise|commitment)|their (?:promise|commitment)",
        text,
    )
    ours = re.search(
        r"\b(?:we|i|us) (?:ever |already |still |have )*(?:promis|commit|owe|agree|pledge|say|said|offer)|(?:promised|owed|committed) to|our (?:promise|commitment)",
        text,
    )
    if theirs and not ours:
        args["by"] = "them"
    elif re.search(r"\b(?:both sides|each other|either side|on both)\b", text):
        args["by"] = "both"
    if re.search(
        r"\b(?:open|outstanding|still|overdue|unkept|broken|not (?:yet )?(?:kept|done|delivered)|owe|owes|pending|left|late|behind|missed|broke|break)\b",
        text,
    ):
        args["open_only"] = True
    return Call("promises", args)


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
        return Call("timeline", {"owner": slots.owner(sentence, linker, caller), **args})
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
        args["owner"] = slots.owner(sentence, linker, caller)
    if re.search(r"\b(?:open(?! (?:any|a|an|some|new)\b)|unresolved|outstanding|pending)\b", sentence.masked):
        args["status"] = "open"
    elif re.search(r"\b(?:closed|resolved)\b", sentence.masked):
        args["status"] = "closed"
    return Call("list_cases", args)


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
    found = slots.role(sentence.masked)
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
