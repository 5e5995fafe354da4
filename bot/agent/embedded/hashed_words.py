"""The words of a text as a vector, hashed, and what their letters are: what the classifiers count beside an embedding."""

import functools
import hashlib
import itertools
import re

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
BUCKETS = 4096
LETTER_BUCKETS = 2048
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[A-Z]+|\d+|[?:>]")
_OPENINGS = 3
_WORD = re.compile(r"[a-z']+")
_LETTERS = range(3, 6)


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


def letters_of(masked: str) -> Array:
    """The groups of three to five letters in the words of a masked text as a hashed vector of LETTER_BUCKETS, of length one: a
    word that was never seen or is misspelled is like those that it shares its stem with."""
    vector = np.zeros(LETTER_BUCKETS, dtype=np.float32)
    for word in _WORD.findall(masked):
        for bucket in _groups(word):
            vector[bucket] += 1.0
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


@functools.lru_cache(maxsize=20_000)
def _groups(word: str) -> tuple[int, ...]:
    whole = f"<{word}>"
    groups = [whole[at : at + size] for size in _LETTERS for at in range(len(whole) - size + 1)]
    return tuple(int.from_bytes(hashlib.blake2s(group.encode(), digest_size=4).digest()) % LETTER_BUCKETS for group in groups)
