"""Which kind of request a sentence is, by softmax regression over its embedding and the words that give it away."""

import functools
import hashlib
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from bot.agent.embedded.sentence import Sentence
from knowledge.embeddings import query_vector

Array = npt.NDArray[np.float32]

BUCKETS = 2048
WEIGHTS = Path(__file__).parent / "weights.npz"
_TOKEN = re.compile(r"[a-z]+|\d+|\?")


@dataclass(frozen=True)
class Guess:
    family: str
    probability: float


@dataclass(frozen=True)
class Intents:
    """``dense`` is [families, dimension], ``sparse`` [families, BUCKETS], ``bias`` [families]."""

    families: tuple[str, ...]
    dense: Array
    sparse: Array
    bias: Array

    @classmethod
    @functools.cache
    def load(cls) -> Self:
        """The committed weights; read once, as they never change while the program runs."""
        with np.load(WEIGHTS) as stored:
            families = tuple(str(name) for name in stored["families"])
            return cls(
                families,
                stored["dense"].astype(np.float32),
                stored["sparse"].astype(np.float32),
                stored["bias"].astype(np.float32),
            )

    def classify(self, sentence: Sentence, embeddings: Embeddings) -> list[Guess]:
        """Every family with its probability, likeliest first. An embedding of another size is left out."""
        scores = self.bias + cues(sentence.plain) @ self.sparse.T
        vector = query_vector(embeddings, sentence.plain)
        if vector.shape[0] == self.dense.shape[1]:
            scores = scores + vector @ self.dense.T
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        return [Guess(self.families[at], float(odds[at])) for at in np.argsort(-odds)]


class Guessed:
    """What one request most likely is, found once: to read it again without a word of it is no reason to embed it again."""

    def __init__(self, intents: Intents, embeddings: Embeddings) -> None:
        self._intents, self._embeddings = intents, embeddings
        self._found: list[Guess] | None = None

    def of(self, request: Sentence) -> list[Guess]:
        if self._found is None:
            self._found = self._intents.classify(request, self._embeddings)
        return self._found


def cues(text: str) -> Array:
    """Words, pairs of neighbours and the first words of a text as a hashed vector of BUCKETS, of length one."""
    tokens = _TOKEN.findall(text.lower())
    found = [
        *tokens,
        *(f"{a} {b}" for a, b in itertools.pairwise(tokens)),
        *(f"^{at}{token}" for at, token in enumerate(tokens[:2])),
    ]
    vector = np.zeros(BUCKETS, dtype=np.float32)
    for cue in found:
        vector[int.from_bytes(hashlib.blake2s(cue.encode(), digest_size=4).digest()) % BUCKETS] += 1.0
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
