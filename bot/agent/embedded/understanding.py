"""A message -> a plan: read, link, plan, check.

Grammar decides where it is sure; the classifier where it is not. A write needs a command or a statement: a question, a
condition or a negation never becomes one.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from langchain_core.embeddings import Embeddings

from bot.agent.embedded import (
    answers,
    checking,
    corrections,
    follow_ups,
    plan_bulk,
    plan_custom,
    plan_deals,
    plan_drafts,
    plan_evidence,
    plan_figures,
    plan_log,
    plan_managers,
    plan_only_if,
    plan_passages,
    plan_people_data,
    plan_reads,
    plan_records,
    plan_tasks,
    plan_updates,
    replies,
    stated_values,
    strangers,
    unheard,
)
from bot.agent.embedded.grammar import Form, mood_of, recognise
from bot.agent.embedded.intents import Guess, Guessed, Intents
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plan_reads import Maker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.segments import requests_of, time_last
from bot.agent.embedded.sentence import MarkKind, Sentence, read_sentence
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Names
from crm_store.people import Caller

_ANCHORS: tuple[MarkKind, ...] = ("ACCOUNT", "CONTACT", "DEAL", "PERSON", "RIVAL", "PRODUCT")
_MENTIONED = re.compile(
    r"^(?:search|look for|dig up)\b(?! me\b)|^find\b.*\b(?:notes|calls|emails|mentions?|meetings|conversations)\b|^(?:and )?(?:has|have|did|was|were)\b.*\b(?:mention(?:ed)?|brought up|bring up|come up|came up|raised?|talked about)\b"
)
"""Asks what was said to us, whatever it was about: nothing mentioned is an answer, and no topic is out of scope."""
_POINTS_BACK = re.compile(r"\b(?:it|that|this|her|him|she|he|they|them|their|there|deal|renewal)\b")
_TO_BE_KEPT = re.compile(
    r"^(?:remind|task|todo|to-do|reminder|log|note|record|create|add|follow|mark|move|undo|set (?:a|the|up|my)|cross|tick|check off|done|completed|finished|new)\b"
)
_DEAL_FIELD = re.compile(r"\b(?:amount|close date|closing date|forecast|next step|deal)\b")
_SAID_OUTRIGHT = frozenset({"help", "draft", "standing", "what_changed", "create_account"})
FOREIGN = 0.45
"""From this probability on, a sentence without any name of the record is taken to be about something else."""
FOREIGN_FORM = 0.5
"""The same where the grammar knows the sentence form."""
FOREIGN_STRANGER = 0.75
"""The same where a name that nothing matches stands in the place of an account."""
SURE = 0.35
"""Below this probability the classifier's choice is not followed; on wordings by other hands 0.35 did better than 0.5."""
HALF_SURE = 0.3
SURE_OF_NAMES = 0.4
"""The same for a question that names something of the record: looking at the wrong side of it does no harm."""

_WRITES: Mapping[str, Maker] = {
    "log": plan_log.log, "update_deal": plan_updates.update_deal, "task": plan_tasks.create_task, "complete": plan_tasks.complete_task,
    "create_contact": plan_records.create_contact, "create_deal": plan_records.create_deal, "create_account": plan_records.create_account,
    "update_contact": plan_records.update_contact, "set_role": plan_records.set_role,
}  # fmt: skip
_READS: Mapping[str, Maker] = {
    "latest": plan_reads.latest, "brief": plan_reads.brief, "people": plan_reads.people, "contact_details": plan_reads.contact_details,
    "consent": plan_reads.consent, "promises": plan_reads.promises, "last_touch": plan_reads.last_touch, "timeline": plan_reads.timeline,
    "passages": plan_passages.passages, "purchases": plan_reads.purchases, "cases": plan_reads.cases, "deal_details": plan_reads.deal_details,
    "draft": plan_drafts.draft, "list_deals": plan_deals.list_deals, "list_accounts": plan_deals.list_accounts, "report": plan_figures.heard, "slips": plan_figures.slips, "tasks": plan_tasks.list_tasks,
}  # fmt: skip
_OF_ACCOUNTS = frozenset(_READS) - {"passages", "consent", "draft"} | {"what_changed", "next_actions", "team_week"}
"""Families in which a name that nothing matches is taken for an account."""
_SEEN = frozenset({"latest", "deal_details", "list_deals", "cases", "standing", "next_actions", "what_changed", "purchases"})
"""Families whose words may as well be those of a deal's new value ("Meridian is now best case")."""
_ANSWERS = frozenset({"confirm", "cancel", "undo", "thanks", "greeting", "help", "out_of_scope"})


