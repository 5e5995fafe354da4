"""A search in what was said and written: the words to look for, and whose, where and when as arguments."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.topics import stands_for_topic, topic_of
from crm_store.names.nicknames import is_first_name
from crm_store.names.words import is_common
from crm_store.people import Caller

_SAID_BY = re.compile(
    r"\b(?:did|has|have|does|do|had)\s+((?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?|[a-z]+)\s+(?:ever |already |also |really |actually )*(?:say|said|mention(?:ed)?|tell|told|ask(?:ed)?|think|talk(?:ed)?|complain(?:ed)?|raised?|brought|bring|want(?:ed)?|write|written|wrote|reply|replied|object(?:ed)?)\b"
    r"|\b((?-i:[A-Z])[\w'-]+?)'s\s+(?:view|take|opinion|stance|position|words|thoughts|feedback|concerns|objections)\b",
    re.IGNORECASE,
)


def _unknown_speaker(sentence: Sentence) -> str | None:
    """Somebody whose words are asked for and whom the record does not know: a name in capitals, or a first name."""
    match = None if sentence.text.isupper() else _SAID_BY.search(sentence.text)
    said = (match.group(1) or match.group(2)) if match is not None else None
    if said is None or is_common(said.split()[0].lower()):
        return None
    return said if said[:1].isupper() or is_first_name(said) else None


def passages(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    """``query`` keeps the words of the topic; who and when become arguments of their own."""
    args: Args = {}
    topic = topic_of(sentence)
    who = sentence.cut(0, topic.start).followed_by(sentence.cut(topic.end))
    accounts = [one for one in linker.accounts(sentence) if one.mark is None or not stands_for_topic(sentence, one.mark.start, one.mark.end)]
    contacts, deal = linker.contacts(sentence), next(iter(linker.deals(sentence)), None) or one_deal(who, linker)
    if contacts and contacts[0].name is not None:
        args["contact"] = contacts[0].value
    elif deal is not None and (deal.name is not None or not accounts):
        args["deal"] = deal.value
    if accounts and "contact" not in args and "deal" not in args:
        args["account"] = accounts[0].value
    if (
        not args
        and re.search(r"\b(?:they|their|them|there|she|he|her|him|it)\b", sentence.masked)
        and not re.search(r"\b(?:anyone|anybody|someone|somebody|customers?)\b", sentence.masked)
    ):
        person = linker.contact(sentence) if re.search(r"\b(?:she|he|her|him)\b", sentence.masked) else None
        talked = linker.talked_about("account")
        if person is not None:
            args["contact"] = person.value
        elif talked is not None:
            args["account"] = talked.value
    unknown = None if args else _unknown_speaker(sentence)
    if unknown is not None:
        args["contact"] = unknown
    slots.put_period(args, slots.past_period(sentence, today))
    match = re.search(
        r"\b(?:in|on) (?:the |our |a |any |my |their )?(calls?|meetings?|emails?|chats?|notes?)\b", sentence.masked
    )
    if match is not None and match.group(1) not in ("notes", "note"):
        channel = slots.channel(match.group(1))
        if channel is not None:
            args["channel"] = channel
    return Call("search_notes", {"query": topic.words, **args})
