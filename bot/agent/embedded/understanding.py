"""A message -> a plan: read, link, weigh, check, make.

Every family is weighed against the others (:mod:`.intents`); what may not be written is held back (:mod:`.holding`); the likeliest
family that the words have all for is made (:mod:`.families`). A write needs a command or a statement and has to be surer than a
read: a question, a condition or a negation never becomes one.
"""

import re
from datetime import date, datetime

from langchain_core.embeddings import Embeddings

from bot.agent.embedded import (
    answers,
    asides,
    bulk_orders,
    checking,
    corrected_proposals,
    corrections,
    decisions,
    entries,
    families,
    follow_ups,
    fronted,
    holding,
    idle_clauses,
    lead_ins,
    news,
    plan_custom,
    plan_only_if,
    plan_passages,
    pointing,
    refining,
    replies,
    returning,
    strangers,
    unclear,
    unheard,
    waiting,
    weighing,
)
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.intents import Intents, Weigher
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Guess, Plan
from bot.agent.embedded.requests import Request, read_request
from bot.agent.embedded.segments import requests_of
from bot.agent.embedded.sentence import Sentence, read_sentence
from bot.agent.embedded.signs import claims
from bot.agent.embedded.traits import is_trait, names_a_place, traits_of
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Names
from crm_store.people import Caller

SURE_OF_WRITE = 0.5
"""A write that is less likely than this is asked about."""
SURE_WITH_FORM = 0.25
"""The same where the first sentence form that fits is one of this write."""
TOLD = 0.1
"""What is less likely than this to tell what happened is not put in the order of an entry."""
SURE_OF_READ = 0.12
"""A look at the record costs nothing, so the likeliest is taken; below this nothing is likely."""
SURE_INSTEAD = 0.1
"""The same for what may be meant in place of a change that does not say what to change."""
SURE_OF_POINTED = 0.6
"""Below this, words of no known form such as "the second one" are taken for what they point at."""
NEAR = 0.5
"""Two writes of which the second is this near to the first, as a share of it, are asked about."""
FOREIGN_BESIDE = 0.25
"""From this probability on, a request that names nothing and that no reading fits well is about something else."""
FOREIGN_STRANGER = 0.8
"""The same where a name that nothing has stands in the place of an account."""
_TRIED = 3


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

    text, meant = pointing.named(waiting.wanted_instead(text, memory), memory, names)

    def read(words: str) -> Sentence:
        return read_sentence(words, names, local, settings, memory, meant)

    sentence = read(text)
    back = returning.returned(sentence, memory, Linker(names, memory, caller.person_id))
    if back is not None:
        text, memory = back
        sentence = read(text)
    if not re.search(r"\w", sentence.masked):
        shown = answers.by_sign(text, memory) if memory.proposal_ids else None
        return shown or Plan(say=replies.EMPTY, understood=False, confidence=1.0, reason="empty")
    changed = corrected_proposals.corrected(sentence, memory, Linker(names, memory, caller.person_id), local.date())
    if changed is not None:
        return changed
    corrected = corrections.corrected(sentence)
    if corrected is not None:
        sentence = read(corrected)
    intents = Intents.load()
    linker = Linker(names, memory, caller.person_id)
    as_said = sentence

    def weighed(clause: Sentence) -> list[Guess]:
        return Weigher(intents, embeddings).guesses(read_request(clause, Linker(names, memory, caller.person_id), caller, local.date()))


    def as_entry(said: Sentence) -> Sentence:
        entry = entries.reordered(said, local)
        return said if entry is None or not _tells(read_request(said, linker, caller, local.date()), Weigher(intents, embeddings)) else read(entry)

    sentence = as_entry(sentence)  # before anything is left out or turned round: an entry is kept as it was told
    if sentence is as_said:
        sentence = bulk_orders.in_order(sentence, linker, caller, local.date())
    if sentence is as_said:
        sentence = as_entry(
            idle_clauses.without_idle(
                fronted.behind(lead_ins.without_purpose(lead_ins.without_circumstance(sentence))), weighed
            )
        )
    goes_on = bool(memory.calls or memory.open_call) and weighed(as_said)[0].family in weighing.PARTS
    answered = waiting.answer(sentence, memory, linker, local, likely=goes_on)
    if answered is not None:
        return answered
    nothing = unclear.of_nothing(sentence, memory)
    if nothing is not None:
        return nothing
    again = refining.refined(as_said, memory, linker, caller, local.date(), likely=goes_on) or refining.refined(sentence, memory, linker, caller, local.date(), likely=goes_on)
    if again is not None:
        return again
    whole = recognise(sentence.masked)
    decided = decisions.decision(sentence, memory) if whole is None or whole.family != "undo" else None
    if decided is not None or (whole is not None and whole.family in families.ANSWERS):
        return answers.answer(decided or (whole.family if whole is not None else ""), memory, sentence.masked)
    on_condition = plan_only_if.made(as_said, linker, caller, local.date()) if plan_only_if.said(as_said) else None
    if on_condition is not None:
        return on_condition
    plans: list[Plan] = []
    requests = requests_of(asides.without_asides(sentence, linker))
    requests = [as_entry(request) for request in requests] if len(requests) > 1 else requests
    for request in requests:

        def told(piece: Sentence, with_names: Linker = linker) -> Plan:
            weigher = Weigher(intents, embeddings)

            def planned(part: Sentence) -> Plan:
                return _one(part, with_names, caller, local.date(), weigher)

            return unheard.told(planned(piece), piece, planned)

        made = lead_ins.without_lead_in(told(request), request, told)
        plans.append(follow_ups.about_the_same(made, plans[-1], request) if plans else made)
        linker = Linker(names, follow_ups.with_subjects(linker.memory, plans[-1], names), caller.person_id)
    made_of_all = follow_ups.as_one_change(answers.together(follow_ups.without_lead_ins(*idle_clauses.asking(plans, requests, weighed))))
    after_all = refining.after_all(made_of_all, sentence, memory, Linker(names, memory, caller.person_id), caller, local.date())
    made_of_all = follow_ups.of_the_account_before(refining.carried_on(made_of_all, sentence, memory), memory, sentence)
    return after_all or unclear.asked_which(made_of_all, sentence, memory) or unclear.of_whom_is_talked(made_of_all, Linker(names, memory, caller.person_id)) or made_of_all


