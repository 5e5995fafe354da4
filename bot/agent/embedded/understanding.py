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
    holding,
    lead_ins,
    news,
    plan_custom,
    plan_passages,
    pointing,
    refining,
    replies,
    strangers,
    unclear,
    unheard,
    waiting,
)
from bot.agent.embedded.grammar import SALES, TRADE, recognise
from bot.agent.embedded.intents import Intents, Weigher
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Guess, Plan
from bot.agent.embedded.requests import Request, read_request
from bot.agent.embedded.segments import requests_of
from bot.agent.embedded.sentence import Sentence, read_sentence
from bot.agent.embedded.signs import claims
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Names
from crm_store.people import Caller

SURE_OF_WRITE = 0.5
"""A write that is less likely than this is asked about."""
SURE_WITH_FORM = 0.25
"""The same where the first sentence form that fits is one of this write."""
CLAIMED = 0.8
"""How likely a family is taken to be that a reader of its own claims."""
SURE_AGAINST, POSSIBLE = 0.6, 0.05
"""Where the weights are this sure of another family and think the claimed one less likely than that, its reader is not followed."""
TOLD = 0.15
"""What is less likely than this to tell what happened is not put in the order of an entry."""
SURE_OF_READ = 0.12
"""A look at the record costs nothing, so the likeliest is taken; below this nothing is likely."""
SURE_INSTEAD = 0.1
"""The same for what may be meant in place of a change that does not say what to change."""
SURE_OF_POINTED = 0.6
"""Below this, words of no known form such as "the second one" are taken for what they point at."""
SURE_OF_CHANGE = 0.5
"""What a customer lets us know is noted, unless it is a change of which both a form and the weights say so from this probability on."""
NEAR = 0.5
"""Two writes of which the second is this near to the first, as a share of it, are asked about."""
FOREIGN_BESIDE = 0.25
"""From this probability on, a request that names nothing and that no reading fits well is about something else."""
SURE_OF_SCOPE = 0.6
"""A family likelier than this is not refused where nothing is named."""
FOREIGN_SHARE = 0.8
"""Where nothing is named, what is out of scope needs this share of the likeliest family; ..."""
FOREIGN_ELSEWHERE = 0.3
"""... this, where no word of it is of the trade."""
FOREIGN_NAMED = 0.6
"""The same where something of the record is named or pointed at."""
FOREIGN_STRANGER = 0.8
"""The same where a name that nothing has stands in the place of an account."""
_TRIED = 3
_MENTIONED = re.compile(
    r"^(?:search|look for|dig up)\b(?! me\b)|^find\b.*\b(?:notes|calls|emails|mentions?|meetings|conversations)\b|"
    r"^(?:and )?(?:has|have|did|was|were)\b.*\b(?:mention(?:ed)?|brought up|bring up|come up|came up|raised?|talked about)\b"
)
"""Asks what was said to us, whatever it was about: nothing mentioned is an answer, and no topic is out of scope."""
_SALES = re.compile(f"{SALES}|.*{TRADE}")


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
    if not re.search(r"\w", sentence.masked):
        shown = answers.by_sign(text, memory) if memory.proposal_ids else None
        return shown or Plan(say=replies.EMPTY, understood=False, confidence=1.0, reason="empty")
    changed = corrected_proposals.corrected(sentence, memory, Linker(names, memory, caller.person_id), local.date())
    if changed is not None:
        return changed
    corrected = corrections.corrected(sentence)
    if corrected is not None:
        sentence = read(corrected)
    sentence = lead_ins.without_circumstance(sentence)
    intents = Intents.load()
    linker = Linker(names, memory, caller.person_id)
    entry = entries.reordered(sentence, local)
    if entry is not None and _tells(read_request(sentence, linker, caller, local.date()), Weigher(intents, embeddings)):
        sentence = read(entry)
    answered = waiting.answer(sentence, memory, linker, local)
    if answered is not None:
        return answered
    again = refining.refined(sentence, memory, linker, caller, local.date())
    if again is not None:
        return again
    whole = recognise(sentence.masked)
    decided = decisions.decision(sentence, memory) if whole is None or whole.family != "undo" else None
    if decided is not None or (whole is not None and whole.family in families.ANSWERS):
        return answers.answer(decided or (whole.family if whole is not None else ""), memory, sentence.masked)
    plans: list[Plan] = []
    requests = requests_of(asides.without_asides(bulk_orders.in_order(sentence), linker))
    for request in requests:

        def told(piece: Sentence, with_names: Linker = linker) -> Plan:
            weigher = Weigher(intents, embeddings)

            def planned(part: Sentence) -> Plan:
                return _one(part, with_names, caller, local.date(), weigher)

            return unheard.told(planned(piece), piece, planned)

        made = lead_ins.without_lead_in(told(request), request, told)
        plans.append(follow_ups.about_the_same(made, plans[-1], request) if plans else made)
        linker = Linker(names, follow_ups.with_subjects(linker.memory, plans[-1], names), caller.person_id)
    made_of_all = follow_ups.as_one_change(answers.together(follow_ups.without_lead_ins(plans, requests)))
    after_all = refining.after_all(made_of_all, sentence, memory, Linker(names, memory, caller.person_id), caller, local.date())
    made_of_all = refining.carried_on(made_of_all, sentence, memory)
    return after_all or unclear.asked_which(made_of_all, sentence, memory) or made_of_all


