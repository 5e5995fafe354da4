"""Tools that say what to do next, and why."""

from collections.abc import Sequence
from dataclasses import replace

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.resolving import account_of, asking, owners_of
from bot.agent.tools.shaping import finished, follow_ups, shown
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Column, SuggestionsCard, TableCard
from bot.digests.reasons import cite_ref, reason, suggestion_line
from crm_store.access import ScopedSession
from crm_store.next_actions import MOST, Candidate, Plan, Refusal, SourceRef, Suggestion, find_candidate, plan_for
from crm_store.queries import people

FACTOR_WORDS = {
    "V": "value at stake",
    "P": "how often such an action is taken up",
    "E": "share of the value it usually saves or wins",
    "U": "urgency, 1 at its day",
    "C": "context: an open complaint doubles it or rules it out",
    "F": "how rested the contact is, 1 if not contacted lately",
    "L": "an administrator's weight",
}
MOST_MARKS = 3


@asking
def next_actions(turn: Turn, owner: str = "me", account: str | None = None, limit: int = MOST) -> Found:
    """At most three things to do, one an account, each with its reason and its evidence."""
    with turn.read() as session:
        owners = owners_of(session, turn, owner)
        at = account_of(session, turn, account) if account else None
        plan = _plan(session, turn, owners.ids, None if at is None else at.id, limit)
        names = {person.id: person.name for person in people.people(session)}
    where = f" at {at.name}" if at is not None else ""
    if not plan.suggestions:
        whose = "" if owners.own else f" for {owners.by}, in the records you can see"
        return Found(f"**Nothing presses{where}{whose}.** {_held_back(plan.refused)}".strip())
    sources, lines, cards = Sources(), [], []
    for place, one in enumerate(plan.suggestions, 1):
        citations = tuple(cite_ref(ref) for ref in _evidence(one))
        marks = "".join(dict.fromkeys(sources.mark(citation) for citation in citations))
        rep = "" if one.candidate.owner_id == turn.caller.person_id else names.get(one.candidate.owner_id or "", "")
        title = f"{rep}: {one.candidate.title}" if rep else one.candidate.title
        lines.append(f"{place}. **{title}.** {reason(one.candidate, one.also)} {marks}")
        cards.append(suggestion_line(one, rep or one.candidate.title, citations))
        sources.figure(f"{one.candidate.title}, at stake", one.candidate.value_minor, turn.settings.currency)
    sources.cards.append(SuggestionsCard(title=f"Next for {owners.by}{where}", suggestions=tuple(cards)))
    return replace(finished("\n".join(lines), sources, *_subjects(plan.suggestions)), listed=_listed(plan.suggestions))


@asking
def why_action(turn: Turn, action: str) -> Found:
    """Why an action was suggested, factor by factor, or why it was held back. ``action`` is its id, its place in
    the list or words of its title."""
    with turn.read() as session:
        found = _meant(_plan(session, turn, owners_of(session, turn, "me").ids, None, MOST), action)
    sources = Sources()
    match found:
        case Suggestion(candidate=candidate):
            marks = "".join(dict.fromkeys(sources.mark(cite_ref(ref)) for ref in _evidence(found)))
            factors = found.factors.named()
            for name, value in factors:
                sources.figure(name, value, "factor")
            stake = _whole(candidate.value_minor, turn.settings.currency)
            by = "e-mail" if found.channel == "email" else found.channel
            lines = [
                f"**{candidate.title}.** {reason(candidate, found.also)} {marks}",
                f"Its place comes from {stake} at stake (the amount times the stage's chance of winning), "
                f"how urgent it is ({found.factors.u * 100:.0f} % of the most it can be) and how much such a step usually helps.",
            ]
            if by:
                lines.append(f"It may go by {by}: the consent ledger has nothing against it.")
            sources.figure("at stake", candidate.value_minor, turn.settings.currency)
            sources.cards.append(_factors(found, stake))
            return finished("\n".join(lines), sources, *_subjects([found]))
        case Refusal(candidate=candidate, reason=why):
            return finished(f"**{candidate.title}** is held back: {why} It would have said: {candidate.why}", sources)
        case _:
            sources.cards.append(follow_ups(("What next?", "What should I do next?")))
            return finished(
                "I have no such suggestion for you now; ask what to do next to see the current ones.", sources
            )


