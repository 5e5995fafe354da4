"""A word on the proposal that waits: "no, 52k", "not Wednesday, Thursday", "oops, meant Negotiation", "48k, I mistyped".

The proposal is made anew with that one value replaced. What is left of the message once the words of correction and the value that
is taken back are out must be one value and nothing else; with one word more it is a request of its own.
"""

import re
from calendar import monthrange
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.grammar import CHANNEL
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.agent.memory import Made, Memory
from bot.cards import Asked

_CHANGEABLE: dict[str, tuple[str, str, str, str, str]] = {  # its day, amount, person, stage and forecast category
    "update_deal": ("close_date", "amount_minor", "owner", "stage", "forecast_category"),
    "create_deal": ("close_date", "amount_minor", "", "stage", ""),
    "create_task": ("due", "", "owner", "", ""),
    "update_task": ("due", "", "owner", "", ""),
    "change_deals": ("to_close_date", "to_amount_minor", "to_owner", "to_stage", "to_forecast_category"),
    "change_tasks": ("to_due", "", "to_owner", "", ""),
    "log_interaction": ("at", "", "", "", ""),
}
_WHAT = r"(?:DATE|MONEY|PERSON|CONTACT|(?:the )?(?:DEAL|ACCOUNT)|me|mine|\d+(?:[.,]\d+)?k?|[a-z-]+(?: case)?)"
_RIGHT = re.compile(
    r"^(?:(?:all|everything|the rest|rest)(?: is)? (?:good|fine|right|correct|ok|okay)|(?:close|almost|nearly(?: right)?)|(?:the )?(?:amount|value|number|stage|date|day|owner|title|rest|task|deal|name)s? (?:is|are|looks?) (?:right|correct|fine|good|ok|okay|spot on)|right (?:amount|stage|date|deal|task))"
    r"[\s,;-]*(?:but|only|just|except(?: for)?(?: the (?:date|day|amount|stage|owner|category|forecast))?)?(?:\s+(?:that|it is|it's))?(?:\s+only)?\b"
)
"""Says what of the proposal may stay: "amount is right but …"."""
_SAID = re.compile(
    r"\b(?:(?:yes|yep|yeah|yup|ok|okay|sure|fine|right|good|perfect|great)(?=,? (?:no|nah|but|and|only|just|with|make|for|on|to|at|by|DATE|MONEY|PERSON)\b)|(?<=\bbut )(?:only|just|rather|better|also)|(?<=\band )also|no+|nope|nah|oh|ah|ach|sorry|wait|hang on|hold on|hm+|actually|well|rather|oops|whoops|ugh|damn|argh|my (?:bad|mistake|fault)|correction|typo(?: of mine| on my (?:side|end))?|wrong|edit(?: (?:it|that))?|(?:it|that|this) was(?= (?:DATE|CONTACT|on\b|at\b|in\b))|"
    r"(?:that|this|it) (?:was|is) (?:wrong|not right|a typo|a mistake|not (?:what|the one) i (?:meant|wanted))|(?:i )?(?:mistyped|misspoke|misread|typed (?:it )?wrong|got (?:it|that) wrong)|fat fingers?|silly me|my typo|i said (?:it|that) wrong|mate|(?:for|on) (?:that|the|this) (?:call|meeting|task|one)|"
    r"i (?:said|told you|asked for)|(?:give|hand|assign|pass|leave|keep) (?:it|that|this)(?: over)?(?= (?:to|with|for)\b)|i (?:mean|meant|wanted|want)(?: (?:to (?:say|type|write)|it to be))?|meant(?: to (?:say|type|write))?|what i meant (?:is|was)|"
    r"(?:please )?(?:make|change|set|put|switch|correct|move|turn) (?:(?:it|that|this)(?: one)?|the (?:stage|amount|value|date|close date|due date|owner|category|forecast))|(?:should|shall|will|can|must) (?:do|take|handle|get|own|have) (?:it|that|this)|(?:it|that|this|the (?:amount|date|stage|owner|close date|due date|value))?(?: one)? ?(?:should|must|has to|needs to|ought to)(?: rather)? (?:be|have been|read|say|go)|"
    r"let us (?:say|make (?:it|that)|go (?:with|for))|better|instead|then|please|pls|thanks|it is|that is|is (?:better|correct|right|what i meant)|would be better|works better|of course)\b"
)
_OLD = re.compile(rf"\b(?:and )?(?:not|instead of|rather than|than(?= DATE)|in place of|as opposed to) (?:to |in |on |at |the |by |for |an? )*{_WHAT}(?: deal)?")
_AROUND = re.compile(r"\b(?:to|at|on|for|in|as|by|the|be|is|a|an|stage|amount|close date|closing date|due date|date|owner|forecast|category|with|into|of|and|but|so|it|that|deal|day|was|one|said)\b")

