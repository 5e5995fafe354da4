"""Which sentence of a passage to quote for a question. Pure; sentences are verbatim."""

import re

from bot.agent.tools.citing import clipped
from bot.agent.tools.cues import MONEY
from bot.agent.tools.gist import worth
from knowledge import sentences, words
from knowledge.citations import speaker_of
from knowledge.search import Hit

_LABEL = re.compile(r"^[A-Z][\w.'’-]*(?: [\w.'’()-]+){0,4}: (?=\S)")
_LONG = 165
_WITH_MONEY = 0.6
"""What a sentence with an amount counts more where a price is asked for."""
_THEIR_OWN = 1.0
"""What the words of the one who is asked about count more than what others said beside them."""


def telling(text: str, query: str, *, on: bool, by: str | None = None, priced: bool = False) -> str:
    """The sentence with most of the words asked for, of several the one that says most; "" where none has any. ``on`` takes the
    next one with it, where a reason is given."""
    terms = words.query_terms(query)
    best, most = "", 0.0
    spans = sentences.spans(text)
    for at, (start, end) in enumerate(spans):
        said = _LABEL.sub("", text[start:end].strip())
        matched = len(words.matched_terms(terms, said))
        weight = matched + min(worth(said), 20.0) / 25 if matched else 0.0
        if weight and by is not None and text[start:end].strip().startswith(f"{by}: "):
            weight += _THEIR_OWN
        if weight and priced and MONEY.search(said):
            weight += _WITH_MONEY
        if weight > most:
            after = spans[at + 1][1] if on and at + 1 < len(spans) else end
            follows = text[start:after].strip()
            best, most = said if "\n" in follows or len(follows) > _LONG else _LABEL.sub("", follows), weight
    return clipped(best)


def says(hit: Hit, name: str, query: str) -> bool:
    """Whether it is this person's own words that mention what is asked."""
    quote = telling(hit.passage.text, query, on=False, by=name)
    return bool(quote) and speaker_of(hit.passage, quote) == name