def _evidence(one: Suggestion) -> list[SourceRef]:
    """What its reason and the further one rest on, the first source of each before the second."""
    each = [list(candidate.evidence) for candidate in (one.candidate, *one.also)]
    firsts = [refs[0] for refs in each if refs]
    return [*firsts, *(ref for refs in each for ref in refs[1:])][:MOST_MARKS]


def _whole(amount_minor: int, currency: str) -> str:
    """An estimate in whole units: its cents would say more than is known."""
    unit = 10 ** wording.decimals(currency)
    return wording.money(round(amount_minor / unit) * unit, currency)


def _factors(found: Suggestion, stake: str) -> TableCard:
    """Every factor of the score with its meaning."""
    values = dict(found.factors.named())
    rows = tuple(
        (name, stake if name == "V" else f"{values[name]:.2g}" if values[name] < 1 else f"{values[name]:g}", meaning)
        for name, meaning in FACTOR_WORDS.items()
    )
    columns = (Column(title="Factor"), Column(title="Value"), Column(title="Meaning"))
    counted = f"Score {found.score:,.0f}: the factors multiplied."
    return TableCard(title="How it was ranked", columns=columns, rows=rows, counted=counted)


def _plan(
    session: ScopedSession, turn: Turn, owner_ids: frozenset[str] | None, account_id: str | None, limit: int
) -> Plan:
    ids = owner_ids if owner_ids is not None else frozenset(person.id for person in people.people(session))
    return plan_for(
        session,
        ids,
        turn.today,
        person_id=turn.caller.person_id,
        now=turn.now,
        currency=turn.settings.currency,
        account_id=account_id,
        limit=limit,
    )


def _meant(plan: Plan, action: str) -> Suggestion | Refusal | None:
    text = action.strip()
    if text.isdigit():
        place = int(text) - 1
        return plan.suggestions[place] if 0 <= place < len(plan.suggestions) else None
    exact = find_candidate(plan, text)
    if exact is not None or not text:
        return exact
    words = {word for word in text.casefold().split() if len(word) > 2}
    everything: list[Suggestion | Refusal] = [*plan.suggestions, *plan.refused]
    scored = [(len(words & set(_said(one.candidate).split())), -place) for place, one in enumerate(everything)]
    best = max(scored, default=(0, 0))
    return everything[-best[1]] if best[0] else None


def _said(candidate: Candidate) -> str:
    return (
        f"{candidate.rule.replace('_', ' ')} {candidate.title} {candidate.why}".casefold()
        .replace(":", " ")
        .replace(",", " ")
    )


def _held_back(refused: Sequence[Refusal]) -> str:
    kept = [refusal for refusal in refused if refusal.gate not in ("one per account", "three at most")]
    if not kept:
        return "No rule found anything due, overdue or quiet."
    return f"{wording.plural(len(kept), 'action')} held back, such as: {kept[0].candidate.title} ({kept[0].reason})"


def _subjects(suggestions: Sequence[Suggestion]) -> tuple[Subject, ...]:
    found = [Subject("suggestion", one.id, one.candidate.title) for one in suggestions]
    for one in suggestions[:1]:
        deal = next((ref for ref in one.candidate.evidence if ref.kind == "deal"), None)
        if deal is not None:
            found.append(Subject("deal", deal.id, deal.title))
    return tuple(found)


def _listed(suggestions: Sequence[Suggestion]) -> tuple[Subject, ...]:
    """What each is about, for "tell me more about the second": its deal, its account or its contact."""
    found: list[Subject] = []
    for one in (suggestion.candidate for suggestion in suggestions):
        for kind, key in (("deal", one.deal_id), ("account", one.account_id), ("contact", one.contact_id), ("suggestion", one.id)):
            if key is not None:
                found.append(Subject(kind, key, one.title))
                break
    return tuple(found)


@tool("next_actions", response_format="content_and_artifact")
def _next_actions(
    runtime: ToolRuntime[Turn], owner: str = "me", account: str | None = None, limit: int = MOST
) -> tuple[str, Found]:
    """What should I do next: at most three actions, each with its reason and evidence. `account` keeps to one account;
    `owner` is "me", "team" or a name."""
    return shown(next_actions(runtime.context, owner, account, limit))


@tool("why_action", response_format="content_and_artifact")
def _why_action(action: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Why an action was suggested, with every factor of its score. `action` is its id ("rule:subject id"), its
    number in the list, or words from its title."""
    return shown(why_action(runtime.context, action))


TOOLS = [_next_actions, _why_action]
