"""The tool that lists what a customer objected to and whether it was answered."""

import re
from collections.abc import Collection, Sequence

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.dealt_with import matter_of
from bot.agent.tools.evidence import focus_of
from bot.agent.tools.gist import matters_to_them
from bot.agent.tools.nearest import question_of
from bot.agent.tools.objecting import Objection, matters
from bot.agent.tools.objecting import objections as objections_in
from bot.agent.tools.resolving import asking
from bot.agent.tools.shaping import finished, follow_ups, quoted, shown
from bot.agent.turn import Found, Turn
from crm_store.queries.interactions import InteractionFacts
from knowledge import words

_SHOWN = 4
_ASKED_FOR = re.compile(r"\bobject(?:s|ed|ing|ions?)?\b|\bpush(?:es|ed|ing)? ?back\b|\breservations?\b|\bconcerns?\b", re.IGNORECASE)
_TO_WHAT = re.compile(
    r"\b(?:object(?:s|ed|ing|ions?)?|concern(?:s|ed)?|worr(?:y|ies|ied)|doubts?|reservations?|push(?:es|ed|ing)? ?back"
    r"|complain(?:s|ed|ts?)?|unhappy) (?:to|about|on|against|with|regarding|over) (?:the |our |its )?(?!they\b|us\b)(.+)$",
    re.IGNORECASE,
)
_HEAD = {"open": "Open", "answered": "Answered", "settled": "Settled"}


@asking
def objections(turn: Turn, account: str | None = None, deal: str | None = None, open_only: bool = False) -> Found:
    """Objections on a deal, newest first, each with its answer; those without one first."""
    with turn.read() as session:
        matter = matter_of(session, turn, account, deal)
    sources = Sources()
    topic = _topic(turn)
    whole = matter.widened(turn) if deal is None else matter
    if topic and (held := objected_to(turn, topic, whole.touches, whole.name, sources)):
        return finished(held, sources, *matter.subjects)
    every = objections_in(matter.touches)
    if not every:
        wider = matter.widened(turn)
        every = objections_in(wider.touches)
        matter = wider if every else matter
    still_open = [one for one in every if one.state == "open"]
    wanted = still_open if open_only else [*still_open, *(one for one in every if one.state != "open")]
    focus = focus_of(turn.message, matter.account.name if matter.account else matter.name)
    wanted.sort(key=lambda one: -_in_focus(one, focus, matters(turn.message)))
    sources.figure(f"{matter.name}: objections", len(every), "objections")
    sources.figure(f"{matter.name}: unanswered objections", len(still_open), "objections")
    if not every:
        text = f"**None on record:** nothing in {matter.looked_at} reads like an objection."
        if near := matters_to_them(matter.touches, matter.rivals)[:1]:
            text += f" The nearest: {quoted(near[0], sources, turn)}"
        return finished(text, sources, *matter.subjects)
    if not wanted:
        lead = f"**{matter.name}: no objection is unanswered.** {_count(every)}, the last:"
        return finished("\n".join([lead, f"- {_line(every[0], turn, sources)}"]), sources, *matter.subjects)
    lead = f"{_count(wanted)} without an answer on record" if open_only else _summed(every)
    lines = [f"**{matter.name}: {lead}.**", *(f"- {_line(one, turn, sources)}" for one in wanted[:_SHOWN])]
    if len(wanted) > _SHOWN:
        lines.append(f"and {len(wanted) - _SHOWN} more in {matter.looked_at}.")
    buttons = (("What do we know?", f"MEDDPICC for {matter.name}"), ("Prepare the call", f"Prepare me for {matter.name}"))
    sources.cards.append(follow_ups(*buttons))
    return finished("\n".join(lines), sources, *matter.subjects)


def _in_focus(one: Objection, focus: Sequence[str], about: Collection[str]) -> int:
    """How much of what is asked an objection is about: its words, who speaks, and its matter."""
    said = f"{one.said.speaker or ''} {one.said.text}"
    return len(words.matched_terms(focus, said)) + 2 * len(matters(one.said.text) & set(about))


def _topic(turn: Turn) -> str:
    """To what objections are asked for: "the price" of "did they object to the price"; "" to anything."""
    named = _TO_WHAT.search(question_of(turn).text.rstrip(" ?.!"))
    topic = " ".join(words.query_terms(named.group(1))) if named is not None else ""
    return topic if matters(topic) else ""


def asks_for_objections(message: str) -> bool:
    return _ASKED_FOR.search(message) is not None


def objected_to(turn: Turn, topic: str, touches: Sequence[InteractionFacts], name: str, sources: Sources) -> str:
    """The objections to what is named, newest first, or that there are none of them and the last one to something else; "" where
    nothing at all was objected to, or what is named is no matter of objections."""
    every = objections_in(touches)
    terms, kinds = words.query_terms(topic), matters(topic)
    about = [one for one in every if len(words.matched_terms(terms, one.said.text)) == len(terms) or kinds & matters(one.said.text)]
    sources.figure(f"{name}: objections to {topic}", len(about), "objections")
    if about:
        lines = [f"- {_line(one, turn, sources)}" for one in about[:_SHOWN]]
        return "\n".join([f"**{name}: {_count(about)} on “{topic}”.**", *lines])
    if not every or not kinds:
        return ""
    last = quoted(every[0].said, sources, turn)
    looked_at = f"{name}'s {wording.plural(len(touches), 'interaction')}"
    return f"**No objection on “{topic}”** is on record in {looked_at}. {_count(every)} on something else, the last: {last}"


def _count(found: list[Objection] | tuple[Objection, ...]) -> str:
    return wording.plural(len(found), "objection")


def _summed(found: tuple[Objection, ...]) -> str:
    counts = [(state, sum(one.state == state for one in found)) for state in ("open", "answered", "settled")]
    return f"{_count(found)}, {wording.join([f'{count} {state}' for state, count in counts if count])}"


def _line(one: Objection, turn: Turn, sources: Sources) -> str:
    line = f"{_HEAD[one.state]}: {quoted(one.said, sources, turn)}"
    if one.reply is None:
        return line
    then = quoted(one.reply, sources, turn)
    return f"{line}. Then {then[0].lower() + then[1:] if then.startswith(('You', 'The ')) else then}"


@tool("objections", response_format="content_and_artifact")
def _objections(
    runtime: ToolRuntime[Turn], account: str | None = None, deal: str | None = None, open_only: bool = False
) -> tuple[str, Found]:
    """What a customer objected to on a deal (price, security, terms, timing) and whether it was answered."""
    return shown(objections(runtime.context, account, deal, open_only))


TOOLS = [_objections]