def _one(said: Sentence, linker: Linker, caller: Caller, today: date, weigher: Weigher) -> Plan:
    request = read_request(said, linker, caller, today)
    whole = recognise(said.masked)
    if whole is not None and whole.family in families.ANSWERS:
        return answers.answer(whole.family, request.memory, request.bare)
    of_field = plan_custom.made(request.core, request.mood, linker, caller, today)
    if of_field is not None:
        return of_field
    guesses = weighing.weighed(request, weigher)
    held = holding.held_back(request, guesses)
    if held is not None:
        return held
    guesses = weighing.allowed(guesses, request)
    if not request.named and all(claim.startswith("figure") for claim in claims(request)):
        request, guesses = _with_stranger(request, guesses, weigher)
    pointed = checking.pointed(request.core, request.mood, linker) if guesses[0].probability < SURE_OF_POINTED and recognise(request.bare) is None else None
    if pointed is not None:
        return Plan(calls=(pointed,), confidence=0.7, reason="points at one thing")
    stranger = news.by_stranger(request.core) if request.mood == "command" and not request.core.of("ACCOUNT", "CONTACT", "DEAL", "PERSON") else None
    if stranger is not None:
        return Plan(calls=(stranger,), confidence=0.7, reason="what somebody unknown said")
    foreign = weighing.foreign(request, guesses)
    if foreign is not None:
        return foreign
    return _likeliest(request, guesses, weigher.embeddings)


def _tells(request: Request, weigher: Weigher) -> bool:
    """Whether a message in clauses may well tell what happened."""
    return next(guess.probability for guess in weigher.guesses(request) if guess.family == "log") >= TOLD


def _with_stranger(request: Request, guesses: list[Guess], weigher: Weigher) -> tuple[Request, list[Guess]]:
    """The request with a name that nothing has taken for an account, where its form would then ask something of one."""
    marked = request.of(strangers.marked(request.core))
    if any(names_a_place(mark.text) or is_trait(mark, traits_of(marked.core, request.linker, "accounts")) for mark in marked.core.of("STRANGER")):  # "German customers" are nobody's name
        return request, guesses
    form, before = recognise(marked.bare), recognise(request.bare)
    if not marked.core.of("STRANGER") or form is None or form.family not in families.OF_ACCOUNTS or (before is not None and before.family not in families.OF_ACCOUNTS):
        return request, guesses
    again = weighing.allowed(weighing.weighed(marked, weigher), marked)
    if next(guess.probability for guess in guesses if guess.family == "out_of_scope") >= FOREIGN_STRANGER:
        return request, guesses
    return marked, weighing.preferred(Guess(form.family, weighing.CLAIMED), again)


def _likeliest(request: Request, guesses: list[Guess], embeddings: Embeddings) -> Plan:
    """The first of the likeliest families that can be made; a question back where none is likely enough."""
    core, linker, caller, today = request.core, request.linker, request.caller, request.today
    out = next(guess.probability for guess in guesses if guess.family == "out_of_scope")
    guesses = [guess for guess in guesses if guess.family != "out_of_scope"]
    best, second = guesses[0], guesses[1]
    form = recognise(request.bare)
    known = form.family if form is not None else "update_deal" if "a value" in claims(request) else ""
    asking: Plan | None = None
    for guess in guesses[:_TRIED]:
        if not _sure(guess, guesses, known, asked=asking is not None):
            continue
        made = families.made(guess.family, request, guess.probability, embeddings)
        if made is None and guess.family == "bulk" and (removal := checking.deletes(core, linker, caller, today)) is not None:
            return removal
        if made is not None and made.missing != "change":
            return made
        asking = asking or made
    if asking is not None and (request.named or request.points_back):
        noted = families.made("log", request, best.probability, embeddings) if "news" in claims(request) else None
        return noted or asking
    if core.of("ACCOUNT", "DEAL") and len(request.bare.split()) <= 3 and (made := families.made("latest", request, best.probability, embeddings)) is not None:
        return made
    if out >= FOREIGN_BESIDE:
        return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=out, reason="out of scope")
    return replies.unsure(core, linker, caller, today, best, second, plan_passages.passages)


def _sure(guess: Guess, guesses: list[Guess], form: str, *, asked: bool) -> bool:
    """Whether to go by a guess: for a write it has to be likely, and no other write nearly as much. ``form``: the family of the
    first sentence form; ``asked``: of a likelier one it is not clear what should be changed."""
    if guess.family not in families.WRITES:
        return guess.probability >= (SURE_INSTEAD if asked else SURE_OF_READ) and (asked or guesses[0].family not in families.WRITES)
    if guess.family == form:
        return guess.probability >= SURE_WITH_FORM
    rival = max((one.probability for one in guesses if one.family in families.WRITES and one is not guess), default=0.0)
    return guess is guesses[0] and guess.probability >= SURE_OF_WRITE and rival <= NEAR * guess.probability
