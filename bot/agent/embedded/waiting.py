"""The answer to what was asked back: an option by its words or its place, a typed name, a day, an amount, or a request of its own.

What reads as a request is never taken for the name that was asked for; what is neither is asked for again, with the same buttons.
"""

import re
from calendar import monthrange
from datetime import date, datetime

from rapidfuzz import fuzz

from bot.agent.embedded import corrected_proposals, pointing, slots
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.embedded.vocabulary import is_word
from bot.agent.memory import Made, Memory
from bot.cards import Asked, Option
from crm_store.names import Kind, winners
from crm_store.names.words import is_common

_NUMBER = re.compile(
    r"^(?:the |number |no\.? ?|option |#)?(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th|one|two|three|four|five|\d)(?: one| option| deal| account| person| contact)?$"
)
_COUNTS = {"two": 2, "three": 3, "four": 4}
_ORDER = {
    "first": 0, "1st": 0, "one": 0, "second": 1, "2nd": 1, "two": 1, "third": 2, "3rd": 2, "three": 2, "fourth": 3, "4th": 3, "four": 3, "fifth": 4, "5th": 4, "five": 4, "last": -1,
}  # fmt: skip
_LEFT = re.compile(
    r"^(?:(?:ah|aw|oh|nah|no|nope|ok|well|sorry|actually|hm+),? )*(?:(?:just )?(?:drop|forget|leave|skip|scrap|ignore|cancel|stop)(?: about)? (?:it|that|this|the \w+)|never ?mind|nvm|not (?:needed|necessary|now)|no need|does not matter|do not bother|no thanks|let us not)(?:,? (?:then|for now|please|thanks|not needed|no need|never ?mind|it is fine|all good|no biggie|no worries|no problem|no stress|mate|it is (?:ok|okay|nothing)))*$"
)
_LEFT_FOR = re.compile(r"^\W*(?:no|nah|ok|well|actually)?,? ?(?:forget|skip|never ?mind|leave|drop|scrap|ignore)(?: about)?(?: (?:the \w+|that|it|this))?\s*[,.;:–-]+\s*(?=\w)", re.IGNORECASE)
_BOTH = re.compile(r"^(?:(?:do|for|to|on|mark|move|push) )?(?:(?:them |those )?both(?: of (?:them|those|these|'?em))?(?: deals| ones)?|all(?: of (?:them|those|these|'?em|it))?|all (?:two|three|four|five)(?: of (?:them|those))?|them all|each(?: of them)?|every (?:single )?one(?: of them)?|the lot)$")
_SOME = re.compile(r"^(?:only |just )?(?:the )?(?P<end>first|top|last|bottom) (?P<count>two|three|four|[2-4])(?: (?:ones|deals|of (?:them|those)))?$")
_NEITHER = re.compile(r"^(?:no,? )?(?:neither|none|not (?:one|any))(?: of (?:them|those|these|'?em|the (?:two|three|above)))?$|^(?:it is )?(?:a (?:different|third) one|another one|somebody else|something else|someone else|not (?:those|these|them)|(?:it is )?not (?:in|on) (?:the|that) list)$")
_NOT = re.compile(r"^(?:no,? )?(?:not|anything but|all but|except) (?P<what>[^,]+?)(?:,? (?:but )?(?:the )?other(?: one| deal)?)?$")
_EXTREME = re.compile(r"^(?:the )?(\w+(?:er|est)) (?:one|deal)?$|^(?:the )?(\w+(?:er|est))$")
_OTHER_NAME = "Then which one is it? Type its name."
_DAY = re.compile(r"^(?:on |by |for |due )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\b")
_WITH = re.compile(r"\b(?:(?:i|we|it|just|my|the|our|had) )*(?:spoke|spoken|talked|chatted|met|called|rang|phoned|emailed|mailed|mail|email|message|letter|call|meeting|chat|talk|conversation)(?: (?:was|is|came))?(?: (?:to|with|up with|from|by))?\b")
"""How it is said with whom somebody talked, which is not told anew."""
_KINDS: dict[str, Kind] = {"account": "account", "contact": "contact", "contacts": "contact", "deal": "deal", "owner": "person", "team": "team", "stage": "stage"}
_MASKS: dict[str, tuple[MarkKind, ...]] = {"account": ("ACCOUNT",), "contact": ("CONTACT", "PERSON"), "deal": ("DEAL",), "person": ("PERSON", "CONTACT")}
_AROUND = re.compile(
    r"\b(?:(?:oh|ah|um+|hm+|er+|ok|okay|sorry|sry|yes|yeah|well|so|lol|haha),?|ofc|of course|obviously|obvs?|clearly|definitely|def|surely|probably not|(?:that|it|this)'?d be|(?:that|it|this) would be|would be|currently|still|in stage|i (?:think|guess|believe|suppose|say|would say|need|want)|(?:na|yaar|eh|innit|lah|leh|gell|oder|ja|aw)(?=\W*$)|no\?$|right\?$|its|duh|who else|was|were|thats|that's|guess|rather|should be|please|pls|thanks|thx|i (?:mean|meant)|it is|it was|that is|this is|make it|take|use|about|go with|let us (?:go with|take)|the|that|this|at|from|of|with|in|for|on|to|one|deal|account|guy|person|company|one's|called|named)\b"
)
_A_CLAUSE = re.compile(
    r"\b(?:i|we|you|they|he|she|it|her|him|them|us|me|my|our|is|are|was|were|has|have|had|did|do|does|can|could|will|would|should|not|what|who|when|where|why|how|which"
    r"|draft|send|write|show|list|log|note|call|email|move|push|set|remind|create|add|find|search|tell|give|delete|mark|update|prep|brief|any|status)\b"
)
_NAME_WORDS = 4
_NEAR_ENOUGH = 80
_TELLING = 4
"""Letters of a word that tells one option from another, at least."""
_NO_NAME = frozenset({"deal", "deals", "account", "contact", "stage", "that", "this", "they", "them", "with", "from"})
_LEFT_AT_ALL = re.compile(r"\b(?:forget (?:about )?it|never ?mind|nvm|leave it|skip it|drop it|scrap (?:it|that)|do not bother)\b")
_AGAIN = "I did not see which one that is. Choose one, or say “cancel”."