_WRONG_ONE = re.compile(r"(?:(?:no+|nah|nope|sorry|oops|wait),? )*(?:(?:it is |that is |that was )?(?:not|never) (?:that|this|the right) (?:one|deal|account|contact|person|guy|task)|(?:that is |it is |that was )?(?:the )?wrong (?:one|deal|account|contact|person|guy|task))")
_TARGETS = {"update_deal": "deal", "update_contact": "contact", "log_interaction": "contacts", "complete_task": "task", "set_role": "contact", "record_consent": "contact"}
"""What a change is of."""
_QUOTED = re.compile(r"^(?:(?:no|nah|actually|sorry|wait|rather|better|make (?:it|that)|make it say|say|i meant|it should (?:say|be|read)|change (?:it|that) to)[,:; ]*)+[\"“](?P<words>[^\"”]+)[\"”]$")
_WORDS = {"update_deal": ("next_step", "lost_reason"), "create_task": ("title",), "log_interaction": ("text",)}
"""What is said in words of one's own, and may be said anew in quotation marks."""
_OF_MANY = frozenset({"change_deals", "change_tasks", "change_accounts"})
_SPARED = re.compile(r"(?:(?:no|ok|okay|yes|yeah|all|but|and|just|please|them),? )*(?:except(?: for)?|but not|not|without|leave out|leaving out|excluding|exclude|skip|spare|keep|apart from|other than|drop|take out|remove)(?: (?:the|my|for|and|or|,|DEAL|ACCOUNT|CONTACT)(?:'s)?(?: deals?| renewal)?,?)+(?: (?:out|out of it|off|alone|as (?:it )?is|though|please|from (?:it|that|this|the list)))*")
"""Names what is to be left out of a change of many."""
_ONLY_A_DAY = re.compile(r"(?:on |by |for )?(?:the )?(\d{1,2})(?:st|nd|rd|th)$")
_HOUR = r"\d{1,2}(?:[:.]\d\d)?(?: ?(?:am|pm|uhr|o'clock))?"


def corrected(sentence: Sentence, memory: Memory, linker: Linker, today: date) -> Plan | None:
    """The proposal that waits, made anew with one value replaced; None when the message is none of that."""
    sentence = sentence.cut(without_courtesies(sentence.masked)) if sentence.masked.startswith(("please", "ok", "hey", "hi")) else sentence
    text = sentence.masked.strip(" .!?")
    if len(memory.proposal_ids) != 1 or not memory.calls or len(text.split()) > 14 or sentence.masked.rstrip().endswith("?"):
        return None
    last = memory.calls[-1]
    if last.tool not in _CHANGEABLE:
        return None
    spared = _SPARED.fullmatch(text) if last.tool in _OF_MANY else None
    if spared is not None:
        refs = [*linker.deals(sentence), *linker.accounts(sentence), *linker.contacts(sentence)]
        before = last.args.get("excluding")
        excluding = [*(before if isinstance(before, list) else []), *dict.fromkeys(ref.value for ref in refs)]
        return Plan(calls=(Call("reject_proposal", {"proposal": memory.proposal_ids[0]}), Call(last.tool, {**last.args, "excluding": excluding})), reason="the waiting proposal without some")
    if _WRONG_ONE.fullmatch(text) and last.tool in _TARGETS:
        target = _TARGETS[last.tool]
        others = {key: value for key, value in last.args.items() if key not in (target, "account", "deal", "contact")}
        return Plan(
            calls=(Call("reject_proposal", {"proposal": memory.proposal_ids[0]}),), question=Asked(text=f"Which {target.removesuffix('s')} is it then?"), waiting=Call(last.tool, others),
            missing=target, reason="the waiting proposal was of another one",
        )  # fmt: skip
    quoted = _QUOTED.match(text)
    if quoted is not None:
        words = sentence.verbatim(quoted.start("words"), quoted.end("words")).strip()
        field = next((key for key in _WORDS.get(last.tool, ()) if isinstance(last.args.get(key), str)), None)
        return None if field is None else Plan(calls=(Call("reject_proposal", {"proposal": memory.proposal_ids[0]}), Call(last.tool, {**last.args, field: slots.capitalised(words)})), reason="the waiting proposal in other words")
    bare = _SAID.sub(" ", _OLD.sub(lambda match: " " * len(match.group()), _RIGHT.sub(lambda match: " " * len(match.group()), text)))
    told = bare.split() != text.split()
    rest = " ".join(re.sub(r"[^\w\s'-]", " ", _AROUND.sub(" ", bare)).split()).strip(" -")
    if not rest:
        return None
    gone = [match.span() for match in _OLD.finditer(text)]
    kept = [mark for mark in sentence.marks if not any(start <= mark.start < end for start, end in gone)]
    new = _value(rest, sentence, kept, last, linker, today)
    if new is None or (not told and not set(new) <= set(last.args)):
        return None
    again = Call(last.tool, {**last.args, **new})
    aside = Call("reject_proposal", {"proposal": memory.proposal_ids[0]})
    return Plan(calls=(aside, again), reason="the waiting proposal corrected")


