"""The tool that looks for what was said, and says clearly when nobody said it."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.around import before_and_after
from bot.agent.tools.citing import Sources
from bot.agent.tools.cues import MONEY
from bot.agent.tools.interactions import day_start
from bot.agent.tools.objections import asks_for_objections, objected_to
from bot.agent.tools.own_documents import told as told_of
from bot.agent.tools.passage_lines import asks_price, citation_of, line_of, similarity_of
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of
from bot.agent.tools.shaping import brief, finished, shown
from bot.agent.tools.telling import says, telling
from bot.agent.tools.unworded import closest, nearer
from bot.agent.turn import Found, Subject, Turn
from bot.cards import PassagesCard
from bot.own_documents import OwnHit, search_own_documents
from crm_store.queries import documents, interactions
from crm_store.queries.documents import DocumentSource
from crm_store.queries.interactions import InteractionFacts, InteractionFilter
from knowledge import sentences, words
from knowledge.search import Hit

_NEAR = 0.3
"""Below this closeness of meaning a passage is near by chance (measured for the default model)."""
_MOSTLY = 0.6
"""The share of a longer question's terms that a passage has to mention to answer it."""
_CLOSE = 0.4
"""The nearest passage is only worth showing when its meaning is at least this close."""
_LOOKED_AT = 80
_SHORT = 2
_QUOTES = 3
_FEW = 5
_ASKED = 8
_YES_OR_NO = re.compile(r"^\W*(?:has|have|had|did|does|do|is|was|were|are|any|anyone|anybody)\b", re.IGNORECASE)
_ON_IT = 0.45
"""From this closeness on a document of ours is told beside the silence of one customer."""
_SAID_BY = re.compile(
    r"\b(?:did|does|has|have|what) .*\b(?:say|said|mention\w*|write|wrote|think|ask\w*|want\w*|tell|told)\b", re.IGNORECASE
)
_OF_TALK = re.compile(r"\b(?:mention\w*|complain\w*|said|say|says|asked|told|raised?|worried|talk\w*)\b", re.IGNORECASE)
"""Asks for what customers said, of which our own documents say nothing."""
_RIVALS = re.compile(r"^\W*(?:(?:the|any|a|an|other|our|their|about)\s+)*(?:competit(?:ors?|ion)|rivals?)\W*$", re.I)


@asking
def search_notes(
    turn: Turn,
    query: str,
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    channel: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Found:
    """Passages that mention what is asked, or an honest no with the nearest ones."""
    if not words.query_terms(query):
        raise ask("What should I look for?", (), "query")
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=known.id if known else None) if contact else None
        about = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
        wanted = InteractionFilter(
            account_id=known.id if known else None,
            contact_id=person.id if person else None,
            deal_id=about.id if about else None,
            channel=channel,
            since=day_start(turn, since) if since else None,
            until=day_start(turn, until + timedelta(days=1)) - timedelta(microseconds=1) if until else turn.now,
        )
        searched = interactions.count(session, wanted)
        names = {name.text for name in turn.names(session).of_kind("competitor")} if _RIVALS.match(query) else set()
    turn.say(f"Looking for “{brief(query, 60)}”…")
    hits: list[Hit] = []
    worded: dict[str, str] = {}  # which words each passage was found by
    for asked in (query, *sorted(names)):
        found = turn.recall.search(
            turn.caller,
            asked,
            today=turn.today,
            account_ids=[known.id] if known else None,
            contact_ids=[person.id] if person else None,
            deal_ids=[about.id] if about else None,
            kinds=[channel] if channel else None,
            since=since,
            until=until,
            k=_ASKED,
        )
        for hit in found:
            named = asked != query and hit.coverage >= 1
            if named or (asked == query and hit.passage.chunk_id not in worded):
                hits = [one for one in hits if one.passage.chunk_id != hit.passage.chunk_id]
                hits.append(hit)
                worded[hit.passage.chunk_id] = asked
    with turn.read() as session:
        rows = documents.sources_of(session, [hit.passage.document_id for hit in hits])
        papers = search_own_documents(session, turn.recall.embeddings, query, most=1)
    narrow = known is not None or person is not None or about is not None
    papers = [one for one in papers if one.coverage >= 1 and (not narrow or one.cosine >= _ON_IT)]
    hits = [hit for hit in hits if hit.passage.document_id in rows]
    if not narrow:  # what else was said beside the passages that were found
        ids = frozenset(one.source_id for one in rows.values() if one.source == "interaction")
        wanted = InteractionFilter(ids=ids)
    with turn.read() as session:
        touches = interactions.interactions(session, wanted, limit=_LOOKED_AT).rows
    subjects: list[Subject] = []
    if person:
        subjects.append(Subject("contact", person.id, person.name))
    if about:
        subjects.append(Subject("deal", about.id, about.name))
    if known:
        subjects.append(Subject("account", known.id, known.name))
    sources = Sources()
    where = person.name if person else about.name if about else known.name if known else ""
    place = f"{where}'s {wording.plural(searched, 'interaction')}" if where else (
        f"the {wording.plural(searched, 'interaction')} you can see"
    )  # fmt: skip
    sources.figure("Interactions searched", searched, "interactions")
    if narrow and asks_for_objections(turn.message) and (held := objected_to(turn, query, touches, where, sources)):
        return finished(held, sources, *subjects)
    answering, certain = _answering(query, hits)
    if not answering:
        return _nothing(turn, query, hits, rows, touches, place, sources, subjects, papers, placed=not narrow)
    similarity = similarity_of(turn, query)
    answering = _ordered(query, answering) if certain else answering
    if certain and asks_price(turn):
        answering = sorted(answering, key=lambda hit: MONEY.search(telling(hit.passage.text, query, on=False, priced=True)) is None)
    by = person.name if person and _SAID_BY.search(turn.message) else None
    if by is not None:  # what somebody said themselves comes before what was said to them
        answering = sorted(answering, key=lambda hit: not says(hit, by, query))
    cited = [(hit, worded[hit.passage.chunk_id], rows[hit.passage.document_id]) for hit in answering[:_QUOTES]]
    quotes = [citation_of(asked, hit, row, similarity, turn, by).quote for hit, asked, row in cited]
    better = nearer(turn, touches, quotes, sources, placed=not narrow) if certain else ""
    told = [line_of(turn, asked, hit, row, sources, bool(where), similarity, by) for hit, asked, row in cited]
    if certain:
        told = [better, *told[: _QUOTES - 1]] if better else told
        lines = [f"**Yes:** {told[0]}" if _YES_OR_NO.match(turn.message) else told[0]]
        lines += [f"- {one}" for one in told[1:]]
        lines.append(_found(query, len(answering), place))
    else:
        near = closest(turn, query, touches, sources, placed=not narrow)
        lines = [f"**The closest I find in {place}:**", *(f"- {one}" for one in dict.fromkeys([*near, *told[: _QUOTES - len(near)]]))]
    if not (where or _OF_TALK.search(turn.message)):
        lines += [f"Our own documents: {told_of(turn, one, query, sources)}" for one in papers]
    sources.figure("Passages found", len(answering), "passages")
    rest = tuple(
        citation_of(worded[hit.passage.chunk_id], hit, rows[hit.passage.document_id], similarity, turn)
        for hit in answering[_QUOTES:]
    )
    if rest:
        sources.cards.append(PassagesCard(title="More passages", passages=rest))
    around = before_and_after(turn, answering[0], rows[answering[0].passage.document_id], {hit.passage.chunk_id for hit in answering})
    if around:
        sources.cards.append(around)
    first = rows[answering[0].passage.document_id]
    if known is None and first.account_id and first.account:
        subjects.append(Subject("account", first.account_id, first.account))
    return finished("\n".join(lines), sources, *subjects)