def wanted_instead(text: str, memory: Memory) -> str:
    """ "Forget the brief, log a call …" after a question: the message without what is no longer wanted."""
    return text if memory.open_call is None else _LEFT_FOR.sub("", text, count=1)


def answer(sentence: Sentence, memory: Memory, linker: Linker, now: datetime, *, likely: bool) -> Plan | None:
    """The waiting call, completed, when the message answers the last question; None when it is a new request. ``likely``: by all
    its words it is an answer, so that what is said around a name or a day does not matter."""
    waiting = memory.open_call
    if waiting is None:
        return None
    bare = sentence.cut(without_courtesies(sentence.masked))
    text = re.sub(r"[ ,]+(?:please|pls|thanks|thx|then)$", "", bare.masked.strip(" .!?,"))
    form = recognise(text)
    if (form is not None and form.family == "cancel") or _LEFT.match(text) or (likely and _LEFT_AT_ALL.search(text)):
        return Plan(say="Right, I left it.", reason="cancelled the question")
    if memory.options and _BOTH.match(text):
        made = [_call(waiting, option.value) for option in memory.options]
        return Plan(calls=tuple(made), reason=f"answer to {waiting.missing}: each")
    some = _SOME.match(text)
    if some is not None and len(memory.options) > (count := _COUNTS.get(some.group("count")) or int(some.group("count"))):
        found = memory.options[:count] if some.group("end") in ("first", "top") else memory.options[-count:]
        return Plan(calls=tuple(_call(waiting, option.value) for option in found), reason=f"answer to {waiting.missing}: several")
    if memory.options and _NEITHER.match(text):
        return Plan(question=Asked(text=_OTHER_NAME), waiting=Call(waiting.tool, waiting.args), missing=waiting.missing, reason="none of the options")
    chosen = _chosen(bare, text, memory.options) or _by_size(text, memory.options, linker) or (_told_apart(text, bare, memory.options) if likely else None)
    if chosen is not None:
        return Plan(calls=(_call(waiting, chosen.value),), reason=f"answer to {waiting.missing}")
    again = _corrected(sentence, memory, linker, now.date())
    if again is not None:
        return again
    typed = _typed(bare, text, memory, waiting, linker, now.date(), "" if likely or form is None else form.family, likely=likely)
    if typed is not None:
        return Plan(calls=(_call(waiting, typed),), reason=f"answer to {waiting.missing}")
    if memory.options and form is None and len(text.split()) <= 3 and not _A_CLAUSE.search(text) and not bare.marks:
        return Plan(question=Asked(text=_AGAIN, options=memory.options), waiting=Call(waiting.tool, waiting.args), missing=waiting.missing, reason="asked again")
    return None


