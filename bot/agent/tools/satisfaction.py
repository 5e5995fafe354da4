"""The tool that says how satisfied a customer is: survey answers with their words, cases, and what they said themselves."""

import re

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_case, cite_survey
from bot.agent.tools.cues import RISK
from bot.agent.tools.gist import Sentence, sentences_of
from bot.agent.tools.objecting import objects
from bot.agent.tools.resolving import account_of, asking
from bot.agent.tools.shaping import account_subject, brief, day_of, finished, follow_ups, quoted, shown
from bot.agent.tools.unworded import closest
from bot.agent.turn import Found, Turn
from crm_store.queries import cases, interactions
from crm_store.queries.cases import SurveyFacts
from crm_store.queries.interactions import InteractionFilter

_READ = 20
_PROMOTER, _DETRACTOR = 9, 6
"""NPS calls 9 and 10 promoters and up to 6 detractors (Reichheld, 2003)."""
_PRAISED = re.compile(
    r"\b(?:prais(?:e[sd]?|ing)|(?:likes|liked|we like|loves?|loved) (?:it|the|your|our|that|how)"
    r"|(?:happy|satisfied|pleased|impressed|delighted) (?:with|by|about|that|how)"
    r"|(?:is|are|am|were|was) (?:very |really )?(?:happy|satisfied|pleased|impressed)|recommend(?:s|ed)? (?:us|you|it)"
    r"|hate to lose|relief|proud|convinced|work(?:s|ed) (?:well|fine|great)|well done|great work|best \w+ (?:we|they|I)"
    r"|reason (?:we|they) (?:stay|bought|chose)|to our sister company|stake my name"
    r"|thank you for (?!your (?:mail|message|time|call|reply|patience|offer)|the))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|never|nobody|hardly|n't|without|if)\b[^.;]*$", re.IGNORECASE)
_ASKS_PRAISE = re.compile(
    r"\b(?:what|which|how|why|do|does|did|has|have|anything|anybody|anyone)\b.*\b(?:like[sd]?|love[sd]?|value[sd]?|appreciate[sd]?"
    r"|prais\w+|enjoy\w*|thank(?:ed)?|compliment\w*|good (?:things?|words?|feedback)|positive)\b",
    re.IGNORECASE,
)
_PRAISES = 3
_FULL = {"nps": 10, "csat": 5, "ces": 7}


@asking
def satisfaction(turn: Turn, account: str) -> Found:
    """The newest answers to surveys, how cases were rated, and the newest praise and complaint in the customer's words."""
    with turn.read() as session:
        facts = account_of(session, turn, account)
        answers = cases.surveys(session, facts.id, limit=10)
        page = cases.cases(session, account_id=facts.id, status=None)
        touches = interactions.interactions(
            session, InteractionFilter(account_id=facts.id, until=turn.now), limit=_READ
        ).rows
    sources = Sources()
    rated = [one for one in page.rows if one.satisfaction]
    still_open = [one for one in page.rows if one.is_open]
    said = [one for source in touches for one in sentences_of(source) if _theirs(one)]
    lines: list[str] = []
    newest = answers[0] if answers else None
    if newest is not None:
        lines.append(f"**{facts.name}: {_score(newest)}**, {_told(turn, newest, sources)}.")
        sources.figure(f"{facts.name}: {newest.kind.upper()}", newest.score, "points")
        for one in [each for each in answers[1:] if each.kind == newest.kind][:2]:
            lines.append(f"- Before: {_score(one)}, {_told(turn, one, sources)}")
        other = next((each for each in answers if each.kind != newest.kind), None)
        if other is not None:
            lines.append(f"- {_score(other)}, {_told(turn, other, sources)}")
    if rated:
        average = sum(one.satisfaction or 0 for one in rated) / len(rated)
        last = f"the last {rated[0].satisfaction}/5 for “{brief(rated[0].subject, 70)}” {sources.mark(cite_case(rated[0]))}"
        text = f"{wording.plural(len(rated), 'case')} rated, {average:.1f} of 5 on average, {last}"
        lines.append(f"- {text}" if lines else f"**{facts.name}:** {text}.")
        sources.figure(f"{facts.name}: case satisfaction", round(average, 1), "of 5")
    if still_open:
        first, count = still_open[0], wording.plural(len(still_open), "case")
        lines.append(f"- {count} open: “{brief(first.subject, 80)}” ({first.priority}) {sources.mark(cite_case(first))}")
    praise = [one for one in said if praises(one)]
    if _ASKS_PRAISE.search(turn.message) and praise:
        told = [f"- {quoted(one, sources, turn)}" for one in praise[:_PRAISES]]
        rated_by_them = [f"- {lines[0]}"] if lines else []
        text = "\n".join([f"**{facts.name}: what they praised**, newest first:", *told, *rated_by_them])
        return finished(text, sources, account_subject(facts))
    for found, label in ((praise, "Praise"), ([one for one in said if objects(one) or RISK.search(one.text)], "Worry")):
        lines += [f"- {label}: {quoted(one, sources, turn)}" for one in found[:1]]
    if not (answers or rated):
        nothing = "" if lines else f" Nothing in their {wording.plural(len(touches), 'last interaction')} says it either."
        near = [] if lines else [f"- The nearest: {one}" for one in closest(turn, turn.message, touches, sources)[:1]]
        lines = [f"**Not known:** {facts.name} answered no survey and rated no case.{nothing}", *near, *lines]
    buttons = (("Cases", f"Cases of {facts.name}"), ("Latest", f"What's the latest on {facts.name}?"))
    sources.cards.append(follow_ups(*buttons))
    return finished("\n".join(lines), sources, account_subject(facts))


def _theirs(one: Sentence) -> bool:
    """Whether it is their own word, or our note of it."""
    return not (one.ours and one.direct) and not one.text.endswith("?")


def praises(one: Sentence) -> bool:
    """Whether they say that they like it."""
    found = _PRAISED.search(one.text)
    return found is not None and _DENIED.search(one.text[: found.start()]) is None


def _score(one: SurveyFacts) -> str:
    most = _FULL.get(one.kind)
    said = f"{one.kind.upper()} {one.score}" + (f" of {most}" if most else "")
    if one.kind == "nps":
        said += " (promoter)" if one.score >= _PROMOTER else " (detractor)" if one.score <= _DETRACTOR else " (passive)"
    return said


def _told(turn: Turn, one: SurveyFacts, sources: Sources) -> str:
    who = f"{one.contact} " if one.contact else ""
    comment = f": “{brief(one.comment)}”" if one.comment else ""
    return f"{who}on {day_of(turn, one.at)}{comment} {sources.mark(cite_survey(one))}"


@tool("satisfaction", response_format="content_and_artifact")
def _satisfaction(account: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """How satisfied a customer is: NPS and other survey answers with comments, how cases were rated, praise and worries."""
    return shown(satisfaction(runtime.context, account))


TOOLS = [_satisfaction]