def _one(said: Sentence, linker: Linker, caller: Caller, today: date, weigher: Weigher) -> Plan:
    request = read_request(said, linker, caller, today)
    whole = recognise(said.masked)
    if whole is not None and whole.family in families.ANSWERS:
        return answers.answer(whole.family, request.memory, request.bare)
    of_field = plan_custom.made(request.core, request.mood, linker, caller, today)
    if of_field is not None:
        return of_field
    guesses = _weighed(request, weigher)
    held = holding.held_back(request, guesses)
    if held is not None:
        return held
    guesses = _allowed(guesses, request)
    if not request.named and all(claim.startswith("figure") for claim in claims(request)):
        request, guesses = _with_stranger(request, guesses, weigher)
    pointed = checking.pointed(request.core, request.mood, linker) if guesses[0].probability < SURE_OF_POINTED and recognise(request.bare) is None else None
    if pointed is not None:
        return Plan(calls=(pointed,), confidence=0.7, reason="points at one thing")
    stranger = news.by_stranger(request.core) if request.mood == "command" and not request.core.of("ACCOUNT", "CONTACT", "DEAL", "PERSON") else None
    if stranger is not None:
        return Plan(calls=(stranger,), confidence=0.7, reason="what somebody unknown said")
    foreign = _foreign(request, guesses)
    if foreign is not None:
        return foreign
    return _likeliest(request, guesses, weigher.embeddings)


def _tells(request: Request, weigher: Weigher) -> bool:
    """Whether a message in clauses may well tell what happened."""
    return next(guess.probability for guess in weigher.guesses(request) if guess.family == "log") >= TOLD


def _with_stranger(request: Request, guesses: list[Guess], weigher: Weigher) -> tuple[Request, list[Guess]]:
    """The request with a name that nothing has taken for an account, where its form would then ask something of one."""
    marked = request.of(strangers.marked(request.core))
    form, before = recognise(marked.bare), recognise(request.bare)
    if not marked.core.of("STRANGER") or form is None or form.family not in families.OF_ACCOUNTS or (before is not None and before.family not in families.OF_ACCOUNTS):
        return request, guesses
    again = _allowed(_weighed(marked, weigher), marked)
    if next(guess.probability for guess in guesses if guess.family == "out_of_scope") >= FOREIGN_STRANGER:
        return request, guesses
    return marked, _preferred(Guess(form.family, CLAIMED), again)


def _weighed(request: Request, weigher: Weigher) -> list[Guess]:
    """The families that are possible, likeliest first; one that a reader of its own claims before those that are not sure."""
    guesses = [guess for guess in weigher.guesses(request) if holding.possible(guess, request)]
    best = guesses[0].probability
    said = set(claims(request))
    if "a value" in said and request.mood == "command":  # "slipped, new close date DATE" asks for no figure
        said = {claim for claim in said if not claim.startswith("figure") and not (claim == "qualify" and request.core.of("MONEY", "DATE"))}
    if "consent" in said or (guesses[0].family == "record_consent" and best >= SURE_OF_CHANGE):  # whoever tells of it has to find it in the ledger, and not in a note
        said -= {"entry", "news"}
    likely = {guess.family: guess.probability for guess in guesses}
    claimed = {family for claim in said for family, hold in [families.CLAIMED.get(claim, ("", 0.0))] if best < hold and (claim == "figure by" or best < SURE_AGAINST or likely.get(family, 1.0) >= POSSIBLE)}
    if "news" in said and guesses[0].family in families.WRITES and best >= SURE_OF_CHANGE and (changed := recognise(request.bare)) is not None and changed.family == guesses[0].family:
        return guesses  # what is let us know is a plain change
    if not claimed:
        return guesses
    known = [guess for guess in guesses if guess.family in claimed]
    first = known[0] if known else Guess(min(claimed), CLAIMED)
    return _preferred(first, guesses)


def _allowed(guesses: list[Guess], request: Request) -> list[Guess]:
    """The guesses without the writes that a request of its mood cannot be; what they were likely goes to the others by their share."""
    kept = [guess for guess in guesses if guess.family not in families.WRITES or holding.may_write(request, guess.family)]
    whole = sum(guess.probability for guess in kept)
    return [Guess(guess.family, guess.probability / whole) for guess in kept] if len(kept) < len(guesses) and whole > 0 else kept


def _preferred(first: Guess, guesses: list[Guess]) -> list[Guess]:
    """The guesses with one that something beside the weights speaks for before all others."""
    rest = [Guess(guess.family, guess.probability * (1 - CLAIMED)) for guess in guesses if guess.family != first.family]
    return [Guess(first.family, max(CLAIMED, first.probability)), *rest]


def _foreign(request: Request, guesses: list[Guess]) -> Plan | None:
    """The refusal of what is about something else; what names nothing of the record is refused the sooner."""
    if _MENTIONED.search(request.bare):
        return None
    best = next(guess for guess in guesses if guess.family != "out_of_scope").probability
    out = next(guess.probability for guess in guesses if guess.family == "out_of_scope")
    if request.core.of("ACCOUNT", "CONTACT", "DEAL", "STRANGER") or (request.memory.subjects and request.points_back):
        refused = out >= FOREIGN_NAMED
    elif request.core.of("PERSON", "PRODUCT", "RIVAL"):
        refused = out >= max(best, FOREIGN_BESIDE)
    else:
        refused = best < SURE_OF_SCOPE and out >= (FOREIGN_SHARE if _SALES.match(request.bare) else FOREIGN_ELSEWHERE) * best
    return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=out, reason="out of scope") if refused else None


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