def _found(query: str, found: int, place: str) -> str:
    count = f"{found} or more passages" if found >= _ASKED else wording.plural(found, "passage")
    verb = "mentions" if found == 1 else "mention"
    return f"{count} in {place} {verb} {_asked(query)}."


def _ordered(query: str, hits: Sequence[Hit]) -> list[Hit]:
    """Where one sentence says all that was asked for first, then the newest."""
    terms = words.query_terms(query)

    def said(hit: Hit) -> int:
        if hit.passage.text.strip() == hit.passage.title:  # nothing was written down
            return 0
        return max((len(words.matched_terms(terms, one)) for one in sentences.sentences(hit.passage.text)), default=0)

    return sorted(hits, key=lambda hit: (-said(hit), -hit.passage.at.timestamp()))


def _answering(query: str, hits: Sequence[Hit]) -> tuple[list[Hit], bool]:
    """The hits that answer, and whether each really mentions all that was asked for."""
    full = [hit for hit in hits if hit.coverage >= 1]
    if full:
        return full, True
    if len(words.query_terms(query)) <= _SHORT:
        return [], False
    return [hit for hit in hits if hit.coverage >= _MOSTLY and hit.cosine >= _NEAR], False


def _nothing(
    turn: Turn, query: str, hits: Sequence[Hit], rows: dict[str, DocumentSource], touches: Sequence[InteractionFacts], place: str,
    sources: Sources, subjects: list[Subject], papers: Sequence[OwnHit], *, placed: bool,
) -> Found:  # fmt: skip
    text = f"**No:** nothing in {place} mentions {_asked(query)}."
    if papers:
        return finished(f"{text} Our own documents: {told_of(turn, papers[0], query, sources)}", sources, *subjects)
    if said := closest(turn, query, touches, sources, placed=placed):
        return finished("\n".join([f"{text} The nearest: {said[0]}", *(f"- {one}" for one in said[1:])]), sources, *subjects)
    near = [hit for hit in hits if hit.cosine >= _CLOSE or (hit.coverage > 0 and hit.cosine >= _NEAR)]
    if near:
        best = max(near, key=lambda hit: (hit.cosine, hit.coverage))
        similarity = similarity_of(turn, query)
        text += (
            f" The nearest: {line_of(turn, query, best, rows[best.passage.document_id], sources, False, similarity)}"
        )
    return finished(text, sources, *subjects)


def _asked(query: str) -> str:
    """What was looked for, as it was written; a long question by its words of substance."""
    plain = query.strip().strip('"“”?.! ')
    return f"“{plain if len(plain.split()) <= _FEW else ' '.join(words.query_terms(query))}”"


@tool("search_notes", response_format="content_and_artifact")
def _search_notes(
    query: str,
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    channel: Literal["call", "meeting", "email", "chat", "social", "event", "note"] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[str, Found]:
    """Find who said what about something in calls, mails, meetings, notes and cases, e.g. "SOC 2". `query` holds only
    what is looked for; name the account or contact in their own arguments."""
    return shown(search_notes(runtime.context, query, account, contact, deal, channel, since, until))


TOOLS = [_search_notes]