def understand(
    text: str,
    *,
    caller: Caller,
    now: datetime,
    memory: Memory,
    names: Names,
    embeddings: Embeddings,
    settings: Settings,
) -> Plan:
    """What to do about a message. Never raises on any text; ``now`` is aware."""
    local = now.astimezone(caller.zone)
    sentence = read_sentence(text, names, local, settings)
    if not re.search(r"\w", sentence.masked):
        shown = answers.by_sign(text, memory) if memory.proposal_ids else None
        return shown or Plan(say=replies.EMPTY, understood=False, confidence=1.0, reason="empty")
    changed = follow_ups.corrected(sentence, memory, Linker(names, memory, caller.person_id))
    if changed is not None:
        return changed
    meant = corrections.corrected(sentence)
    if meant is not None:
        sentence = read_sentence(meant, names, local, settings)
    linker = Linker(names, memory, caller.person_id)
    answered = follow_ups.answer(sentence, memory, linker, local, settings)
    if answered is not None:
        return answered
    repeated = follow_ups.repeated(sentence, memory, linker, local.date())
    if repeated is not None:
        return repeated
    whole = recognise(sentence.masked)
    if whole is not None and whole.family in _ANSWERS:
        return answers.answer(whole.family, memory, sentence.masked)
    intents = Intents.load()
    plans: list[Plan] = []
    for request in requests_of(sentence):
        guessed = Guessed(intents, embeddings)

        def planned(piece: Sentence, with_names: Linker = linker, guessed: Guessed = guessed) -> Plan:
            return _one(piece, with_names, caller, local.date(), memory, guessed)

        made = unheard.told(planned(request), request, planned)
        plans.append(follow_ups.about_the_same(made, plans[-1]) if plans else made)
        linker = Linker(names, follow_ups.with_subjects(linker.memory, plans[-1], names), caller.person_id)
    return follow_ups.as_one_change(answers.together(plans))


