"""The tool that answers from the company's own documents: policies, prices, product sheets, playbooks."""

import re
from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.own_words import looked_for, matters, rarities
from bot.agent.tools.citing import Sources, cite_deal, clipped
from bot.agent.tools.own_meaning import CLOSE, MEANT, by_meaning
from bot.agent.tools.ranges import holds
from bot.agent.tools.resolving import account_of, ask, asking, deal_of
from bot.agent.tools.shaping import brief, day_of, deal_subject, finished, shown
from bot.agent.turn import Found, Turn
from bot.cards import Citation, PassagesCard
from bot.own_documents import OwnHit, search_own_documents
from crm_store.access import ScopedSession
from crm_store.names import Name, winners
from crm_store.own_documents import count_own_passages, own_document_of
from crm_store.queries import deals
from crm_store.queries.deals import DealFacts
from knowledge import sentences, words
from knowledge.embeddings import embed, query_vector

_ANSWERS = 0.42
"""A passage with at least this score answers; measured on the sample's documents with questions they do not answer."""
_SURE = 0.35
"""The same for a passage that has every word that was asked for."""
_HALF = 0.5
"""Less than this share of the words asked for is another matter, however near its meaning."""
_BESIDE = 0.9
"""Another passage is told as well when its score is this close to the best one's."""
_OF_ROWS = 0.8
_QUOTES = 2
_NEAR = 0.3
_WORDED = 0.45
"""How much of a sentence's worth is that it has the words asked for; the rest is its meaning."""
_TABLE = " | "
_TWO = 2
"""So many words asked for make a row of a table the nearest to what is asked."""
_MOST = 300
_SHORT = 200
"""A sentence is told with the next one when both are no longer than this."""
_AMOUNT = re.compile(r"\b(?:how (?:much|many|long|often)|price|cost|when|percent|%)\b")
_PRICE = re.compile(r"\b(?:price[sd]?|pricing|costs?|charge|how much (?:is|are|for)|expensive)\b", re.IGNORECASE)
_AND = re.compile(
    r"(?:\?\s+|,\s+|\s+)(?:and|or)\s+(?=(?:is|are|do|does|can|may|how|what|when|who|where|which|for how|(?:by|until) when)\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?) ?(?:%|percent\b|per cent\b)", re.IGNORECASE)


@asking
def search_documents(turn: Turn, query: str, account: str | None = None, deal: str | None = None) -> Found:
    """What our own documents say, or an honest no with the nearest passage. The customer it is asked for, named in the
    question or given, is told with the price that a discount would leave."""
    if not words.query_terms(query):
        raise ask("What should I look for in our documents?", (), "query")
    with turn.read() as session:
        query, about = asked_for(session, turn, query, account, deal)
        there = count_own_passages(session)
        hits = search_own_documents(session, turn.recall.embeddings, looked_for(query), most=6) if there else []
        products = [name.text for name in turn.names(session).of_kind("product")]
        papers = turn.names(session).papers
        whole = own_document_of(session, hits[0].passage.id) if hits else ()
    sources = Sources()
    if not there:
        text = "**No documents of our own are imported yet**, so I can't say what our policies or product sheets say."
        return finished(f"{text} An administrator can add them: `rapport documents import FOLDER`.", sources)
    sources.figure("Passages of our documents", there, "passages")
    named = [name for name in products if words.mentions(name, query)]
    shares = {one.passage.id: _share(one, query, named, papers) for one in hits}
    rows = [one for one in hits if shares[one.passage.id] >= _HALF and _row_for(one, query)]
    answering = rows or [one for one in hits if _answers(one, shares[one.passage.id])]
    if not _AMOUNT.search(query.casefold()):  # a row of a list tells less than a sentence, unless a figure is asked for
        answering.sort(key=lambda one: -one.score * (_OF_ROWS if _is_list(one) else 1.0))
    meant: list[tuple[OwnHit, float]] = []
    if not answering:
        with turn.read() as session:
            asked_so = search_own_documents(session, turn.recall.embeddings, query, most=6)
        meant = by_meaning(turn, list({one.passage.id: one for one in (*hits, *asked_so)}.values()), _unnamed(query, products))
        answering = [one for one, near in meant[:1] if near >= MEANT]
    if not answering:
        text = f"**Not known:** nothing in the {wording.plural(there, 'passage')} of our own documents answers that."
        nearest = next((one for one, near in meant if near >= CLOSE), hits[0] if hits and hits[0].score >= _NEAR else None)
        if nearest is not None:
            text += f" The nearest: {told(turn, nearest, query, sources)}"
        return finished(text, sources, *(deal_subject(one) for one in about[:1]))
    best = answering[0]
    if _named(best, query):  # the document itself is asked for: what it says, from its beginning
        close = [OwnHit(one, best.score, best.cosine, 1.0) for one in whole if one.section or len(whole) == 1]
        lines = [told(turn, close[0], query, sources), *(f"- {told(turn, one, query, sources)}" for one in close[1 : _QUOTES + 1])]
        close = close[_QUOTES + 1 :]
    else:
        close = [
            one for one in answering
            if one is best or (one.score >= _BESIDE * best.score and shares[one.passage.id] >= shares[best.passage.id])
        ]  # fmt: skip
        parts = list(dict.fromkeys(told(turn, best, part, sources) for part in _parts(query)))
        lines = [*parts, *(f"- {told(turn, one, query, sources)}" for one in close[1 : max(1, _QUOTES + 1 - len(parts))])]
        close = close[_QUOTES:]
    lines += [line for one in about[:_QUOTES] for line in discounted(one, query, sources)]
    rest = tuple(cited(one, _telling(turn, one, query)) for one in close)
    if rest:
        sources.cards.append(PassagesCard(title="More of our documents", passages=rest))
    return finished("\n".join(lines), sources, *(deal_subject(one) for one in about[:1]))


