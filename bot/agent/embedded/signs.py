"""What in a request speaks for one family or another, by name: the sentence forms that fit, the readers that claim it, how it is
built. The words themselves are counted beside them, hashed."""

import hashlib
import itertools
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bot.agent.embedded import plan_bulk, plan_evidence, plan_figures, plan_people_data, stated_values
from bot.agent.embedded.grammar import SALES, forms_of
from bot.agent.embedded.requests import Request

Array = npt.NDArray[np.float32]
BUCKETS = 4096
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[A-Z]+|\d+|[?:>]")
_SPLIT = re.compile(r"\b(?:by|per|split|vs)\b")
_HOW_MANY = re.compile(r"(?:and )?how many\b(?!.*(?:ACCOUNT|CONTACT|DEAL|\b(?:times|often)\b))")
_SALES = re.compile(SALES)
_OPENINGS = 3
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
    if plan_bulk.meant(text):
        yield "bulk"
    people_data = plan_people_data.made(core, request.mood, request.linker)
    if people_data is not None:
        yield people_data.reason
    yield from (kind for kind, _ in plan_evidence.claims(core, request.mood, request.linker, request.caller, request.today))
    figure = plan_figures.figure(core)
    if figure is None and _SALES.match(text) and (plan_figures.SHARE.search(text) or _HOW_MANY.match(text)):
        yield "figure report"
    if figure is not None:
        yield "figure by" if figure == "report" and _SPLIT.search(text) else f"figure {figure}"
    if stated_values.said_briefly(core, request.linker):
        yield "a value"


def words_of(masked: str) -> Array:
    """Words, pairs of neighbours and the first words of a masked text as a hashed vector of BUCKETS, of length one."""
    tokens = _TOKEN.findall(masked)
    found = [
        *tokens,
        *(f"{a} {b}" for a, b in itertools.pairwise(tokens)),
        *(f"^{at}{token}" for at, token in enumerate(tokens[:_OPENINGS])),
        *(f"{token}$" for token in tokens[-1:]),
    ]
    vector = np.zeros(BUCKETS, dtype=np.float32)
    for cue in found:
        vector[int.from_bytes(hashlib.blake2s(cue.encode(), digest_size=4).digest()) % BUCKETS] += 1.0
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