def _one(
    request: Sentence,
    linker: Linker,
    caller: Caller,
    today: date,
    memory: Memory,
    guessed: Guessed,
) -> Plan:
    skipped = without_courtesies(request.masked)
    polite = bool(
        re.search(r"(?:can|could|would|will) you|mind|possible|able to|any chance|can i", request.masked[:skipped])
    )
    core = time_last(request.cut(skipped) if skipped else request)
    bare = core.masked.strip(" .!?,")
    whole = recognise(request.masked)
    if whole is not None and whole.family in _ANSWERS:
        return answers.answer(whole.family, memory, bare)
    mood = mood_of(core.masked, polite)
    if mood == "command" and plan_bulk.meant(bare):
        if checking.HEDGED.search(bare):
            return replies.hedged(core.text)
        many = plan_bulk.made(core, linker, caller, today)
        if many is not None:
            return many
    added = plan_custom.made(core, mood, linker, caller, today)
    if added is not None:
        return added
    about_data = plan_people_data.made(core, mood, linker)
    if about_data is not None:
        return about_data
    quoted = None if mood == "command" and _writes(core, bare, linker) else plan_evidence.made(core, mood, linker, caller, today)
    if quoted is not None:
        return quoted
    barred = frozenset() if mood == "command" else frozenset(_WRITES)
    if mood == "conditional" and checking.OTHERWISE.search(bare):
        return replies.conditional(core.text)
    waits = checking.on_hold(core, linker) if mood == "command" else None
    if waits is not None:
        return waits
    if mood == "conditional" and (held := plan_only_if.made(core, linker, caller, today)) is not None:
        return held
    if mood == "conditional" or mood == "negated":
        written = recognise(bare) or recognise(checking.after_condition(bare))
        if written is not None and written.family == "log" and checking.IF_NOT_DONE.search(bare):
            return replies.conditional(core.text)
        if mood == "conditional" and written is not None and written.family in ("log", "task"):
            barred = frozenset()
        elif written is not None and written.family in _WRITES:
            return (
                replies.conditional(core.text)
                if mood == "conditional"
                else Plan(say=replies.NOTHING_DONE, reason="negated")
            )
    if mood == "command" and (checking.HEDGED.search(bare) or checking.NOT_SO.search(bare)) and _of_deals(recognise(bare)):
        return replies.hedged(core.text)
    form = recognise(bare, skip=barred)
    if mood == "command" and (form is None or form.family in _SEEN) and stated_values.said_briefly(core, linker):
        return _made("update_deal", core, linker, caller, today, memory, 0.85, "a deal and its new value")
    writing = form is not None and form.family in _WRITES and bool(core.of(*_ANCHORS))
    figure = plan_figures.figure(core) if mood in ("command", "question") and not writing else None
    if figure is not None:
        return _made(figure, core, linker, caller, today, memory, 0.9, "words of the report catalogue")
    removal = checking.deletes(core, linker, caller, today) if mood == "command" else None
    if removal is not None and (removal.calls or (form is not None and form.family in _WRITES)):
        return removal
    if not core.of(*_ANCHORS) and (form is None or form.family in _OF_ACCOUNTS):
        core = strangers.marked(core)
        bare = core.masked.strip(" .!?,")
        form = recognise(bare, skip=barred)
    guess: list[Guess] = []
    if (
        not core.of(*_ANCHORS)
        and not (linker.memory.subjects and _POINTS_BACK.search(bare))
        and (form is None or not (form.family in _SAID_OUTRIGHT or (form.family == "update_deal" and _DEAL_FIELD.search(bare))))
        and not (form is not None and form.family == "passages" and _MENTIONED.search(bare))
    ):
        guess = guessed.of(core)
        if guess[0].family == "out_of_scope" and guess[0].probability >= _bound(form, core, bare):
            return Plan(
                say=replies.OUT_OF_SCOPE, understood=False, confidence=guess[0].probability, reason="out of scope"
            )
    if mood == "question":
        asked = checking.asked_write(bare)
        if asked is not None and (
            form is None or form.family in ("latest", "deal_details", "list_deals", "timeline", "passages")
        ):
            return checking.only_look(core, linker, caller, today)
    if form is not None:
        made = _made(form.family, core, linker, caller, today, memory, 0.95, f"grammar {form.rule}")
        if made.missing and guess and guess[0].family == "out_of_scope" and guess[0].probability >= HALF_SURE:
            return Plan(
                say=replies.OUT_OF_SCOPE, understood=False, confidence=guess[0].probability, reason="out of scope"
            )
        if made.missing != "change" or core.of(*_ANCHORS) or _POINTS_BACK.search(bare):
            return made
    pointed = checking.pointed(core, mood, linker)
    if pointed is not None:
        return Plan(calls=(pointed,), confidence=0.7, reason="points at one thing")
    guess = guess or guessed.of(core)
    if mood == "conditional" and guess[0].family in _WRITES:
        return replies.conditional(core.text)
    if mood != "command":
        guess = [one for one in guess if one.family not in _WRITES]
    best, second = guess[0], guess[1]
    if best.family == "out_of_scope" and not core.of("ACCOUNT", "CONTACT", "DEAL", "PERSON", "STRANGER"):
        return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=best.probability, reason="out of scope")
    if best.family in _WRITES and best.family != "log" and checking.HEDGED.search(bare):
        return replies.hedged(core.text)
    if not core.of("ACCOUNT", "CONTACT", "DEAL", "PERSON", "RIVAL", "PRODUCT") and any(one.family == "out_of_scope" and one.probability >= HALF_SURE for one in guess):
        return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=best.probability, reason="out of scope")
    needed = 0.6 if best.family in _WRITES else SURE_OF_NAMES if core.of(*_ANCHORS) else SURE
    if best.probability >= needed:
        return _made(best.family, core, linker, caller, today, memory, best.probability, "classifier")
    if core.of("ACCOUNT", "DEAL") and len(bare.split()) <= 3:
        return _made("latest", core, linker, caller, today, memory, 0.5, "a bare name")
    return replies.unsure(core, linker, caller, today, best, second, plan_passages.passages)


def _writes(core: Sentence, bare: str, linker: Linker) -> bool:
    """Whether something is to be written, whatever else its words may be about."""
    form = recognise(bare)
    return (form is not None and (form.family in _WRITES or form.family == "brief")) or stated_values.said_briefly(core, linker)


def _of_deals(form: Form | None) -> bool:
    return form is not None and form.family == "update_deal"


def _bound(form: Form | None, core: Sentence, bare: str) -> float:
    """From which probability on a sentence without a name of the record is taken to be about something else."""
    if form is None:
        return FOREIGN
    if core.of("STRANGER"):
        return FOREIGN_STRANGER
    if form.family in _WRITES and not _TO_BE_KEPT.match(bare):
        return HALF_SURE
    return FOREIGN_FORM


def _made(
    family: str,
    core: Sentence,
    linker: Linker,
    caller: Caller,
    today: date,
    memory: Memory,
    confidence: float,
    reason: str,
) -> Plan:
    if family == "log" and plan_log.planned(core, today):
        family = "task"
    if family in _ANSWERS:
        return answers.answer(family, memory, core.masked)
    maker = _WRITES.get(family) or _READS.get(family)
    made = (
        maker(core, linker, caller, today)
        if maker is not None
        else plan_managers.made(family, core, linker, caller, today, memory)
    )
    if isinstance(made, Call):
        return Plan(calls=(made,), confidence=confidence, reason=f"{family} ({reason})")
    return replace(made, confidence=confidence, reason=made.reason or f"{family} ({reason})")
