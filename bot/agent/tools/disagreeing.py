"""The tool for what was said differently: two values of one matter, each with who said it and when, newest first."""

import re
from collections.abc import Sequence
from dataclasses import replace

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.aspects import BY_KEY, AspectKey
from bot.agent.tools.citing import Sources
from bot.agent.tools.dealt_with import Matter, matter_of
from bot.agent.tools.evidence import evidence
from bot.agent.tools.gist import sentences_of
from bot.agent.tools.nearest import Near, nearest, question_of
from bot.agent.tools.resolving import asking, contact_of
from bot.agent.tools.shaping import finished, follow_ups, quoted, shown
from bot.agent.tools.versions import Version, different_counts, different_days, different_values, versions_of
from bot.agent.turn import Found, Turn

_MOST = 3
_COUNT = re.compile(r"\b(?:how many|numbers? of|count of|amount of)\b", re.IGNORECASE)
_FIELDS: dict[AspectKey, re.Pattern[str]] = {
    "timeline": re.compile(
        r"\b(?:time ?(?:line|frame)|dates?|when|deadline|go[- ]?live|kick[- ]?off|launch|roll[- ]?out|delivery|decision)\b", re.IGNORECASE
    ),
    "budget": re.compile(r"\b(?:budget|prices?|discount|money|spend\w*|cost\w*)\b", re.IGNORECASE),
}
"""The fields whose values can be told apart, and the words that ask for each; all of them where none is named."""


@asking
def said_differently(
    turn: Turn,
    account: str | None = None,
    deal: str | None = None,
    contact: str | None = None,
    between: Sequence[str] = (),
    about: str = "",
) -> Found:
    """Each of the values ``between`` which it is to be decided, or each that was named of what is asked ``about``; of a
    ``contact``, what was said in talks with them."""
    with turn.read() as session:
        person = contact_of(session, turn, contact) if contact else None
        matter = matter_of(session, turn, person.account_id if person and not deal else account, deal)
    if person is not None:
        matter = replace(matter, touches=tuple(one for one in matter.touches if person.name in one.theirs))
    sources = Sources()
    if len(between) > 1:
        return _between(turn, matter, between, about, sources)
    fields = [key for key, named in _FIELDS.items() if named.search(about)] or list(_FIELDS)
    found = different_counts(matter.touches, about)
    near = _near(turn, matter, about)
    if not found and about and (between or _COUNT.search(about)):
        found = different_values(near)
    if not found and between:
        return _one_value(turn, matter, between[0], near, sources)
    if not found and "timeline" in fields:
        found = different_days(matter.touches)
    for key in fields:
        found = found or _values(matter, key)
    whose = f"{person.name}'s {wording.plural(len(matter.touches), 'interaction')}" if person else matter.looked_at
    if not found:
        of = f"on the {BY_KEY[fields[0]].label.casefold()} was said" if len(fields) == 1 else "is dated, priced or counted"
        text = f"**None found:** in {whose} nothing {of} in two ways."
        if last := evidence(BY_KEY[fields[0]], matter.touches, rivals=matter.rivals)[:1]:
            text += f" The last word on it: {quoted(last[0].sentence, sources, turn)}"
        _buttons(matter, sources)
        return finished(text, sources, *matter.subjects)
    lines = [f"**{matter.name}: not told the same way each time**, newest first:"]
    lines += [f"- {quoted(one.sentence, sources, turn)}" for one in found]
    _buttons(matter, sources)
    return finished("\n".join(lines), sources, *matter.subjects)


def _between(turn: Turn, matter: Matter, between: Sequence[str], about: str, sources: Sources) -> Found:
    found, missing = versions_of(matter.touches, between, about)
    if not found:
        text = f"**Not known:** nothing in {matter.looked_at} says {wording.join(list(between), 'or')}."
        return finished(text, sources, *matter.subjects)
    lines = [f"- {quoted(one.sentence, sources, turn)}" for one in found]
    if missing:
        lead = f"**{matter.name}: {found[0].value}** is on record; nothing in {matter.looked_at} says {wording.join(list(missing), 'or')}."
    elif len({one.sentence.text for one in found}) == 1:
        lead = f"**{matter.name}: both were said at once.**"
    else:
        lead = f"**{matter.name}: both were said; the newest is {found[0].value}.**"
    _buttons(matter, sources)
    return finished("\n".join([lead, *dict.fromkeys(lines)]), sources, *matter.subjects)


def _near(turn: Turn, matter: Matter, about: str) -> list[Near]:
    """What was said nearest to what is asked ``about``; nothing where that is not said."""
    if not about:
        return []
    told = [one for touch in matter.touches for one in sentences_of(touch)]
    return nearest(turn, replace(question_of(turn), terms=question_of(turn, about).terms), told)


def _one_value(turn: Turn, matter: Matter, value: str, near: Sequence[Near], sources: Sources) -> Found:
    """Whether a value still stands, where nobody named another one."""
    said, _ = versions_of(matter.touches, [value])
    if said:
        text = f"**{matter.name}: nothing newer than {value}** is on record: {quoted(said[0].sentence, sources, turn)}"
    else:
        text = f"**Not known:** nothing in {matter.looked_at} says {value}."
        text += f" The nearest: {quoted(near[0].sentence, sources, turn)}" if near else ""
    _buttons(matter, sources)
    return finished(text, sources, *matter.subjects)


def _values(matter: Matter, key: AspectKey) -> tuple[Version, ...]:
    """What was said of a field with different days or amounts, newest first; empty where all agree."""
    newest: dict[frozenset[str], Version] = {}
    for one in evidence(BY_KEY[key], matter.touches, rivals=matter.rivals):
        if one.values and not any(one.values & known for known in newest):
            newest[one.values] = Version(" ".join(sorted(one.values)), one.sentence)
    found = tuple(newest.values())[:_MOST]
    return found if len(found) > 1 else ()


def _buttons(matter: Matter, sources: Sources) -> None:
    sources.cards.append(follow_ups(("Timeline", f"Show the timeline of {matter.name}"), ("What is known?", f"MEDDPICC for {matter.name}")))


@tool("said_differently", response_format="content_and_artifact")
def _said_differently(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    deal: str | None = None,
    contact: str | None = None,
    between: list[str] | None = None,
    about: str = "",
) -> tuple[str, Found]:
    """Contradictions in what was said on a deal or account, or by one `contact`: "is it March or June?" with `between`, or
    whether dates or numbers differ (`about` says of what: "number of users", "budget"). Newest first, each with speaker and
    date."""
    return shown(said_differently(runtime.context, account, deal, contact, tuple(between or ()), about))


TOOLS = [_said_differently]
