"""What in a request speaks for one family or another, by name: the sentence forms that fit, the readers that claim it, how it is
built. The words themselves are counted beside them (:mod:`.hashed_words`)."""

import re
from collections.abc import Iterator

from bot.agent.embedded import (
    changed_tasks,
    done_tasks,
    news,
    plan_bulk,
    plan_consents,
    plan_deals,
    plan_evidence,
    plan_figures,
    plan_log,
    plan_people_data,
    plan_said,
    report_conditions,
    stated_values,
)
from bot.agent.embedded.grammar import SALES, forms_of
from bot.agent.embedded.requests import Request

_SPLIT = re.compile(r"\b(?:by|per|split|vs|for (?:each|every)|versus)\b")
_HOW_MANY = re.compile(r"(?:and )?how many\b(?!.*(?:ACCOUNT|CONTACT|DEAL|\b(?:times|often)\b))")
_SALES = re.compile(SALES)
_LENGTHS = (3, 6, 10, 16, 25)


def signs_of(request: Request) -> Iterator[str]:
    """The names of all signs that a request shows."""
    core, text, mood = request.core, request.bare, request.mood
    hits = forms_of(text)
    for rule, family in hits:
        yield f"form {family}"
        yield f"rule {rule}"
    first = hits[0][1] if hits else "none"
    yield f"first {first}"
    yield f"first {first} {mood}"
    for claim in claims(request):
        yield f"claim {claim}"
    yield f"mood {mood}"
    kinds = {mark.kind for mark in core.marks}
    for kind in kinds:
        yield f"has {kind}"
        yield f"has {kind} {mood}"
    if not request.named:
        yield f"unnamed {'pointing' if request.points_back else 'at all'}"
    for mark in core.of("DATE"):
        start = mark.time.start if mark.time is not None else None
        if start is not None:
            yield "past" if (start.date() if hasattr(start, "date") else start) < request.today else "future"
    if core.masked.rstrip().endswith("?"):
        yield "asked"
    yield f"words {sum(len(text.split()) > bound for bound in _LENGTHS)}"


def claims(request: Request) -> Iterator[str]:
    """The readers with words of their own that would take the request."""
    core, text = request.core, request.bare
    if plan_said.asks_if_so(text):
        yield "still so"
        return
    if plan_bulk.meant(text):
        yield "bulk"
    elif plan_consents.claimed(core, request.mood):
        yield "consent"
        return
    elif changed_tasks.meant(core, request.linker):
        yield "one task"
        return
    elif request.mood == "command" and done_tasks.meant(core.masked.rstrip(" .!")):
        yield "one task done"
        return
    elif request.mood == "command" and plan_log.told(text):
        yield "entry"
        return
    elif request.mood == "command" and news.told(text) and plan_people_data.made(core, request.mood, request.linker) is None and not stated_values.said_briefly(core, request.linker):
        yield "news"
        return
    if request.mood == "question" and plan_deals.asks_who_is_quiet(core):
        yield "who is quiet"
        return
    people_data = plan_people_data.made(core, request.mood, request.linker)
    if people_data is not None:
        yield people_data.reason
    yield from (kind for kind, _ in plan_evidence.claims(core, request.mood, request.linker, request.caller, request.today))
    if plan_deals.asks_outlook(core):
        yield "outlook"
    figure = plan_figures.figure(core)
    if figure is None and _SALES.match(text) and (report_conditions.SHARE.search(text) or _HOW_MANY.match(text)):
        yield "figure report"
    if figure is not None:
        yield "figure by" if figure == "report" and _SPLIT.search(text) else f"figure {figure}"
    if stated_values.said_briefly(core, request.linker):
        yield "a value"
