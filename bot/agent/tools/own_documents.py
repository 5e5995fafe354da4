"""The tool that answers from the company's own documents: policies, prices, product sheets, playbooks."""

import re
from collections.abc import Sequence

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, clipped
from bot.agent.tools.resolving import ask, asking
from bot.agent.tools.shaping import brief, day_of, finished, shown
from bot.agent.turn import Found, Turn
from bot.cards import Citation, PassagesCard
from bot.own_documents import OwnHit, search_own_documents
from crm_store.own_documents import count_own_passages, own_document_of
from knowledge import sentences, words
from knowledge.embeddings import embed, query_vector

_ANSWERS = 0.42
"""A passage with at least this score answers; measured on the sample's documents with questions they do not answer."""
_SURE = 0.35
"""The same for a passage that has every word that was asked for."""
_HALF = 0.5
"""Less than this share of the words asked for is another matter, however near its meaning."""
_BESIDE = 0.75
"""Another passage is told as well when its score is this close to the best one's."""
_QUOTES = 2
_NEAR = 0.3
_WORDED = 0.45
"""How much of a sentence's worth is that it has the words asked for; the rest is its meaning."""
_TABLE = " | "
_MOST = 300
_SHORT = 200
"""A sentence is told with the next one when both are no longer than this."""
_AMOUNT = re.compile(r"\b(?:how (?:much|many|long|often)|price|cost|when|percent|%)\b")
_GENERAL = frozenset({"policy", "policies", "rule", "rules", "document", "documents", "playbook", "sheet", "company"})
"""What is said of any such document, and so tells nothing of what was asked."""
_SAME_WORDS = {
    "cost": "price", "costs": "price", "charge": "price", "sso": "single sign-on", "refund": "refunded, returned",
    "residency": "hosted", "servers": "hosted, servers", "discounts": "discount", "rebate": "discount", "uptime": "availability",
    "sla": "availability, support", "gdpr": "data protection",
}  # fmt: skip
"""What people ask for, by the words that documents use for it; added to the question, never taken away."""


@asking
def search_documents(turn: Turn, query: str) -> Found:
    """What our own documents say, or an honest no with the nearest passage."""
    if not words.query_terms(query):
        raise ask("What should I look for in our documents?", (), "query")
    with turn.read() as session:
        there = count_own_passages(session)
        hits = search_own_documents(session, turn.recall.embeddings, widened(query), most=6) if there else []
        products = [name.text for name in turn.names(session).of_kind("product")]
        whole = own_document_of(session, hits[0].passage.id) if hits else ()
    sources = Sources()
    if not there:
        text = "**No documents of our own are imported yet**, so I can't say what our policies or product sheets say."
        return finished(f"{text} An administrator can add them: `rapport documents import FOLDER`.", sources)
    sources.figure("Passages of our documents", there, "passages")
    named = [name for name in products if words.mentions(name, query)]
    shares = {one.passage.id: _share(one, query, named) for one in hits}
    answering = [one for one in hits if _answers(one, shares[one.passage.id])]
    if not answering:
        text = f"**Not known:** nothing in the {wording.plural(there, 'passage')} of our own documents answers that."
        if hits and hits[0].score >= _NEAR:
            text += f" The nearest: {told(turn, hits[0], query, sources)}"
        return finished(text, sources)
    best = answering[0]
    if _named(best, query):  # the document itself is asked for: what it says, from its beginning
        close = [OwnHit(one, best.score, best.cosine, 1.0) for one in whole if one.section or len(whole) == 1]
        lines = [told(turn, close[0], query, sources), *(f"- {told(turn, one, query, sources)}" for one in close[1 : _QUOTES + 1])]
        close = close[_QUOTES + 1 :]
    else:
        close = [
            one for one in answering
            if one.score >= _BESIDE * best.score and shares[one.passage.id] >= shares[best.passage.id]
        ]  # fmt: skip
        lines = [told(turn, best, query, sources), *(f"- {told(turn, one, query, sources)}" for one in close[1:_QUOTES])]
        close = close[_QUOTES:]
    rest = tuple(cited(one, _telling(turn, one, query)) for one in close)
    if rest:
        sources.cards.append(PassagesCard(title="More of our documents", passages=rest))
    return finished("\n".join(lines), sources)


def _answers(hit: OwnHit, share: float) -> bool:
    return share >= _HALF and hit.score >= (_SURE if share == 1.0 else _ANSWERS)


