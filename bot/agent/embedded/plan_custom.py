"""Requests about the fields that the company added, by their labels: read one, set one, list by one, report by one.

Nothing is known of any field beforehand: the labels and choices come with the names of the record. A label is often an
ordinary word, so a form is taken only where the words around the label leave no doubt.
"""

import re
from datetime import date

from bot.agent.embedded import field_forms as forms
from bot.agent.embedded import owners, plan_figures, replies, slots, strangers
from bot.agent.embedded.field_words import Named, named_fields, said_after, value_said
from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plan_deals import deal_status
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked, Option
from crm_store.custom_fields import Definition
from crm_store.models import CustomKind
from crm_store.people import Caller


def made(sentence: Sentence, mood: Mood, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The plan for a request about an added field; None when it is none, or may be about something else."""
    if not linker.names.fields:
        return None
    there = named_fields(sentence, linker.names.fields)
    if not there:
        return _all(sentence, linker)
    if not sentence.of("ACCOUNT", "CONTACT", "DEAL"):
        marked = strangers.marked(sentence)
        if len(again := named_fields(marked, linker.names.fields)) == len(there) and not any(
            mark.start < each.end and each.start <= mark.end for mark in marked.of("STRANGER") for each in again
        ):
            sentence, there = marked, again
    first = there[0]
    if mood == "command":
        written = _written(sentence, first, linker)
        if written is not None:
            return written
    elif mood in ("conditional", "negated"):
        return _held_back(sentence, first, mood)
    for plan in (
        _listed(sentence, first, linker, caller), _reported(sentence, there, linker, caller, today),
        _read(sentence, first, linker),
    ):  # fmt: skip
        if plan is not None:
            return plan
    return None


def _all(sentence: Sentence, linker: Linker) -> Plan | None:
    """ "What are the custom fields of Halden?" """
    if not forms.ALL_FIELDS.search(sentence.masked):
        return None
    marks = sentence.of("DEAL", "CONTACT", "ACCOUNT", "STRANGER")
    entity = {"STRANGER": "account"}.get(marks[0].kind, marks[0].kind.lower()) if marks else ""
    refs = {"account": linker.accounts, "deal": linker.deals, "contact": linker.contacts}
    ref = next(iter(refs[entity](sentence)), None) if entity else None
    if ref is None:
        return None
    return Plan(calls=(Call("record_fields", {"entity": entity, "record": ref.value}),), confidence=0.9, reason="record_fields")


def _held_back(sentence: Sentence, named: Named, mood: Mood) -> Plan | None:
    written = re.search(r"\b(?:set|change|update|mark|put|clear)\b", sentence.masked[: named.start])
    if written is None:
        return None
    return replies.conditional(sentence.text) if mood == "conditional" else Plan(say=replies.NOTHING_DONE, reason="negated")


def _written(sentence: Sentence, named: Named, linker: Linker) -> Plan | None:
    text = sentence.masked
    stated = forms.STATED.match(text[named.end :]) and (
        forms.OWNED.search(text[: named.start]) or forms.OF.match(text[named.end :]) or not text[: named.start].strip(" the")
    )
    clears = forms.CLEAR.match(text)
    if not (forms.SET.match(text) or clears or stated):
        return None
    definition, ref = _record(sentence, named, linker)
    if ref is None and not stated and not re.match(r"^(?:set|change|update|clear|empty|reset)\b", text):
        return None
    args: Args = {"entity": definition.entity, "field": definition.name}
    if ref is not None:
        args["record"] = ref.value
    value = "" if clears else value_said(definition, sentence, named) or said_after(sentence.cut(named.end))
    if value is None and definition.kind is CustomKind.FLAG and forms.SET.match(text):
        value = "yes"
    if value is not None:
        args["value"] = value
    if ref is None:
        asked = Asked(text=f"On which {definition.entity}?")
        return Plan(question=asked, waiting=Call("set_field", args), missing="record", reason="set_field")
    if value is None:
        options = tuple(Option(label=choice, value=choice) for choice in definition.choices[:5])
        asked = Asked(text=f"What shall I put as {definition.label}?", options=options)
        return Plan(question=asked, waiting=Call("set_field", args), missing="value", reason="set_field")
    return Plan(calls=(Call("set_field", args),), confidence=0.9, reason="set_field (a label)")


def _read(sentence: Sentence, named: Named, linker: Linker) -> Plan | None:
    text = sentence.masked
    before, after = text[: named.start], text[named.end :]
    owned = forms.OWNED.search(before) or forms.HAS.match(before) or _typed(sentence, named)
    if not (owned or forms.OF.match(after)) or not (forms.ASKED.match(text) or before.strip() in ("", "the")):
        return None
    if _asks_more(after):
        return None
    definition, ref = _record(sentence, named, linker)
    if ref is None:
        return None
    args: Args = {"entity": definition.entity, "record": ref.value, "field": definition.name}
    return Plan(calls=(Call("record_fields", args),), confidence=0.9, reason="record_fields (a label)")


def _asks_more(after: str) -> bool:
    """Whether something is asked beyond the value itself: a split, or what it was or became."""
    return re.search(r"\b(?:by|per|changed?|since|because|why|and)\b", after) is not None


def _listed(sentence: Sentence, named: Named, linker: Linker, caller: Caller) -> Plan | None:
    text = sentence.masked
    before, after = text[: named.start], text[named.end :]
    subject = _subject(before)
    if subject is None or forms.BY.search(before) or any(re.search(pattern, before) for _, pattern in forms.MEASURES[:4]):
        return None
    definition = _for(named, subject)
    ranged = _range(definition, sentence) if definition.kind is CustomKind.DATE else None
    value = value_said(definition, sentence, named) if definition.kind is not CustomKind.FLAG else None
    joined = forms.JOINED.search(before[_end_of_subject(before) :])
    if forms.WITHOUT.search(before) or forms.EMPTY.match(after):
        how = "is" if definition.kind is CustomKind.FLAG else "is_empty"
        value = "no" if how == "is" else None
    elif joined is None:
        return None
    elif definition.kind is CustomKind.FLAG:
        how, value = "is", value_said(definition, sentence.cut(0, named.end), named) or value_said(definition, sentence, named) or "yes"
    elif ranged is not None:
        how, value = ranged
    elif value is None:
        if definition.kind is CustomKind.TEXT and (words := _bare_value(sentence, named)):
            how, value = "contains", words
        elif after.strip(" ?.!") or not re.search(r"\b(?:with|have|has|having)(?: an?| the| any)?\s*$", before):
            return None
        else:
            how = "is_known"
    else:
        how = _how(definition, before, after)
    args: Args = {"subject": subject, "field": definition.name, "how": how}
    if value is not None:
        args["value"] = value
    args["owner"] = owners.owner(sentence, linker, caller, "team" if caller.manages else "me")
    if subject == "deals":
        args["status"] = deal_status(_without(sentence, [named]).masked)
    return Plan(calls=(Call("list_by_field", args),), confidence=0.9, reason="list_by_field (a label)")


def _reported(
    sentence: Sentence, there: list[Named], linker: Linker, caller: Caller, today: date
) -> Plan | None:
    text = sentence.masked
    group = next((each for each in there if forms.BY.search(text[: each.start])), None)
    measured = next(((each, how) for each in there if each is not group and (how := _measured(text, each))), None)
    if measured is not None and measured[0].start == there[0].start and sentence.of("ACCOUNT", "DEAL", "CONTACT"):
        return None  # one record's value, or a list
    if group is None and measured is None:
        return None
    rest = _without(sentence, there)
    usual = plan_figures.report(rest, linker, caller, today)
    if isinstance(usual, Plan):
        return None
    args = dict(usual.args)
    if measured is not None:
        field = measured[0].fields[0]
        subject = _subject(rest.masked) or ""
        chosen = next((each for each in measured[0].fields if f"{each.entity}s" == subject), field)
        args |= {"subject": f"{chosen.entity}s", "measure": f"{chosen.key}.{measured[1]}"}
        args.pop("status", None)
    elif (counted := _subject(rest.masked)) is not None:
        args["subject"] = counted
        if counted != "deals":
            args.pop("status", None)
    if group is not None:
        of = _for(group, str(args["subject"]))
        args["group_by"] = of.key if f"{of.entity}s" == args["subject"] else f"account.{of.name}"
        if of.kind is CustomKind.DATE:
            unit = re.search(r"\b(week|month|quarter|year)s?\b", rest.masked)
            args["group_by"] = f"{args['group_by']}.{unit.group(1) if unit else 'month'}"
    return Plan(calls=(Call("report", args),), confidence=0.9, reason="report (a label)")


def _without(sentence: Sentence, there: list[Named]) -> Sentence:
    """The sentence without its labels, whose words ("renewal", "date") would be read as something else."""
    rest, at = sentence.cut(0, there[0].start), 0
    for number, each in enumerate(there):
        at = there[number + 1].start if number + 1 < len(there) else len(sentence.masked)
        rest = rest.followed_by(sentence.cut(each.end, at))
    return rest


def _range(definition: Definition, sentence: Sentence) -> tuple[str, str] | None:
    """How a field's day is compared with the days that are said."""
    days = slots.period(sentence)
    if days is None:
        return None
    if days.since is not None and days.until is not None:
        if days.since == days.until:
            return None
        return "between", f"{days.since.isoformat()} to {days.until.isoformat()}"
    return ("at_least", days.since.isoformat()) if days.since else ("at_most", days.until.isoformat()) if days.until else None


def _measured(text: str, named: Named) -> str | None:
    if not any(each.kind in (CustomKind.NUMBER, CustomKind.MONEY) for each in named.fields):
        return None
    return next((name for name, pattern in forms.MEASURES if re.search(pattern, text[: named.start])), None)


def _record(sentence: Sentence, named: Named, linker: Linker) -> tuple[Definition, Ref | None]:
    """The field meant, of those that share the label, and the record it is asked of."""
    text = sentence.masked
    order = [kind.lower() for kind in ("DEAL", "CONTACT", "ACCOUNT") if kind in {mark.kind for mark in sentence.marks}]
    order += [word for word in ("deal", "contact", "case", "order", "account") if re.search(rf"\b{word}\b", text)]
    by_entity = {each.entity: each for each in named.fields}
    definition = next((by_entity[entity] for entity in order if entity in by_entity), named.fields[0])
    typed = _typed(sentence, named)
    if typed is not None and not sentence.of("ACCOUNT", "DEAL", "CONTACT", "STRANGER"):
        return definition, Ref(typed)
    its = re.search(r"\b(?:its|their|his|her) (?:current |latest )?$", text[: named.start]) is not None
    match definition.entity:
        case "account":
            return definition, linker.account(sentence) or (linker.talked_about("account") if its else None)
        case "deal":
            return definition, linker.deal(sentence)
        case "contact":
            return definition, linker.contact(sentence) or (linker.talked_about("contact") if its else None)
    number = forms.NUMBERED.search(text)
    return definition, None if number is None else Ref(sentence.verbatim(number.start(1), number.end(1)))


def _typed(sentence: Sentence, named: Named) -> str | None:
    """A name in capitals that nothing has, right before the label or after it."""
    before = forms.BEFORE_LABEL.search(sentence.clean[: sentence.origin[named.start]])
    after = forms.AFTER_LABEL.match(sentence.clean[sentence.origin[named.end] :])
    found = before or after
    return None if found is None else found.group(1)


def _for(named: Named, subject: str) -> Definition:
    """Of the fields that share the label, the subject's own, else the account's."""
    by_entity = {f"{each.entity}s": each for each in named.fields}
    return by_entity.get(subject) or by_entity.get("accounts") or named.fields[0]


def _subject(text: str) -> str | None:
    return next((name for name, pattern in forms.SUBJECTS if re.search(pattern, text)), None)


def _end_of_subject(text: str) -> int:
    return min(found.end() for _, pattern in forms.SUBJECTS if (found := re.search(pattern, text)) is not None)


def _how(definition: Definition, before: str, after: str) -> str:
    found = next((name for name, pattern in forms.HOW if re.search(pattern, after)), None)
    found = found or next((name for name, pattern in forms.MORE_BEFORE if re.search(pattern, before)), None)
    if found is None or (definition.kind in (CustomKind.CHOICE, CustomKind.TEXT) and found != "is_not"):
        return "is"
    if definition.kind is not CustomKind.DATE:
        return {"before": "at_most", "after": "at_least"}.get(found, found)
    return found


def _bare_value(sentence: Sentence, named: Named) -> str | None:
    after = sentence.cut(named.end)
    words = re.match(r"^(?:is |of |containing |with |like |= ?|: ?)?([\w' -]+)$", after.masked.strip(" ?.!"))
    return after.verbatim(words.start(1), words.end(1)).strip() or None if words is not None else None


__all__ = ["made"]
