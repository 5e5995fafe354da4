"""New records, changed people and roles."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.new_contacts import stated
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.roles import role_said
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked
from crm_store.people import Caller


def update_contact(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    contact = linker.contact(sentence)
    args: Args = {}
    addresses = sentence.of("ADDRESS")
    if re.search(
        r"\b(?:left|quit|resigned|leaving|gone|retired|moved on|no longer|is not (?:at|with|there|around|in)\b|does not work|(?:moved|went|moving|going) to (?:a|another) (?:new |different |other )?(?:company|firm|job|employer))\b",
        text,
    ):
        args["left"] = True
    elif addresses:
        mail = next((mark.text for mark in addresses if "@" in mark.text), None)
        phone = next((mark.text for mark in addresses if "@" not in mark.text), None)
        if mail:
            args["email"] = mail
        if phone:
            args["phone"] = phone
        if contact is not None and contact.value == mail:
            named = [ref for ref in linker.contacts(sentence) if ref.value != mail]
            contact = named[0] if named else linker.talked_about("contact")
    else:
        title = re.search(
            r"\b(?:title|position|promoted to|is now|became|has become|is (?:the|their|our) new)\b(?: (?:is|to|as|changed|has|now|be|should))*\s*:?\s*(?:the |their |a |an )?(.+?)(?: now)?(?:\s*[,;(-]+\s*(?:just|she|he|they|as of|since|because|after|starting|got|was|effective|please|thanks|congrats|it|that|per|according|so|with immediate)\b.*)?$|\bCONTACT is (?:the |their |a |an )?(.+) now$",
            text.rstrip(" .!?"),
        )
        if title is not None:
            group = 1 if title.group(1) else 2
            args["title"] = _capital(sentence.verbatim(title.start(group), title.end(group)))
        mention = next(
            (mark for mark in sentence.of("CONTACT") if mark.mention and mark.mention.matches[0].how == "email"), None
        )
        if mention is not None and "title" not in args:
            args["email"] = mention.text
    if not args:
        return Plan(
            question=Asked(text="What is the new value?"),
            waiting=Call("update_contact", {"contact": contact.value} if contact else {}),
            missing="change",
        )
    value = contact.value if contact else _subject_words(sentence)
    if value is None:
        talked = linker.talked_about("contact")
        if talked is None:
            return Plan(
                question=Asked(text="Which contact do you mean?"),
                waiting=Call("update_contact", args),
                missing="contact",
            )
        value = talked.value
    return Call("update_contact", {"contact": value, **args})


def _subject_words(sentence: Sentence) -> str | None:
    match = re.match(
        r"^([a-z][\w'-]+(?: [a-z][\w'-]+)?)(?:'s)? (?:has |just |is )?(?:left|new|quit|now|no)\b", sentence.masked
    )
    return (
        sentence.verbatim(match.start(1), match.end(1))
        if match and not re.match(r"(?:the|set|change|update)\b", match.group(1))
        else None
    )


def set_role(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    contact, role = linker.contact(sentence), role_said(sentence.masked)
    if role is None and re.search(r"\bdecides?\b", sentence.masked):
        role = "decision_maker"
    deal = linker.deal(sentence)
    args: Args = {}
    if role is not None:
        args["role"] = role
    if deal is not None:
        args["deal"] = deal.value
    if contact is None:
        typed = _subject_words(sentence)
        if typed is None:
            return Plan(question=Asked(text="Who is it?"), waiting=Call("set_role", args), missing="contact")
        return Call("set_role", {"contact": typed, **args})
    if deal is None:
        return Plan(
            question=Asked(text="On which deal?"),
            waiting=Call("set_role", {"contact": contact.value, **args}),
            missing="deal",
        )
    return Call("set_role", {"contact": contact.value, **args})


_TOLD_OF = re.compile(
    r"^(?!(?:create|add|make|new|save|enter|register|put)\b)|\b(?:add|save|create|put|enter|register|store) (?:her|him|them|this (?:person|contact|guy|lady))\b|\b(?:name|called|named)\b"
)
"""Somebody is told of, and that he or she is to be added is said besides."""
_NO_NAME = re.compile(r"(?:(?:her|him|them|it|this|that|someone|somebody|a|an|the|new|one|contact|person|under|name|to|in)\b ?)+")


def create_contact(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    head = re.match(
        r"^(?:create|add|make|new|save|enter|register|put)(?: up)?(?: me)? ?(?:a |an |another |the following |the |this )?(?:new )?(?:contact|person|lead)?\s*(?:called|named|for|:|,|-)?\s*",
        text,
    )
    start = head.end() if head else 0
    theirs = re.match(r"^(?:create|add|make|new|save|enter|register)(?: a| an| the)?(?: new)? ACCOUNT(?:'s)? (?:new )?contact\b\s*[:,-]?\s*", text)
    start = theirs.end() if theirs is not None else start
    body = sentence.cut(start)
    if re.match(r"(?:(?:at|for|in|with) )?ACCOUNT\s*[:,-]|(?:at|for) ACCOUNT", body.masked):
        body = body.cut(body.masked.index("ACCOUNT") + 7)
        body = body.cut(len(body.masked) - len(body.masked.lstrip(" :")))
    stop = re.search(
        r"\s*(?:,|\(|:|\bas\b|\bat\b|\bfrom\b|\bfor\b|\bto\b|\bwith\b|\bof\b|ADDRESS|\bwho\b|\bis\b|ACCOUNT| - )",
        body.masked,
    )
    name = body.verbatim(0, stop.start() if stop else None).strip(' ,.:;"')
    args: Args = {}
    said = stated(sentence)
    told = _TOLD_OF.search(text) is not None or not name or _NO_NAME.fullmatch(name.lower()) is not None or sentence.of("ACCOUNT")[:1] == [mark for mark in sentence.of("ACCOUNT") if mark.text.lower() in name.lower()][:1] != []
    if told and said.name is not None:
        name, stop = said.name, None
    account = linker.accounts(sentence) or [ref for ref in [linker.talked_about("account")] if ref is not None]
    if account:
        args["account"] = account[0].value
    else:
        typed = linker.typed_name(sentence)
        if typed is not None and typed != name:
            args["account"] = typed
    for mark in sentence.of("ADDRESS"):
        args["email" if "@" in mark.text else "phone"] = mark.text
    rest = body.masked[stop.start() :] if stop else ""
    title = re.search(
        r"(?:,|\(|\bas (?:the |their |a |an )?|\bis (?:the |their |a |an )?)\s*(?:(?:(?:she|he|they) (?:is|are)|shes|hes|theyre) )?(?:the |their |new |a )*((?!(?:to|in|with|for|on|under|of|as)\b|a contact|contact|new contact|phone|email|at\b|from\b)[a-z][a-z &/-]{1,50}?)\s*(?=,|\)|$| at\b| from\b| to\b| for\b| on\b|ADDRESS|\bemail\b|\bphone\b|ACCOUNT| with\b)",
        rest,
    )
    if title is not None and stop is not None:
        words = body.verbatim(stop.start() + title.start(1), stop.start() + title.end(1))
        role = role_said(words.lower())
        if role is not None and role not in ("legal", "procurement", "user"):
            args["role"] = role
            deal = linker.deal(sentence)
            if deal is not None:
                args["deal"] = deal.value
        elif words and not re.search(r"(?i)\bcontact\b", words):
            args["title"] = words.upper() if len(words) == 3 and words.lower().startswith("c") else words
    if told and said.title is not None and "title" not in args and "role" not in args:
        args["title"] = said.title
    if not name or _NO_NAME.fullmatch(name.lower()) or not re.search(r"[a-z]", name, re.IGNORECASE):
        return Plan(
            question=Asked(text="What is the new contact's name?"), waiting=Call("create_contact", args), missing="name"
        )
    if "account" not in args:
        return Plan(
            question=Asked(text=f"At which account is {name}?"),
            waiting=Call("create_contact", {"name": name, **args}),
            missing="account",
        )
    return Call("create_contact", {"name": name, **args})


def create_deal(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text, args = sentence.masked, Args()
    account = next(iter(linker.accounts(sentence)), None) or linker.account(sentence)
    typed = None if account else linker.typed_name(sentence)
    money = next((mark.money for mark in sentence.of("MONEY") if mark.money is not None), None)
    if money is not None:
        args["amount_minor"] = money.amount_minor
        if money.currency is not None:
            args["currency"] = money.currency
    due = slots.due(sentence)
    if due is not None:
        args["close_date"] = due.isoformat()
    stage = slots.stage(sentence, linker) or next((found for item in re.split(r"[,;/]| and ", text) if len(item.split()) == 1 and (found := slots.known_stage(item, linker))), None)
    if stage is not None:
        args["stage"] = stage
    value = account.value if account else typed
    named = re.search(
        r"\b(?:called|named|titled|:)\s*\"?([^\",]+?)\"?(?=,| for | at | with | worth | closing | in |$)", text
    ) or re.search(r'"([^"]+)"', text)
    name = sentence.verbatim(named.start(1), named.end(1)) if named and not re.match(r"(?:worth |for |at )?(?:MONEY|DATE)|closing\b|closes\b", named.group(1)) else None
    if value is None:
        talked = linker.talked_about("account")
        if talked is None:
            return Plan(
                question=Asked(text="For which account?"),
                waiting=Call("create_deal", {**({"name": name} if name else {}), **args}),
                missing="account",
            )
        value, account = talked.value, talked
    if not name:
        who = account.name.text if account and account.name else value
        name = f"{who} {'renewal' if 'renewal' in text else 'expansion' if 'expansion' in text else 'new deal'}"
    return Call("create_deal", {"name": name, "account": value, **args})


def create_account(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    first = re.match(r"^as (?:an? |the )?(?:new )?(account|company|prospect|customer|partner)\s*,?\s*(?:please )?(?=(?:create|add|open|set up|register|enter)\b)", sentence.masked)
    sentence = sentence.cut(first.end()) if first is not None else sentence  # "as a new prospect, open …"
    text = sentence.masked
    head = re.match(
        r"^(?:create|add|open|new|set up|register|make|put|log|record|enter|note|save)(?: up)? ?(?:a |an |the |another |me an? )?(?:new )?(account|company|prospect|customer|organi[sz]ation|partner)?\s*(?:called|named|for|:|,|-)?\s*",
        text,
    )
    body = sentence.cut(head.end() if head else 0)
    stop = re.search(r"\s*(?:,|\(|:|\bin\b|\bwith\b|\bas\b|\bdomain\b|\bwebsite\b|$)", body.masked)
    name = body.verbatim(0, stop.start() if stop else None).strip(' ,.:;"')
    if _NOT_CALLED.match(name):
        name = _in_capitals(sentence)
    if not name:
        return Plan(question=Asked(text="What is the account's name?"), waiting=Call("create_account"), missing="name")
    args: Args = {"name": name}
    kind = re.search(r"\b(prospect|customer|partner|influencer)\b", f"{first.group(1)} {text}" if first is not None else text)
    if kind is not None:
        args["kind"] = kind.group(1)
    domain = re.search(r"\b((?:[a-z0-9-]+\.)+[a-z]{2,})\b", body.masked[stop.start() if stop else 0 :])
    if domain is not None:
        args["domain"] = domain.group(1)
    return Call("create_account", args)


_NOT_CALLED = re.compile(r"(?i)(?:i|we|my|our|they|it|this|that|them|there|a|an|the|new|please|can|could|just|prospect|customer|partner|account|company)\b(?! ?[&'.])")
"""How no company's name begins: what was read is the sentence around it."""
_CAPITALS = re.compile(r"\b[A-Z][\w'.-]*(?:\s+(?:(?:&|and|of|de|van|von)\s+)?[A-Z][\w'.-]*)*")


def _in_capitals(sentence: Sentence) -> str:
    """The longest run of capitalised words that does not begin like a sentence; empty when there is none."""
    runs = [re.sub(r"^(?:(?:I|We|My|Our|The|New|Please|Can|Could|Prospect|Customer|Account|Company|SDRs?)\b\s*)+", "", run) for run in _CAPITALS.findall(sentence.text)]
    return max(runs, key=len, default="")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
