"""The tool that says what is known to qualify a deal: each field with the quote behind it, each gap with what to ask.

A field is filled from the record (a part played, a competitor named on the deal, its close date) or from what the customer
said (:mod:`bot.agent.tools.evidence`); nothing is inferred.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.aspects import BY_KEY, FRAMEWORKS, Aspect, AspectKey, Framework
from bot.agent.tools.citing import Sources, cite_deal, cite_role
from bot.agent.tools.dealt_with import Matter, matter_of
from bot.agent.tools.evidence import Evidence, apart, differing, evidence, focus_of, stated, telling, weighed
from bot.agent.tools.gist import Sentence, sentences_of, with_next
from bot.agent.tools.nearest import Near, Question, nearest, question_of
from bot.agent.tools.resolving import asking
from bot.agent.tools.shaping import finished, follow_ups, quoted, shown, times
from bot.agent.turn import Found, Turn
from bot.cards import BriefCard, Citation, Section
from crm_store.models import ContactRole
from knowledge import words

_QUOTES = 3
_OF_FIELD = 0.06
"""What each point of evidence counts beside how near a sentence is to the question, and ..."""
_ON_DEAL = 0.15
"""... what it counts to be said on the deal that runs, or of it."""
_CLOSE, _SAYS = 0.35, 0.25
"""A sentence that is no evidence by its words is told beside such as are when its meaning is this close, or it says so much of
what is asked about."""
_SHORTEST = 20
_THERE = re.compile(r"^(?:and )?(?:is|are|was|were) there (?:an?|any) ((?:\w+ )?\w+)(?: (?:in|with|for|on|at|to|of)\b.*)?$", re.IGNORECASE)
"""Asks whether there is such a thing: where nobody mentioned it, it is not known."""
_ROLES: dict[AspectKey, tuple[ContactRole, ...]] = {
    "economic_buyer": (ContactRole.ECONOMIC_BUYER, ContactRole.DECISION_MAKER),
    "champion": (ContactRole.CHAMPION,),
    "paper_process": (ContactRole.LEGAL, ContactRole.PROCUREMENT),
}


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of one field: lines of the record and statements, newest first; ``before`` is an earlier statement
    that says something else than the newest one."""

    aspect: Aspect
    record: tuple[tuple[str, Citation], ...]
    said: tuple[Evidence, ...]
    before: Evidence | None

    @property
    def known(self) -> bool:
        return bool(self.record or self.said)


@asking
def qualify(
    turn: Turn, account: str | None = None, deal: str | None = None, framework: Framework = "bant",
    field: AspectKey | None = None, gaps_only: bool = False,
) -> Found:  # fmt: skip
    """Each field of a framework, or one ``field``, with its evidence; ``gaps_only`` leads with what is not known."""
    with turn.read() as session:
        matter = matter_of(session, turn, account, deal)
    turn.say(f"Looking for evidence in {matter.looked_at}…")
    sources = Sources()
    if field is not None:
        return _one_field(turn, matter, field, sources, whole_account=deal is None)
    fields = [_field(turn, matter, key, 1) for key in FRAMEWORKS[framework]]
    return _whole(turn, matter, framework, fields, gaps_only, sources)


def _field(turn: Turn, matter: Matter, key: AspectKey, most: int, focus: Sequence[str] = ()) -> Field:
    aspect = BY_KEY[key]
    found = evidence(aspect, matter.touches, rivals=matter.rivals, focus=focus)
    told = telling(found, turn.now, most)
    before = differing(told[0], found) if told else None
    return Field(aspect, tuple(_record(turn, matter, key)), tuple(told), before)


def _record(turn: Turn, matter: Matter, key: AspectKey) -> list[tuple[str, Citation]]:
    """What the record itself says of a field, each with its source."""
    lines: list[tuple[str, Citation]] = []
    for part in matter.roles:
        if part.role in _ROLES.get(key, ()):
            title = f", {part.title}" if part.title else ""
            gone = part.left_on is not None and part.left_on <= turn.today
            left = f", but left on {wording.day(part.left_on, turn.today)}" if gone and part.left_on else ""
            lines.append((f"{part.contact}{title} ({wording.words(part.role)}{left})", cite_role(part)))
    deal = matter.deal
    if deal is not None and key == "competition" and deal.competitor:
        lines.append((f"{deal.competitor} is on the deal as competitor", cite_deal(deal, f"Competitor: {deal.competitor}")))
    if deal is not None and key == "timeline" and deal.status == "open" and deal.close_date:
        pushed = f", pushed {times(deal.pushes)}" if deal.pushes else ""
        verb = "was to close" if deal.close_date < turn.today else "closes"
        said = f"our record says it {verb} {wording.day(deal.close_date, turn.today)}{pushed}"
        lines.append((said, cite_deal(deal, f"Close date {deal.close_date.isoformat()}")))
    return list(dict.fromkeys(lines))[:3]