def _share(hit: OwnHit, query: str, products: Sequence[str]) -> float:
    """The share of what was asked that a passage mentions. A product's name alone is not what was asked about it."""
    plain = re.sub("|".join(map(re.escape, products)), " ", query, flags=re.IGNORECASE) if products else query
    asked = [term for term in words.query_terms(plain) if not (term.isdigit() or term.casefold() in _GENERAL)]
    asked = asked or list(words.query_terms(query))
    said = f"{hit.passage.title}\n{hit.passage.section}\n{hit.passage.text}"
    return sum(any(words.matched_terms((each,), said) for each in _spellings(term)) for term in asked) / len(asked)


def _spellings(term: str) -> list[str]:
    return [term, *_SAME_WORDS.get(term.casefold(), "").split(", ")] if term.casefold() in _SAME_WORDS else [term]


def _named(hit: OwnHit, query: str) -> bool:
    """Whether the question names the document: "what's our discount policy"."""
    terms = words.query_terms(query)
    return len(terms) > 1 and len(words.matched_terms(terms, hit.passage.title)) == len(terms)


def widened(query: str) -> str:
    """The question with the words that documents use for what it asks."""
    more = [_SAME_WORDS[word] for word in re.findall(r"[a-z]+", query.casefold()) if word in _SAME_WORDS]
    if re.search(r"\bhow much (?:is|are|does|do|would|for)\b", query.casefold()):
        more.append("price")
    return " ".join([query, *more]).replace(",", " ")


def told(turn: Turn, hit: OwnHit, query: str, sources: Sources) -> str:
    """``**Discount policy, Approvals** (Mon 5 Jan): “…” [1]``."""
    quote = _telling(turn, hit, query)
    citation = cited(hit, quote)
    said = brief(re.sub(r"(?<![.;:!?])\n", "; ", quote), _MOST)
    return f"**{citation.title}** ({day_of(turn, hit.passage.at)}): “{said}” {sources.mark(citation)}"


def cited(hit: OwnHit, quote: str) -> Citation:
    passage = hit.passage
    title = f"{passage.title}, {passage.section}" if passage.section else passage.title
    return Citation(id=f"own:{passage.id}", kind="document", title=title, quote=quote, at=passage.at)


def _telling(turn: Turn, hit: OwnHit, query: str) -> str:
    """The sentence of a passage that answers best, with the next one where it is short and the answer may go on."""
    text = hit.passage.text
    said = sentences.spans(text)
    if not said:
        return clipped(text)
    pieces = [text[start:end].strip() for start, end in said]
    terms = words.query_terms(widened(query))
    held = [set(words.matched_terms(terms, piece)) for piece in pieces]
    rarity = {term: 1 / max(1, sum(term in each for each in held)) for term in terms}
    near = _closeness(turn, pieces, query)
    asks_amount = _AMOUNT.search(query.casefold()) is not None

    def worth(at: int) -> float:
        figure = 0.15 if asks_amount and re.search(r"\d", pieces[at]) else 0.0
        is_it = 0.4 if _TABLE in pieces[at] and words.mentions(pieces[at].split(_TABLE)[0], query) else 0.0
        return _WORDED * sum(rarity[term] for term in held[at]) + (1 - _WORDED) * near[at] + figure + is_it

    best = max(range(len(pieces)), key=worth)
    first = last = best
    if _TABLE in pieces[best]:  # rows of a table mean little alone
        while first > 0 and _TABLE in pieces[first - 1]:
            first -= 1
        while last + 1 < len(pieces) and _TABLE in pieces[last + 1]:
            last += 1
        if said[last][1] - said[first][0] > _MOST:
            first = last = best
    elif best + 1 < len(pieces) and _TABLE not in pieces[best + 1] and len(pieces[best]) + len(pieces[best + 1]) <= _SHORT:
        last = best + 1
    return clipped(text[said[first][0] : said[last][1]].strip(), _MOST)


def _closeness(turn: Turn, pieces: Sequence[str], query: str) -> list[float]:
    embeddings = turn.recall.embeddings
    return [float(one) for one in embed(embeddings, list(pieces)) @ query_vector(embeddings, query)]


@tool("search_documents", response_format="content_and_artifact")
def _search_documents(query: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """What our own documents say: policies (discounts, terms, returns), list prices, product sheets, security, playbooks.
    `query` is the question as it was asked."""
    return shown(search_documents(runtime.context, query))


TOOLS = [_search_documents]