def asked_for(
    session: ScopedSession, turn: Turn, query: str, account: str | None, deal: str | None
) -> tuple[str, tuple[DealFacts, ...]]:
    """The question without the customers and people it names, of whom our documents say nothing, and the deal that it is
    about: the one that is named, or a customer's open ones."""
    named: list[Name] = []
    pieces: list[str] = []
    begun = 0
    for mention in turn.names(session).mentions(query):
        if mention.kind in ("account", "deal", "contact", "person") and mention.start >= begun:
            named += [one.name for one in winners(list(mention.matches))]
            pieces.append(query[begun : mention.start])
            begun = mention.end
    plain = " ".join(f"{' '.join(pieces)} {query[begun:]}".split())
    deals_named = {one.id for one in named if one.kind == "deal"}
    accounts_named = {one.id if one.kind == "account" else one.account_id for one in named if one.kind in ("account", "contact")}
    if deal is not None:
        deals_named = {deal_of(session, turn, deal).id}
    elif account is not None and not (deals_named or accounts_named):
        accounts_named = {account_of(session, turn, account).id}
    if len(deals_named) == 1:
        known = deals.deal(session, deals_named.pop(), now=turn.now)
        about: tuple[DealFacts, ...] = (known,) if known is not None else ()
    else:
        about = tuple(one for id_ in sorted(filter(None, accounts_named)) for one in deals.open_deals(session, id_, now=turn.now))
    return (plain if words.query_terms(plain) else query), about


def discounted(deal: DealFacts, query: str, sources: Sources) -> list[str]:
    """What a deal would come to with the discount that is asked about."""
    percent = _PERCENT.search(query)
    if percent is None or deal.amount_minor is None or deal.currency is None:
        return []
    share = Decimal(percent.group(1).replace(",", "."))
    if not 0 < share < 100:
        return []
    left = int((deal.amount_minor * (100 - share) / 100).to_integral_value(ROUND_HALF_UP))
    sources.figure(f"{deal.name} less {share} %", left, deal.currency)
    stands = wording.money(deal.amount_minor, deal.currency)
    mark = sources.mark(cite_deal(deal, f"{deal.name}: {stands}"))
    return [f"{deal.name} stands at {stands} {mark}; {share} % less would be {wording.money(left, deal.currency)}."]


def _parts(query: str) -> list[str]:
    """Each of several things that are asked in one question: "how much is it and is travel included"."""
    return [part for part in _AND.split(query) if words.query_terms(part)] or [query]


def _row_for(hit: OwnHit, query: str) -> bool:
    """Whether a row of its tables is for the number that is asked about, or for the thing whose price is asked."""
    heads = [row.split(_TABLE)[0] for row in hit.passage.text.splitlines() if _TABLE in row]
    return any(holds(head, query) for head in heads) or (_PRICE.search(query) is not None and any(_priced(head, query) for head in heads))


def _priced(head: str, query: str) -> bool:
    things = [one for one in matters(query) if "price" not in one]
    return bool(things) and all(any(words.matched_terms((each,), head) for each in one) for one in things)


def _is_list(hit: OwnHit) -> bool:
    """Whether a passage is a table for the most part."""
    lines = hit.passage.text.splitlines()
    return sum(_TABLE in line for line in lines) > len(lines) / 2


def _answers(hit: OwnHit, share: float) -> bool:
    return share >= _HALF and hit.score >= (_SURE if share == 1.0 else _ANSWERS)


def _share(hit: OwnHit, query: str, products: Sequence[str], papers: Sequence[Collection[str]]) -> float:
    """The share of what was asked that a passage mentions, rare words counting more. A product's name alone is not what was
    asked about it."""
    plain = _unnamed(query, products)
    said = f"{hit.passage.title}\n{hit.passage.section}\n{hit.passage.text}"
    found = [any(words.matched_terms((each,), said) for each in one) for one in matters(plain)]
    weights = rarities(papers, plain)
    return sum(weight for weight, is_said in zip(weights, found, strict=True) if is_said) / sum(weights)


def _unnamed(query: str, products: Sequence[str]) -> str:
    return re.sub("|".join(map(re.escape, products)), " ", query, flags=re.IGNORECASE) if products else query


def _named(hit: OwnHit, query: str) -> bool:
    """Whether the question names the document: "what's our discount policy"."""
    terms = words.query_terms(query)
    return len(terms) > 1 and len(words.matched_terms(terms, hit.passage.title)) == len(terms)


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
    terms = words.query_terms(looked_for(query))
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
    rows = [(at, piece.split(_TABLE)[0]) for at, piece in enumerate(pieces) if _TABLE in piece]
    fitting = [at for at, head in rows if holds(head, query)]
    if asks_amount and not fitting:
        fitting = [at for at, head in rows if words.mentions(head, query) or (_PRICE.search(query) and _priced(head, query))]
    if _PRICE.search(query) and not fitting and (told := max((len(held[at]) for at, _ in rows), default=0)) >= _TWO:
        fitting = [at for at, _ in rows if len(held[at]) == told][:1]
    if len(fitting) == 1:  # the one row for what is asked about, or for its number
        first = last = fitting[0]
    elif _TABLE in pieces[best]:  # rows of a table mean little alone
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
def _search_documents(
    query: str, runtime: ToolRuntime[Turn], account: str | None = None, deal: str | None = None
) -> tuple[str, Found]:
    """What our own documents say: policies (discounts, terms, returns), list prices, product sheets, security, playbooks, and
    what may be offered to a customer. `query` is the question as it was asked, names included; `account` or `deal` say whom
    it is about where the question has only a pronoun."""
    return shown(search_documents(runtime.context, query, account, deal))


TOOLS = [_search_documents]
