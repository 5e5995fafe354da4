"""Which field of a qualification framework a question asks for: softmax regression over its embedding and its words.

The family (a question of what qualifies a deal) is known by then; here only its fields are told apart, and the question for all
of them from those for one. Trained by :mod:`bot.agent.embedded.train_fields`.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.agent.embedded.hashed_words import Array, words_of
from bot.agent.tools.aspects import BY_KEY, AspectKey
from knowledge.embeddings import query_vector

WEIGHTS = Path(__file__).parent / "field_weights.npz"
SURE = 0.3
"""A field that is less likely than this is not singled out: all of them are shown."""
BEYOND_DOUBT = 0.8
_NAMED = re.compile(r"\b(?:(?:at|on|of|for|with|from|to|does|do|is|has|by|in) )?(?:ACCOUNT|DEAL|CONTACT|RIVAL)(?:'s)?\b")


@dataclass(frozen=True)
class AskedFields:
    """``dense`` is [fields, dimension], ``sparse`` [fields, BUCKETS], ``bias`` [fields]; one of ``fields`` stands for all."""

    fields: tuple[str, ...]
    dense: Array
    sparse: Array
    bias: Array

    @classmethod
    @functools.cache
    def load(cls) -> Self:
        """The committed weights; read once, as they never change while the program runs."""
        with np.load(WEIGHTS) as stored:
            return cls(
                tuple(str(name) for name in stored["fields"]),
                stored["dense"].astype(np.float32),
                stored["sparse"].astype(np.float32),
                stored["bias"].astype(np.float32),
            )

    def chosen(self, masked: str, embeddings: Embeddings) -> AspectKey | None:
        """The field that a question with masked names asks for; None for all of them, or where none is likely. Embeddings of
        another dimension than the weights are left out."""
        field, odds = self._likeliest(masked, embeddings)
        best = next((key for key in BY_KEY if key == field), None)
        return best if odds >= SURE else None

    def surely(self, masked: str, embeddings: Embeddings) -> str:
        """The field that a question asks for beyond doubt; "" where there is some. For questions that another family might take."""
        field, odds = self._likeliest(masked, embeddings)
        return field if odds >= BEYOND_DOUBT else ""

    def asks_for_all(self, masked: str, embeddings: Embeddings) -> bool:
        """Whether all fields are asked for sooner than any of them."""
        field, _ = self._likeliest(masked, embeddings)
        return field not in BY_KEY

    def _likeliest(self, masked: str, embeddings: Embeddings) -> tuple[str, float]:
        vector = query_vector(embeddings, without_names(masked))
        scores = self.bias + words_of(masked) @ self.sparse.T
        if vector.shape[0] == self.dense.shape[1]:
            scores = scores + vector @ self.dense.T
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        return self.fields[int(odds.argmax())], float(odds.max())


def without_names(masked: str) -> str:
    """The question as of anybody: whom it is about tells nothing of the field, and a made-up name would."""
    return " ".join(_NAMED.sub(" they ", masked).split())
