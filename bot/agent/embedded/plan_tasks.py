"""Tasks: to create and to list."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded import owners, slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.verbs import infinitive
from bot.cards import Asked
from crm_store.people import Caller

_TASK_HEAD = re.compile(
    r"^(?:(?:(?:i|we) )?(?:have |just |also |already )*(?:promised|told|said to|agreed with|assured|said)(?: (?:CONTACT|ACCOUNT|her|him|them))?(?: that)? (?:i|we) (?:will|would) |(?:(?:i|we) )?(?:have |just |also |already )*(?:promised|agreed|offered|committed)(?: (?:CONTACT|ACCOUNT|her|him|them))? to (?=[a-z])|(?:put|add|create|make|set(?: up)?|open|place) (?:a |an |another )?(?:new )?(?:task|reminder|to-?do|action item) (?:on|to|in|for|onto) PERSON(?:'s)?(?: (?:task |to-?do )?(?:list|plate|tasks|to-?dos|agenda))?|(?:give|send|drop) (?:me|us|PERSON) (?:a |another )?(?:nudge|ping|shout|heads[- ]up|kick|poke|reminder)\b|(?:note|put|pencil|mark|jot) me(?: down| in)?\b|(?:i |we )?(?:want|need|would like) (?:a |another )?(?:[a-z]+ )?(?:task|reminder|to-?do)\b(?: (?:to|for|about)\b)?|PERSON (?:needs|has|should|must|ought) (?:to )?|(?:have|get|ask|tell|let) PERSON (?:to )?|(?:give|assign) PERSON (?:a |an |the )?(?:task|to-?do|reminder|action item)\b|(?:do not|never) forget\b|(?:add|put) (?:this |that |it )?(?:to|on) (?:my |the )?(?:list|to-?do list|task list|agenda)(?:\s*[:,-]|(?= to\b))|(?:a |set (?:up )?)?(?:daily|weekly|monthly|quarterly|yearly|biweekly|recurring|repeating|regular) (?:task|reminder|to-?do)|(?:remind|ping|nudge|poke) (?:me|us|PERSON|CONTACT|him|her)\b|(?:set|create|add|make|new|put|give me|open|assign|schedule)(?: up| in| me| PERSON| CONTACT)* (?:a |an |me a |another |new |the |recurring |repeating |regular |daily |weekly |monthly |quarterly |yearly |biweekly )*(?:follow[- ]?up )?(?:task|reminder|to-?do(?: item)?|action item|(?<=new )one|(?<=another )one)s?(?: for (?:PERSON|me)\b)?"
    r"|(?:task|todo|to-do|to do|reminder|action item)s?\b(?: for (?:PERSON|me)\b)?|(?:(?:i|we) )?(?:must|should) not forget\b|do not let me forget|make sure i|(?:i (?:want|would like) to )?be reminded\b|(?:i|we) (?:really |definitely |also |still |probably )*(?:need|have|must|ought|want|got|should|will|had better|better) (?:really |definitely |also |still |probably )*(?:to )?(?:remember to )?|(?:need|have|has|got|ought) to |(?:must|should) |i should remember|remember|note to self)\s*"
)


_ASKED_FOR = re.compile(
    r"(?:^|(?<=[\s,;:.!-]))(?:(?:can|could|would) you |please |just |so |then |i (?:want|need|would like) )*"
    r"(?:(?:make|create|set(?: up)?|add|open|put|give|log)(?: me| us)?(?: down| in)? )?(?:a |an |another |the )(?:new )?(?:task|reminder|to-?do)(?: for (?:me|us|PERSON))?"
    r"\s*(?:to\b|,|:|\s-|that\b|about\b)\s*(?=\w)"
)
"""That a task is wanted, said after what led to it: "I keep forgetting - make me a task to …"."""


def create_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    head = _TASK_HEAD.match(text) or _ASKED_FOR.search(text)
    owed = _OWED.match(text)
    if owed is not None:  # "I owe Ingrid an answer": to get her one
        made = create_task(sentence.cut(owed.end()).preceded_by("task:"), linker, caller, today)
        return Call(made.tool, {**made.args, "title": f"Get {made.args['title']}"}) if isinstance(made, Call) else made
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
    doer = _DOER.match(body.masked)
    if doer is not None:
        named = linker.people(body.cut(*doer.span(1)))
        if named and owner in ("me", named[0].value):
            owner, body = named[0].value, body.cut(doer.end())
    for _ in range(3):
        inner = _INNER_HEAD.match(body.masked)
        if inner is None or inner.end() == len(body.masked):
            break
        body = body.cut(inner.end())
    body = _without_ending(body)
    due = slots.start_or_due(sentence, today)
    repeats, first = _repeats(sentence, today)
    if repeats is not None:
        due = _first_day(sentence) or first or due
        body = _without_how_often(body)
    title = _imperative(_ON_LIST.sub("", _bare(slots.without_times(body))), body)
    of_month = _NTH_OF_MONTH.search(" ".join(mark.text for mark in sentence.of("DATE")))
    if of_month is not None and due is not None and due < today:
        due = _in_next_month(due) if of_month.group("place").lower().endswith("day") and " " in of_month.group("place") else due + relativedelta(months=1)
    if of_month is not None and repeats is None and _RECURRING.search(sentence.masked):
        repeats = "month"
    hours = _HOURS.search(" ".join(mark.text for mark in sentence.of("DATE")))
    if due is None and _HOURS.search(text):
        due = today
    if hours is not None and title and not re.search(re.escape(hours.group()), title, re.IGNORECASE):
        title = f"{title} {hours.group()}"
    if due is None:
        for mark in sentence.of("LENGTH"):
            if re.search(r"\bin (?:about )?$", text[: mark.start]):
                due = today + timedelta(days=slots.length_days(mark))
    title = title.strip('"') if re.fullmatch(r'"[^"]+"', title) else title
    title = _FOLLOW_UP.sub("Follow up", _ON_LIST.sub("", title))
    at = None if head is not None else next((found for mark in sentence.of("DATE") if (found := _AT.search(mark.text) or _CLOCK.search(mark.text))), None)
    if at is not None and title:
        said = at.group().strip()
        title = f"{title} {said if said.lower().startswith('at') else f'at {said}'}"
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
        if talked is not None and talked.name is not None:
            args["deal"] = talked.value
        elif talked is not None or re.search(r"\b(?:them|they|their|there)\b", text) or not title:
            about = linker.talked_about("account")
            if about is not None:
                args["account"] = about.value
    if not title or (re.fullmatch(r"(?i)(?:follow[- ]?up|check (?:in|back)|circle back|touch base|reach out)", title) and not contact and not account):
        about = linker.talked_about("contact") or linker.talked_about("account")
        if title and (about is None or about.name is None):
            return Call("create_task", {"title": title[:1].upper() + title[1:], **args})
        if about is None or about.name is None:
            return Plan(question=Asked(text="Remind you of what?"), waiting=Call("create_task", args), missing="title")
        kept = title if title and not _FOLLOWS.fullmatch(title) else "Follow up"
        title = f"{kept} {'to' if kept.lower() == 'reach out' else 'with'} {about.name.text}"
        if about.name.kind == "contact":
            args.pop("account", None)
            args["contact"] = about.value
    if owner != "me":
        args["owner"] = owner
    if repeats is not None:
        args["repeats"] = repeats
    return Call("create_task", {"title": title[:1].upper() + title[1:], **args})


_OWED = re.compile(r"^(?:(?:i|we) )?(?:still |also )*owe\s+(?=(?:CONTACT|ACCOUNT|her|him|them)\b)")
_INNER_HEAD = re.compile(
    r"^[\s,:;-]*(?:(?:do not (?:let me )?|never |(?:(?:i|we) )?(?:must|should) not )forget\b(?: to\b| about\b| that (?:i|we) (?:need|have) to\b)?|(?:please )?(?:remember|be sure|make sure)(?: to\b| that (?:i|we)\b| (?:i|we)\b)|(?:daily|weekly|monthly|quarterly|yearly|annually|biweekly|fortnightly)(?=\s*[,:;-])|(?:that |so )?(?:she|he|they) (?:should|must|needs? to|has to|have to) |(?:to |that |so |and )*(?:i|we) (?:really |also |still )*(?:need|have|must|ought|want|got|should|will|had better|better) (?:really |also |still )*(?:to )?(?:remember to )?|(?:please )?remind (?:me|us)(?: to| about| of)?|(?:(?:start(?:ing|s)?|begin(?:ning|s)?|first|from|for|on|by|due)(?: on| from)? )?(?:DATE|EVERY)(?: on(?:wards?)?)?(?=\s*(?:[,:;-]|(?:i|we|remind)\b)))\s*"
)
"""What may stand between the words for a task and what is to be done."""
_STARTS = re.compile(r"\b(?:start(?:ing|s)?|begin(?:ning|s)?|commencing|first(?: (?:one|time|due))?|from|as of|effective)(?: (?:on|from|with|the|is))* *$")
_GERUND = re.compile(
    r"^(calling|ringing|phoning|emailing|mailing|texting|messaging|meeting|visiting|sending|chasing|pinging|writing|preparing|prepping|reviewing|updating|checking|booking|following|fixing|finishing|drafting|setting|getting|asking|telling|inviting|"
    r"scheduling|arranging|contacting|reminding|thanking|signing|submitting|sharing|ordering|talking|speaking|reaching|cleaning|closing|paying|confirming|discussing|renewing|returning)(?= (?:CONTACT|ACCOUNT|DEAL|PERSON|the|a|an|my|our|their|his|her|him|them|back|up|out|in|on|to|with|for)\b)"
)


_DOER = re.compile(r"[\s,:;-]*(PERSON)(?: (?:needs|has|should|must|ought|will|is) (?:to )?|\s*:\s*)(?=[a-z])")
_TO_BE_ADDED = re.compile(r"\s*[,.;!-]+\s*(?:so |and |please |just )*(?:add|put|note|write|create|set|make|save) (?:it|that|this)(?: (?:in|down|up|please|for me))*\s*$")


_FROM_THE_NEXT = re.compile(r"\s*[,;-]?\s*(?:and )?(?:start(?:s|ing)?|begin(?:s|ning)?|from|first) (?:with |on |from |is )*(?:this |the |that )?(?:coming |next |following |very next )+(?:one|time)(?=\s*(?:$|EVERY|DATE))")
""" "Every Monday, starting this coming one": the first there is."""


def _without_ending(body: Sentence) -> Sentence:
    """Without the words at its end that only say that it is to be kept: "call Thomas. add it"."""
    begins = _FROM_THE_NEXT.search(body.masked)
    body = body.cut(0, begins.start()).followed_by(body.cut(begins.end())) if begins is not None else body
    said = _TO_BE_ADDED.search(body.masked)
    return body.cut(0, said.start()) if said is not None and said.start() > 3 else body


def _without_how_often(body: Sentence) -> Sentence:
    """Without the word that says how often, as it was meant and not as it was typed."""
    often = _HOW_OFTEN.search(body.masked)
    return body if often is None else body.cut(0, often.start()).followed_by(body.cut(often.end()))


def _first_day(sentence: Sentence) -> date | None:
    """The day from which something comes again, where one is said besides how often: "every two weeks, first on DATE"."""
    for mark in sentence.of("DATE"):
        if mark.time is not None and mark.time.start is not None and (
            _STARTS.search(sentence.masked[: mark.start]) or re.match(r"(?i)(?:starting|beginning|from|as of)\b", mark.text) or re.match(r"\s*on(?:wards?)?\b", sentence.masked[mark.end :])
        ):
            return _on_its_day(slots.day_of(mark.time.start), sentence)
    return None


def _on_its_day(day: date, sentence: Sentence) -> date:
    """ "Every Friday from next week on": the first Friday of it."""
    days = next((mark.time.every.weekdays for mark in sentence.of("EVERY") if mark.time is not None and mark.time.every is not None), ())
    while days and day.weekday() not in days:
        day += timedelta(days=1)
    return day


def _imperative(title: str, body: Sentence) -> str:
    """ "Calling Anna" as what to do: "call Anna"."""
    at = re.match(r"^[\s,:;-]*(?:(?:put|add|to|about|for|of) )?", body.masked)
    gerund = _GERUND.match(body.masked[at.end() if at is not None else 0 :])
    if gerund is None or not title.lower().startswith(gerund.group(1)):
        return title
    return f"{infinitive(gerund.group(1)) or gerund.group(1)}{title[gerund.end() :]}"


_HOW_OFTEN = re.compile(r"(?i)\b(?:on a )?(daily|weekly|monthly|quarterly|yearly|annually|biweekly|fortnightly)(?: basis)?\b:?")
_ADVERBS = {
    "daily": (1, "day"), "weekly": (1, "week"), "biweekly": (2, "week"), "fortnightly": (2, "week"), "monthly": (1, "month"),
    "quarterly": (1, "quarter"), "yearly": (1, "year"), "annually": (1, "year"),
}  # fmt: skip
_HOURS = re.compile(r"(?i)\b(?:between|from) \d{1,2}(?::\d\d)?(?: ?[ap]m)? (?:and|to|until|-) \d{1,2}(?::\d\d)?(?: ?[ap]m)?\b")
_ON_LIST = re.compile(r"(?i)^(?:put|add) (?=.+ (?:on|to) (?:my|the) )|put in (?=(?:call|email|ring|visit|meet|send|chase|text|review|prepare)\b)|^(?:i )?(?:gotta|got to|have to|need to|must|should) |\s*[,;-]+\s*(?:(?:as )?a )?(?:task|reminder|to-?do)(?: please)?(?=$| (?:between|from) \d)| (?:on|to) (?:my|the) (?:to-?do |task )?(?:list|agenda|calendar|plate|tasks|to-?dos|todos|reminders)$")
_FOLLOW_UP = re.compile(r"(?i)^(?:(?:create|add|make|set(?: up)?|schedule|put in|book) (?:a |an )?)?follow[- ]?up(?= with\b| on\b| about\b)")
_FOLLOWS = re.compile(r"(?i)follow[- ]?up")
_AT = re.compile(r"(?i)\bat \d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?(?:cet|cest|gmt|bst|utc|est|edt|pst|pdt|cst|cdt|ist))?\b|\bat noon\b")
"""When something is to be done, which the day of a task cannot hold."""
_CLOCK = re.compile(r"(?i)\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b")
_STEPS = {
    "day": relativedelta(days=1), "weekday": relativedelta(days=1), "week": relativedelta(weeks=1), "month": relativedelta(months=1),
    "quarter": relativedelta(months=3), "year": relativedelta(years=1),
}  # fmt: skip


_TWICE = {"year": ("6 months", relativedelta(months=6)), "quarter": ("6 weeks", relativedelta(weeks=6)), "month": ("2 weeks", relativedelta(weeks=2))}
"""What comes twice in a stretch of time."""


def _repeats(sentence: Sentence, today: date) -> tuple[str | None, date | None]:
    """How often a task comes again ("week", "2 weeks") and its first day."""
    for mark in sentence.of("EVERY"):
        every = mark.time.every if mark.time is not None else None
        if every is not None and every.unit in _STEPS:
            first = _next_weekday(today) if every.unit == "weekday" else None if every.weekdays or mark.time is None else today + _STEPS[every.unit] * every.interval
            if (every.day or every.nth) and mark.time is not None and mark.time.start is not None:
                first = slots.day_of(mark.time.start)  # "on the first of every month" begins there, not a month from today
            half = _TWICE.get(every.unit) if every.interval == 1 and mark.text.lower().startswith("twice ") else None
            if half is not None:
                return half[0], today + half[1]
            return f"{every.interval} {every.unit}s" if every.interval > 1 else every.unit, first
    often = _HOW_OFTEN.search(sentence.masked)
    if often is None or (often.start() and not re.search(r"\b(?:remind|reminder|task|to-?do|ping)\b", sentence.masked)):
        return None, None
    count, unit = _ADVERBS[often.group(1).lower()]
    return f"{count} {unit}s" if count > 1 else unit, today + _STEPS[unit] * count


_NTH_OF_MONTH = re.compile(r"(?i)\b(?P<place>(?:first|second|third|fourth|last) \w+day|(?:first|\d{1,2}(?:st|nd|rd|th)?)(?: day)?) of (?:the|this) month\b")
_RECURRING = re.compile(r"\b(?:recurring|repeating|regular)\b")


def _in_next_month(day: date) -> date:
    """The same weekday at the same place of the month after: "the first Monday of the month" once that has passed."""
    place = (day.day - 1) // 7
    first = day.replace(day=1) + relativedelta(months=1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * place)
    return found if found.month == first.month else found - timedelta(days=7)


def _next_weekday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday() if today.weekday() > 3 else 1)


def _bare(title: str) -> str:
    for _ in range(3):
        shorter = re.sub(
            r"^(?:to|about|for|that|of|me to|me|us to|called|titled|saying|regarding|re|concerning|due|by|on|at|,|:|-)(?:\s+|$)",
            "",
            title.strip(" ,.:;-"),
            flags=re.IGNORECASE,
        )
        if shorter == title:
            break
        title = shorter
    title = title.strip("\"") if title.count('"') in (0, 2) and title[:1] == '"' and title[-1:] == '"' else title
    title = re.sub(r"\s+(?:by|on|at|due|for|before|,)$", "", title.strip(" ,.:;-"), flags=re.IGNORECASE)
    return "" if re.fullmatch(r"(?i)(?:please|it|this|that|then)?", title) else title


_STILL_TO_DO = re.compile(r"\b(?:not|isn't|aren't|never|nothing|still|yet|to (?:be|get)|get(?:ting)?|needs? to be|has to be|have to be|should be|must be|un)(?: (?:yet|been|be|it|them|to be|to get|all))* ?(?:done|completed?|finished|closed|ticked off)\b")
""""Still to be done" are the open ones."""


def list_tasks(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call:
    text, args = sentence.masked, Args()
    args["owner"] = owners.owner(sentence, linker, caller)
    account = linker.account(sentence)
    if account is not None:
        args["account"] = account.value
    if re.search(r"\b(?:overdue|late|behind|missed|past due|past (?:the|its|their|his|her|my|a) (?:due|dead)\w*|slip(?:ped|ping)?|should (?:already )?have (?:been )?done|(?:should|must) i (?:already |by now )?have|expired)\b", text):
        args["overdue"] = True
    found = slots.period(sentence)
    if found is not None and "overdue" not in args:
        if found.since != found.until or found.since != today:
            slots.put_period(args, found, "due_since", "due_until")
        else:
            args["due_until"] = today.isoformat()
    elif found is None and re.search(r"\bmy day\b", text):
        args["due_until"] = today.isoformat()
    if re.search(r"\b(?:done|complete[d]?|finish(?:ed)?|closed|ticked off)\b", text) and not _STILL_TO_DO.search(text) and "overdue" not in args:
        args["status"] = "done"
    return Call("list_tasks", args)