def _value(rest: str, sentence: Sentence, kept: list[Mark], last: Made, linker: Linker, today: date) -> Args | None:
    """The one argument that ``rest`` gives anew."""
    day, amount, person, stage_field, category_field = _CHANGEABLE[last.tool]
    kinds = {mark.kind for mark in kept}
    if rest == "DATE" and re.fullmatch(rf"(?:at )?{_HOUR}", kept[0].text.strip().lower()):
        return _at_another_hour(kept[0].text.strip().lower().removeprefix("at "), last)
    if re.fullmatch(r"DATE(?: DATE)*", rest) and day and kinds == {"DATE"}:
        if last.tool == "log_interaction":
            past = slots.past_period(sentence.cut(kept[-1].start, kept[-1].end), today)
            return None if past is None or past.since is None else {day: past.since.isoformat()}
        days = {slots.due(sentence.cut(mark.start, mark.end)) for mark in kept}
        when = days.pop() if len(days) == 1 else None
        before = last.args.get(day)
        if len(kept) == 1 and isinstance(before, str) and (number := _ONLY_A_DAY.match(kept[0].text.strip().lower())) is not None:
            when = _in_the_same_month(int(number.group(1)), date.fromisoformat(before[:10])) or when
        return None if when is None else {day: when.isoformat()}
    if rest == "LENGTH" and isinstance(shift := last.args.get("shift_days"), int):
        return {"shift_days": slots.length_days(kept[0]) * (1 if shift > 0 else -1)}
    if rest == "MONEY" and amount and len(kept) == 1 and (money := kept[0].money) is not None and money.low is None:
        said = {"currency": money.currency} if money.currency is not None and last.tool != "change_deals" else {}
        return {amount: money.amount_minor, **said}
    if rest in ("me", "mine", "PERSON") and person:
        people = linker.people(sentence.cut(kept[0].start, kept[0].end)) if rest == "PERSON" else []
        return {person: people[0].value} if people else {person: "me"} if rest != "PERSON" else None
    if re.fullmatch(r"CONTACT|DEAL|ACCOUNT", rest) and len(kept) == 1:
        return _other(rest, sentence.cut(kept[0].start, kept[0].end), last, linker)
    if (timed := _at_another_hour(rest, last)) is not None:
        return timed
    if amount and re.fullmatch(r"\d{1,4}(?:\.\d)?", rest) and isinstance(before := last.args.get(amount), int):
        return {amount: round(float(rest) * _unit(before, float(rest)))}
    if re.search(r"[A-Z]", rest):
        return None
    if category_field and len(rest.split()) <= 2 and (category := slots.forecast_category(rest) or ("pipeline" if rest == "pipeline" else None)) is not None:
        return {category_field: category}
    if last.tool == "log_interaction" and re.fullmatch(CHANNEL, rest) and (means := slots.channel(rest)) is not None:
        return {"channel": means}
    if stage_field and len(rest.split()) <= 3 and (stage := slots.known_stage(rest, linker)) is not None and len(rest.split()) == len(stage.split()):
        return {stage_field: stage}
    return None


def _in_the_same_month(number: int, before: date) -> date | None:
    """ "The 22nd" after 15 January is in January."""
    return before.replace(day=number) if 1 <= number <= monthrange(before.year, before.month)[1] else None


def _at_another_hour(rest: str, last: Made) -> Args | None:
    """ "Make it 10" of a task whose title says at what time."""
    title = last.args.get("title")
    if not isinstance(title, str) or last.tool != "create_task" or re.fullmatch(_HOUR, rest) is None:
        return None
    again, found = re.subn(rf"\bat {_HOUR}(?!\w)", f"at {rest}", title, count=1, flags=re.IGNORECASE)
    if not found and re.fullmatch(r"\d{1,2}", rest):
        return None
    return {"title": again if found else f"{title} at {rest}"}


def _unit(before: int, number: float) -> int:
    """What a bare number counts in, by the amount it takes the place of: "no, 95" after 90k is 95 thousand."""
    return next((unit for unit in (100, 100_000, 100_000_000) if before <= 10 * number * unit), 100_000_000)


def _other(kind: str, piece: Sentence, last: Made, linker: Linker) -> Args | None:
    """Another contact, deal or account than the one that was understood; a title that names the first one names the other."""
    if kind == "DEAL":
        deals = linker.deals(piece)
        return {"deal": deals[0].value} if "deal" in last.args and deals and last.tool == "update_deal" else None
    if kind == "ACCOUNT" and last.tool == "update_deal" and "account" not in last.args:
        held = linker.deal(piece, guess=False)
        return {"deal": held.value} if held is not None and held.name is not None and "deal" in last.args else None
    found: list[Ref] = linker.contacts(piece) if kind == "CONTACT" else linker.accounts(piece)
    key = "contacts" if kind == "CONTACT" and "contacts" in last.args else kind.lower()
    if not found or found[0].name is None or key not in last.args:
        return None
    new: Args = {key: [found[0].value] if key == "contacts" else found[0].value}
    title, before = last.args.get("title"), linker.names.get(str(last.args[key]))
    if isinstance(title, str):
        named = next((words for words in (before.text, before.text.split()[0]) if words.lower() in title.lower()), None) if before is not None else None
        if named is None:
            return None
        new["title"] = re.sub(re.escape(named), found[0].mark.text if found[0].mark is not None else found[0].name.text, title, flags=re.IGNORECASE)
    return new