def _known(turn: Turn, field: Field, sources: Sources) -> list[str]:
    """A field's evidence, a line each. The part somebody plays comes before what was said, other fields of the record after it."""
    first = field.aspect.key in _ROLES
    lines = [_recorded(field, sources)] if field.record and first else []
    lines += [quoted(with_next(one.sentence) if one.score == 0.0 else one.sentence, sources, turn) for one in field.said]
    if field.before is not None and field.before not in field.said:
        lines.append(f"Said differently before: {quoted(field.before.sentence, sources, turn)}")
    if field.record and not first:
        lines.append(_recorded(field, sources))
    return lines


def _recorded(field: Field, sources: Sources) -> str:
    said = wording.join([f"{text} {sources.mark(citation)}" for text, citation in field.record])
    return f"{said[0].upper()}{said[1:]}"


def _confirmed(field: Field) -> bool:
    """Whether a field is known: our own close date alone says nothing of when they want it."""
    return bool(field.said) or (bool(field.record) and field.aspect.key != "timeline")


def _whole(
    turn: Turn, matter: Matter, framework: Framework, fields: Sequence[Field], gaps_only: bool, sources: Sources
) -> Found:
    name = framework.upper()
    gaps = [one for one in fields if not _confirmed(one)]
    there = len(fields) - len(gaps)
    sources.figure(f"{matter.name}: {name} fields known", there, "fields")
    missing = wording.join([one.aspect.label.casefold() for one in gaps])
    lead = f"{there} of {len(fields)} {name} fields known" + (f"; not known: {missing}" if gaps else "")
    lines = [f"**{matter.name}: {lead}.**"]
    if gaps_only:
        lines += [f"- **{one.aspect.label}:** {_gap(turn, one, sources)}" for one in gaps]
        known = tuple(f"**{one.aspect.label}:** {'. '.join(_known(turn, one, sources))}" for one in fields if _confirmed(one))
        if known:
            sources.cards.append(BriefCard(title=f"{name}: {matter.name}", sections=(Section(title="Known", lines=known),)))
    else:
        for one in fields:
            told = '. '.join(_known(turn, one, sources)) if _confirmed(one) else _gap(turn, one, sources)
            lines.append(f"- **{one.aspect.label}:** {told}")
    lines.append(_looked(matter))
    _buttons(matter, framework, sources)
    return finished("\n".join(lines), sources, *matter.subjects)


def _gap(turn: Turn, field: Field, sources: Sources) -> str:
    beside = f" ({_known(turn, field, sources)[0]})" if field.record else ""
    return f"not known{beside}. Ask: {field.aspect.question}"


