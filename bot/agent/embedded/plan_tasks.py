"""Tasks: to create, to complete, to list."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked
from crm_store.people import Caller

_TASK_HEAD = re.compile(
    r"^(?:PERSON (?:needs|has|should|must|ought) (?:to )?|(?:have|get|ask|tell|let) PERSON (?:to )?|(?:give|assign) PERSON (?:a |an |the )?(?:task|to-?do|reminder|action item)\b|(?:do not|never) forget\b|(?:add|put) (?:this |that |it )?(?:to|on) (?:my |the )?(?:list|to-?do list|task list|agenda)\s*[:,-]|(?:a |set (?:up )?)?(?:daily|weekly|monthly|quarterly|yearly|biweekly) (?:task|reminder|to-?do)|(?:remind|ping|nudge|poke) (?:me|us|PERSON|CONTACT|him|her)\b|(?:set|create|add|make|new|put|give me|open|assign|schedule)(?: up| in| me| PERSON| CONTACT)* (?:a |an |me a |another |new |the |daily |weekly |monthly |quarterly |yearly |biweekly )*(?:follow[- ]?up )?(?:task|reminder|to-?do(?: item)?|action item)s?(?: for (?:PERSON|me)\b)?"
    r"|(?:task|todo|to-do|to do|reminder|action item)s?\b(?: for (?:PERSON|me)\b)?|do not let me forget|make sure i|(?:i (?:want|would like) to )?be reminded\b|(?:i|we) (?:need|have|must|ought|want|got|should|will|had better|better) (?:to )?(?:remember to )?|(?:need|have|has|got|ought) to |(?:must|should) |i should remember|remember|note to self)\s*"
)


def create_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    head = _TASK_HEAD.match(text)
    start = head.end() if head else 0
    owner = "me"
    if head is not None:
        for mark in sentence.of("PERSON", "CONTACT"):
            people = mark.mention.of("person") if mark.mention else []
            if mark.end <= head.end() and people:
                owner = people[0].name.id if len(people) == 1 else mark.text
    assigned = re.search(r"\b(?:assign(?:ed)?(?: it)? to|for) (PERSON)\b", text)
    if assigned is not None:
        mark = next(one for one in sentence.of("PERSON") if one.start == assigned.start(1))
        people = mark.mention.of("person") if mark.mention else []
        owner = people[0].name.id if len(people) == 1 else mark.text
    body = sentence.cut(start)
    title = _bare(slots.without_times(body))
    due = slots.start_or_due(sentence, today)
    repeats, first = _repeats(sentence, today)
    if repeats is not None:
        due = first or due
        title = _bare(_HOW_OFTEN.sub(" ", title))
    hours = _HOURS.search(" ".join(mark.text for mark in sentence.of("DATE")))
    if due is None and _HOURS.search(text):
        due = today
    if hours is not None and title and not re.search(re.escape(hours.group()), title, re.IGNORECASE):
        title = f"{title} {hours.group()}"
    if due is None:
        for mark in sentence.of("LENGTH"):
            if re.search(r"\bin (?:about )?$", text[: mark.start]):
                due = today + timedelta(days=slots.length_days(mark))
    title = _FOLLOW_UP.sub("Follow up", _ON_LIST.sub("", title))
    at = None if head is not None else next((found for mark in sentence.of("DATE") if (found := _AT.search(mark.text))), None)
    if at is not None and title:
        title = f"{title} {at.group().strip()}"
    args: Args = {}
    if due is not None:
        args["due"] = due.isoformat()
    account, contacts, deal = linker.accounts(sentence), linker.contacts(sentence), one_deal(sentence, linker)
    pronoun = linker.contact(sentence) if not contacts and re.search(r"\b(?:her|him)\b", text) else None
    contact = contacts[0] if contacts else pronoun
    if contact is not None and contact.value != owner:
        args["contact"] = contact.value
    if deal is not None and not (deal.name is None and account):  # which of its deals is left to the account's page
        args["deal"] = deal.value
    if account:
        args["account"] = account[0].value
    if not contact and not deal and not account:
        talked = linker.talked_about("deal") if re.search(r"\b(?:it|this|that|deal)\b", text) else None
        if talked is not None:
            args["deal"] = talked.value
        elif re.search(r"\b(?:them|they|their|there)\b", text) or not title:
            about = linker.talked_about("account")
            if about is not None:
                args["account"] = about.value
    if not title or (re.fullmatch(r"(?i)(?:follow[- ]?up|check (?:in|back)|circle back|touch base|reach out)", title) and not contact and not account):
        about = linker.talked_about("contact") or linker.talked_about("account")
        if title and (about is None or about.name is None):
            return Call("create_task", {"title": title[:1].upper() + title[1:], **args})
        if about is None or about.name is None:
            return Plan(question=Asked(text="Remind you of what?"), waiting=Call("create_task", args), missing="title")
        title = f"Follow up with {about.name.text}"
        if about.name.kind == "contact":
            args.pop("account", None)
            args["contact"] = about.value
    if owner != "me":
        args["owner"] = owner
    if repeats is not None:
        args["repeats"] = repeats
    return Call("create_task", {"title": title[:1].upper() + title[1:], **args})


_HOW_OFTEN = re.compile(r"(?i)\b(?:on a )?(daily|weekly|monthly|quarterly|yearly|annually|biweekly|fortnightly)(?: basis)?\b:?")
_ADVERBS = {
    "daily": (1, "day"), "weekly": (1, "week"), "biweekly": (2, "week"), "fortnightly": (2, "week"), "monthly": (1, "month"),
    "quarterly": (1, "quarter"), "yearly": (1, "year"), "annually": (1, "year"),
}  # fmt: skip
_HOURS = re.compile(r"(?i)\b(?:between|from) \d{1,2}(?::\d\d)?(?: ?[ap]m)? (?:and|to|until|-) \d{1,2}(?::\d\d)?(?: ?[ap]m)?\b")
_ON_LIST = re.compile(r"(?i)^(?:put|add) (?=.+ (?:on|to) (?:my|the) )| (?:on|to) (?:my|the) (?:to-?do |task )?(?:list|agenda|calendar|plate)$")
_FOLLOW_UP = re.compile(r"(?i)^(?:(?:create|add|make|set(?: up)?|schedule|put in|book) (?:a |an )?)?follow[- ]?up(?= with\b| on\b| about\b)")
_AT = re.compile(r"(?i)\bat \d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?(?:cet|cest|gmt|bst|utc|est|edt|pst|pdt|cst|cdt|ist))?\b|\bat noon\b")
"""When something is to be done, which the day of a task cannot hold."""
_STEPS = {
    "day": relativedelta(days=1), "weekday": relativedelta(days=1), "week": relativedelta(weeks=1), "month": relativedelta(months=1),
    "quarter": relativedelta(months=3), "year": relativedelta(years=1),
}  # fmt: skip


def _repeats(sentence: Sentence, today: date) -> tuple[str | None, date | None]:
    """How often a task comes again ("week", "2 weeks") and its first day."""
    for mark in sentence.of("EVERY"):
        every = mark.time.every if mark.time is not None else None
        if every is not None and every.unit in _STEPS:
            first = _next_weekday(today) if every.unit == "weekday" else None if every.weekdays or mark.time is None else today + _STEPS[every.unit] * every.interval
            if (every.day or every.nth) and mark.time is not None and mark.time.start is not None:
                first = slots.day_of(mark.time.start)  # "on the first of every month" begins there, not a month from today
            return f"{every.interval} {every.unit}s" if every.interval > 1 else every.unit, first
    often = _HOW_OFTEN.search(sentence.masked)
    if often is None or not re.search(r"\b(?:remind|reminder|task|to-?do|ping)\b", sentence.masked):
        return None, None
    count, unit = _ADVERBS[often.group(1).lower()]
    return f"{count} {unit}s" if count > 1 else unit, today + _STEPS[unit] * count


def _next_weekday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday() if today.weekday() > 3 else 1)


def _bare(title: str) -> str:
    for _ in range(3):
        shorter = re.sub(
            r"^(?:to|about|for|that|of|me to|me|us to|called|titled|saying|regarding|due|by|on|at|,|:|-)(?:\s+|$)",
            "",
            title.strip(" ,.:;-"),
            flags=re.IGNORECASE,
        )
        if shorter == title:
            break
        title = shorter
    title = re.sub(r"\s+(?:by|on|at|due|for|before|,)$", "", title.strip(" ,.:;-"), flags=re.IGNORECASE)
    return "" if re.fullmatch(r"(?i)(?:please|it|this|that|then)?", title) else title


def complete_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    nth = linker.nth(sentence, "task")
    if nth is not None:
        return Call("complete_task", {"task": nth.value})
    match = re.match(
        r"^(?:i am |i have |i |we have |all )?(?:mark|set|flag|check off|tick off|tick|complete|close|finish|cross off|cross|check|done|finished|completed|ticked off)\b(?: with)?(?: off)?\s*[:-]?\s*(?:the |my |that |this |a )?(?:task|todo|to-do|reminder|promise)?\s*(?:to |about |of |:|\")?\s*(.*?)\"?(?: (?:task|todo|to-do|reminder|promise))?(?:\s+(?:as|is|to))?(?:\s+(?:done|complete|completed|finished|off))*(?: (?:my|the) (?:list|to-?do list))?(?: please)?$",
        text.rstrip(" .!?"),
    )
    if match is None or not match.group(1):
        match = re.match(
            r"^(?:the |that |my )?(.*?)(?: (?:task|todo|reminder))? (?:is )?(?:now )?(?:done|complete|completed|finished)$",
            text.rstrip(" .!?"),
        )
    words = sentence.verbatim(match.start(1), match.end(1)) if match else ""
    if not words or re.fullmatch(r"(?i)(?:(?:it|that|this|that one|task|one|that task|this task|them|the task) ?)*(?:off)?", words):
        talked = linker.memory.newest("task")
        if talked is None:
            return Plan(question=Asked(text="Which task is done?"), waiting=Call("complete_task"), missing="task")
        return Call("complete_task", {"task": talked.id})
    return Call("complete_task", {"task": words.strip("'\" ")})


def list_tasks(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    text, args = sentence.masked, Args()
    args["owner"] = slots.owner(sentence, linker, caller)
    account = linker.account(sentence)
    if account is not None:
        args["account"] = account.value
    if re.search(r"\b(?:overdue|late|behind|missed|past due)\b", text):
        args["overdue"] = True
    found = slots.period(sentence)
    if found is not None and "overdue" not in args:
        if found.since != found.until or found.since != today:
            slots.put_period(args, found, "due_since", "due_until")
        else:
            args["due_until"] = today.isoformat()
    elif found is None and re.search(r"\bmy day\b", text):
        args["due_until"] = today.isoformat()
    if re.search(r"\b(?:done|complete[d]?|finish(?:ed)?|closed|ticked off)\b", text):
        args["status"] = "done"
    return Call("list_tasks", args)