def _by_size(text: str, options: tuple[Option, ...], linker: Linker) -> Option | None:
    """ "The bigger one", of deals whose amounts are known."""
    match = _EXTREME.match(text)
    best = None if match is None else pointing.extreme(match.group(1) or match.group(2), [option.value for option in options], linker.names)
    return next((option for option in options if option.value == best), None)


def _chosen(bare: Sentence, text: str, options: tuple[Option, ...]) -> Option | None:
    said = bare.text.strip()
    refused = _NOT.match(said.lower().strip(" .!?")) if len(options) == 2 else None
    if refused is not None:
        other = _chosen_by(re.findall(r"[\w'-]+", _AROUND.sub(" ", refused.group("what"))), options)
        return next((option for option in options if option is not other), None) if other is not None else None
    for option in options:
        if said in (option.value, option.label):
            return option
    number = _NUMBER.match(text)
    if number is not None and options:
        at = _ORDER.get(number.group(1), int(number.group(1)) - 1 if number.group(1).isdigit() else 0)
        return options[at] if -len(options) <= at < len(options) else None
    return _chosen_by(re.findall(r"[\w'-]+", _AROUND.sub(" ", said.lower())), options)


def _chosen_by(words: list[str], options: tuple[Option, ...]) -> Option | None:
    if not words or len("".join(words)) < 2 or len(words) > _NAME_WORDS + 2:
        return None
    holding = [option for option in options if all(_stands_in(word, option.label.lower()) for word in words)]
    if len(holding) == 1:
        return holding[0]
    scores = [max(fuzz.token_set_ratio(" ".join(words), option.label.lower()), 0.0) for option in options]
    best = max(scores, default=0.0)
    if best >= _NEAR_ENOUGH and sum(score >= best - 5 for score in scores) == 1:
        return options[scores.index(best)]
    return None


def _told_apart(text: str, bare: Sentence, options: tuple[Option, ...]) -> Option | None:
    """The one option that words of the message stand in and in no other ("the renewal, currently in Proposal")."""
    words = {word for word in re.findall(r"[\w'-]+", f"{text} {bare.text.lower()}") if len(word) >= _TELLING and word not in _NO_NAME}
    holding = [option for option in options if any(_stands_in(word, option.label.lower()) and not any(_stands_in(word, other.label.lower()) for other in options if other is not option) for word in words)]
    return holding[0] if len(holding) == 1 else None


def _stands_in(word: str, label: str) -> bool:
    return any(fuzz.ratio(word, other) >= _NEAR_ENOUGH + 5 for other in re.findall(r"[\w'-]+", label))