def _one_field(turn: Turn, matter: Matter, key: AspectKey, sources: Sources, *, whole_account: bool) -> Found:
    question = question_of(turn)
    focus = focus_of(turn.message, matter.name, *([matter.account.name] if matter.account else []), *question.people)
    field = _field(turn, matter, key, _QUOTES, focus)
    near = _near(turn, replace(question, terms=focus), matter.widened(turn) if whole_account else matter, matter, field.aspect)
    if focus:
        field = replace(field, said=_told(matter, field.aspect, near, focus))
    label = field.aspect.label
    thing = _THERE.match(question.text.rstrip(" ?.!"))
    if thing is not None and near and not any(words.mentions(thing.group(1), one.sentence.text) for one in near):
        text = f"**No:** nothing in {matter.looked_at} mentions “{thing.group(1)}”. The nearest: {quoted(near[0].sentence, sources, turn)}"
        return finished(text, sources, *matter.subjects)
    if _confirmed(field):
        lines = _known(turn, field, sources)
        what = label if not field.said or field.said[0].score else "Nearest to that"
        head = f"{what} at {matter.name}" if field.before is None else f"{what} at {matter.name}, not the same every time"
        text = "\n".join([f"**{head}:** {lines[0]}", *(f"- {line}" for line in lines[1:])])
        _buttons(matter, "meddpicc", sources)
        return finished(text, sources, *matter.subjects)
    text = f"**Not known:** nothing in {matter.looked_at} says {field.aspect.asked}."
    if field.record:
        text += f" {_recorded(field, sources)}."
    elsewhere = _field(turn, matter.widened(turn), key, 1, focus).said if whole_account else ()
    if near and near[0].share >= _SAYS:
        text += f" The nearest: {quoted(with_next(near[0].sentence), sources, turn)}"
    elif elsewhere and matter.account is not None:
        text += f" Elsewhere at {matter.account.name}: {quoted(elsewhere[0].sentence, sources, turn)}"
    elif near:
        text += f" The nearest: {quoted(with_next(near[0].sentence), sources, turn)}"
    text += f"\nAsk next: {field.aspect.question}"
    _buttons(matter, "meddpicc", sources)
    return finished(text, sources, *matter.subjects)


def _near(turn: Turn, question: Question, wide: Matter, matter: Matter, aspect: Aspect) -> list[Near]:
    """What is stated at the account, what is nearest to the question and tells most of the field first."""
    here = {one.id for one in matter.touches}
    found: list[Sentence] = []
    prior: list[float] = []
    for sentence in (one for touch in wide.touches for one in sentences_of(touch)):
        if len(stated(sentence.text)) < _SHORTEST:
            continue
        worth = weighed(aspect, sentence, matter.rivals, question.terms)
        found.append(sentence)
        prior.append((_OF_FIELD * worth.score if worth is not None else 0.0) + (_ON_DEAL if sentence.source.id in here else 0.0))
    return nearest(turn, question, found, prior)


def _told(matter: Matter, aspect: Aspect, near: Sequence[Near], focus: Sequence[str]) -> tuple[Evidence, ...]:
    """The statements to tell, the nearest to the question first, the newest where they name other amounts or days; none where
    no sentence of the deal is evidence. What is nearer to the question than any of them is told too."""
    here = {one.id for one in matter.touches}
    told: list[tuple[Evidence, bool]] = []
    for one in near:
        worth = weighed(aspect, one.sentence, matter.rivals, focus) if one.sentence.source.id in here else None
        if worth is not None or one.share >= _SAYS or (one.meaning >= _CLOSE and one.share > 0):
            told.append((worth or Evidence(one.sentence, 0.0, frozenset()), worth is not None))
    last = next((at for at, (_, is_evidence) in enumerate(told) if is_evidence), None)
    if last is None:
        return ()
    kept = [one for one, _ in (told[:_QUOTES] if last < _QUOTES else [*told[: _QUOTES - 1], told[last]])]
    if any(apart(kept[0], one) for one in kept[1:]):
        kept.sort(key=lambda one: one.at, reverse=True)
    return tuple(kept)


def _looked(matter: Matter) -> str:
    more = f"; {wording.plural(len(matter.others), 'other open deal')}" if matter.others else ""
    return f"_From {matter.looked_at}{more}._"


def _buttons(matter: Matter, framework: Framework, sources: Sources) -> None:
    name = framework.upper()
    other = [(f"{name}: {one.name}", f"{name} for {one.name}") for one in matter.others[:2]]
    whole = [("BANT", f"BANT for {matter.name}"), ("MEDDPICC", f"MEDDPICC for {matter.name}")]
    sources.cards.append(follow_ups(*[one for one in whole if one[0] != name], *other))


@tool("qualify", response_format="content_and_artifact")
def _qualify(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    deal: str | None = None,
    framework: Framework = "bant",
    field: AspectKey | None = None,
    gaps_only: bool = False,
) -> tuple[str, Found]:
    """What is known to qualify a deal (BANT, MEDDIC, MEDDPICC), each field with the customer's words behind it, and what to
    ask where nothing is known. `field` asks for one ("what is their budget?"); `gaps_only` for what is missing."""
    return shown(qualify(runtime.context, account, deal, framework, field, gaps_only))


TOOLS = [_qualify]
