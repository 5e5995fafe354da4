"""Which family a request is of: softmax regression over its embedding, its words, their letters and the signs that speak for a family.

Every family is scored, those that sentence forms or readers of their own know as well as those that only their words give away.
A form that fits is evidence and no verdict: how much it weighs was learned from utterances it was not written for.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.agent.embedded.hashed_words import Array, letters_of, words_of
from bot.agent.embedded.plans import Guess
from bot.agent.embedded.requests import Request
from bot.agent.embedded.signs import signs_of
from knowledge.embeddings import query_vector

WEIGHTS = Path(__file__).parent / "weights.npz"
SIGN_SCALE = 0.2
"""How long the vector of one sign is beside that of all words, which is one."""


@dataclass(frozen=True)
class Intents:
    """``dense`` is [families, dimension], ``words`` [families, BUCKETS], ``letters`` [families, LETTER_BUCKETS], ``signs`` [families,
    names of signs], ``bias`` [families]; ``columns`` leads from the name of a sign to its column."""

    families: tuple[str, ...]
    dense: Array
    words: Array
    letters: Array
    signs: Array
    bias: Array
    columns: dict[str, int]

    @classmethod
    @functools.cache
    def load(cls) -> Self:
        """The committed weights; read once, as they never change while the program runs."""
        with np.load(WEIGHTS) as stored:
            return cls(
                tuple(str(name) for name in stored["families"]),
                stored["dense"].astype(np.float32),
                stored["words"].astype(np.float32),
                stored["letters"].astype(np.float32),
                stored["signs"].astype(np.float32),
                stored["bias"].astype(np.float32),
                {str(name): at for at, name in enumerate(stored["columns"])},
            )

    def weighed(self, request: Request, vector: Array) -> list[Guess]:
        """Every family with its probability, likeliest first. A vector of another size is left out."""
        shown = [self.columns[sign] for sign in signs_of(request) if sign in self.columns]
        scores = self.bias + words_of(request.core.masked) @ self.words.T + letters_of(request.core.masked) @ self.letters.T
        scores = scores + SIGN_SCALE * self.signs[:, sorted(set(shown))].sum(axis=1)
        if vector.shape[0] == self.dense.shape[1]:
            scores = scores + vector @ self.dense.T
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        return [Guess(self.families[at], float(odds[at])) for at in np.argsort(-odds, kind="stable")]


class Weigher:
    """Weighs one request and what is left of it without a word or two, embedding it once."""

    def __init__(self, intents: Intents, embeddings: Embeddings) -> None:
        self._intents, self.embeddings = intents, embeddings
        self._vectors: dict[bool, Array] = {}

    def guesses(self, request: Request) -> list[Guess]:
        strange = bool(request.core.of("STRANGER"))  # with a name masked that nothing has, it reads otherwise
        if strange not in self._vectors:
            self._vectors[strange] = query_vector(self.embeddings, request.core.plain)
        return self._intents.weighed(request, self._vectors[strange])