def _corrected(sentence: Sentence, memory: Memory, linker: Linker, today: date) -> Plan | None:
    """ "No wait, 95": the waiting call with another value, still waiting for what was asked."""
    assert memory.open_call is not None
    as_proposed = memory.model_copy(update={"calls": (memory.open_call,), "proposal_ids": ("",)})
    found = corrected_proposals.corrected(sentence, as_proposed, linker, today)
    calls = tuple(call for call in found.calls if call.tool == memory.open_call.tool) if found is not None else ()
    if len(calls) != 1 or calls[0].args == memory.open_call.args:
        return None
    return Plan(calls=calls, reason="the waiting call with another value")


def _typed(bare: Sentence, text: str, memory: Memory, waiting: Made, linker: Linker, today: date, family: str, *, likely: bool) -> object:
    """A typed value for the missing argument: a name, a day, an amount or a title; None where it reads as something else."""
    missing = waiting.missing
    kind = _KINDS.get(missing)
    if kind is not None:
        return _typed_name(bare, text, kind, memory, waiting, linker, family, likely=likely)
    if family not in ("", "task", "deal_details", "latest", "report", "list_deals"):
        return None
    if missing.endswith(("date", "due", "since")):
        when = slots.due(bare) or _day_of_month(text, today)
        return None if when is None or (len(text.split()) > _NAME_WORDS + 2 and not likely) else when.isoformat()
    if missing.endswith("amount_minor") and bare.of("MONEY"):
        money = bare.of("MONEY")[0].money
        return None if money is None else money.amount_minor
    if missing in ("task", "title", "name", "lost_reason", "next_step", "text") and not bare.masked.rstrip().endswith("?"):
        return bare.text.strip(" .!?,")
    return None


def _day_of_month(text: str, today: date) -> date | None:
    """ "28th": the next day of that number."""
    match = _DAY.match(text)
    day = int(match.group(1)) if match is not None else 0
    if not 1 <= day <= 31:
        return None
    months = ((today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1) for ahead in range(3))
    days = (date(year, month, day) for year, month in months if day <= monthrange(year, month)[1])
    return next((one for one in days if one >= today), None)


def _typed_name(bare: Sentence, text: str, kind: Kind, memory: Memory, waiting: Made, linker: Linker, family: str, *, likely: bool) -> str | None:
    marks = bare.of(*_MASKS.get(kind, ()))
    around = _AROUND.sub(" ", _WITH.sub(" ", text) if waiting.missing in ("contact", "contacts") else text)
    if len(marks) == 1 and ((likely and not _ends_a_name(text[: marks[0].start])) or re.fullmatch(rf"\W*{marks[0].kind}(?:'s)?\W*", around)):
        refs = {"account": linker.accounts, "contact": linker.contacts, "deal": linker.deals, "person": linker.people}[kind](bare)
        return refs[0].value if refs else None
    if family not in ("", "contact_details", "latest") or len(text.split()) > _NAME_WORDS + 1:
        return None
    words = re.sub(r"^(?:the |it is |for |at |on |to |with |i mean )+", "", bare.text.strip(" .!?,"), flags=re.IGNORECASE)
    near = waiting.args.get("account")
    best = winners(linker.names.find(kind, words, near if isinstance(near, str) else None))
    if len(best) == 1:
        return best[0].name.id
    named = (len(best) > 1 or not memory.options) if kind not in ("account", "contact") else _may_be_a_name(words)
    return words if words and named and not _A_CLAUSE.search(text) else None


def _ends_a_name(before: str) -> bool:
    """Whether the word before a name is no English: then it is a longer name, that nothing has ("Orion Labs")."""
    word = re.search(r"([a-z]{3,}) $", before)
    return word is not None and not is_common(word.group(1))


def _may_be_a_name(words: str) -> bool:
    """Whether somebody may be called so: it is in capitals, or not all of it is English."""
    return words[0].isupper() or not all(is_word(word) for word in re.findall(r"[a-z]+", words.lower()))


def _call(waiting: Made, value: object) -> Call:
    if waiting.missing == "contacts":
        have = waiting.args.get("contacts")
        value = [*(have if isinstance(have, list) else []), value]
    return Call(waiting.tool, {**waiting.args, waiting.missing: value})
