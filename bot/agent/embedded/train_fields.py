"""Train which field a qualification question asks for: ``python -m bot.agent.embedded.train_fields [-v]``.

Each file of ``field_questions`` is one field, one question a line, with names as in ``utterances``. Every fifth line is held out
to measure; the weights that are written are then trained on all of them. Seeded: the same weights on every machine up to rounding.

Measured with the committed weights: 817 questions for 11 fields, of the 164 held out 0.79 right; of 88 that were written apart,
before any was trained on, 0.93 (``tests/agent/embedded/asked_fields.txt``).
"""

import sys

import numpy as np

from bot.agent.embedded.asked_fields import WEIGHTS, without_names
from bot.agent.embedded.hashed_words import BUCKETS, Array, words_of
from bot.agent.embedded.train import field_questions, fit, requests
from knowledge.embeddings import MiniLM

_EPOCHS = 100
_HELD_OUT = 5


def features_of(texts: list[str]) -> Array:
    """[texts, dimension + BUCKETS]: the embedding of each text and its words, hashed."""
    read = requests(texts)
    dense = MiniLM().embed_array([without_names(request.core.masked) for request in read])
    sparse = np.stack([words_of(request.core.masked) for request in read])
    return np.concatenate([dense, sparse], axis=1, dtype=np.float32)


def main() -> int:
    pairs = field_questions()
    fields = sorted({field for field, _ in pairs})
    labels = np.array([fields.index(field) for field, _ in pairs])
    features = features_of([text for _, text in pairs])
    held = np.arange(len(pairs)) % _HELD_OUT == 0
    width = features.shape[1]
    weights, bias = fit(features[~held], labels[~held], len(fields), width, epochs=_EPOCHS)
    told = (features @ weights.T + bias).argmax(axis=1)
    sys.stdout.write(f"{len(pairs)} questions for {len(fields)} fields; {held.sum()} held out, {(told == labels)[held].mean():.3f} right\n")
    if "-v" in sys.argv:
        for at in np.flatnonzero(held & (told != labels)):
            sys.stdout.write(f"  {pairs[at][1]!r}: {fields[labels[at]]}, read as {fields[told[at]]}\n")
    weights, bias = fit(features, labels, len(fields), width, epochs=_EPOCHS)
    dense = width - BUCKETS
    np.savez_compressed(
        WEIGHTS, fields=np.array(fields), bias=bias, dense=weights[:, :dense].astype(np.float16),
        sparse=weights[:, dense:].astype(np.float16),
    )  # fmt: skip
    sys.stdout.write(f"wrote {WEIGHTS.name}, {WEIGHTS.stat().st_size // 1024} KB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
