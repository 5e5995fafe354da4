"""How well passages are found, and how fast, with no network.

    python -m tests.benchmarks.retrieval quality [--folder FOLDER]
    python -m tests.benchmarks.retrieval fit [--folder FOLDER]
    python -m tests.benchmarks.retrieval scale 10000 100000 500000 [--folder FOLDER]

``quality``: nDCG@10 and recall@10 of words alone, meaning alone and both, on six kinds of questions, with the context headers and
without, on the half of the topics that nothing was fitted on. ``fit``: chooses the weights in knowledge/fusion.py on the other half.
``scale``: milliseconds by how many passages the asker may see, beside comparing their vectors one by one.
The folder keeps what takes long to make.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge import ranking
from knowledge.embeddings import MiniLM
from tests.benchmarks.retrieval import fit, quality, scale
from tests.benchmarks.retrieval.quality import Asked, Quality
from tests.benchmarks.retrieval.sets import made_sets

_QUIET = ranking.Signals(recency=ranking.Recency(weight=0.0))
_WAYS: dict[str, Callable[[Asked], Quality]] = {
    "words": lambda one: quality.half(one, one.found.lexical),
    "meaning": lambda one: quality.half(one, one.found.dense),
    "fixed .4": quality.by_share(lambda one: 0.4, ranking.NO_SIGNALS),
    "by kind": quality.by_share(lambda one: None, ranking.NO_SIGNALS),
    "+ signals": quality.by_share(lambda one: None, _QUIET),
    "+ recency": quality.by_share(lambda one: None, ranking.DEFAULT_SIGNALS),
}
"""Recency is a choice, not a sign of relevance in these sets, where any day is as good; what it costs is in the last column."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.retrieval", description=__doc__)
    parser.add_argument("what", choices=("quality", "fit", "scale"))
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "rapport-retrieval")
    given = parser.parse_args(arguments)
    embeddings = MiniLM()
    match given.what:
        case "quality":
            return _quality(given.folder, embeddings)
        case "fit":
            sys.stdout.write(f"{fit.fitted(list(quality.asked(given.folder, made_sets(), embeddings)))}\n")
        case "scale":
            _scale(given.folder, given.sizes, embeddings)
    return 0


def _quality(folder: Path, embeddings: MiniLM) -> int:
    """1 where the hybrid is below the better of its halves on any set."""
    everything = [one for one in quality.asked(folder, made_sets(), embeddings) if not one.fitting]
    sys.stdout.write(f"{'':24}" + "".join(f"{name:>14}" for name in _WAYS) + "   (nDCG@10/recall@10)\n")
    below = 0
    for name, headers in dict.fromkeys((one.test_set, one.headers) for one in everything):
        its = [one for one in everything if (one.test_set, one.headers) == (name, headers)]
        found = {way: quality.averaged([judge(one) for one in its]) for way, judge in _WAYS.items()}
        better = max(found["words"].ndcg, found["meaning"].ndcg)
        under = found["+ signals"].ndcg < better
        below += under
        cells = "".join(f"{f'{one.ndcg:.3f}/{one.recall:.3f}':>14}" for one in found.values())
        title = f"{name}, {'headers' if headers else 'none'}"
        sys.stdout.write(f"{title:24}{cells}{'   below the better half' if under else ''}\n")
    sys.stdout.write(f"{len(everything)} questions; the hybrid is below the better half on {below} of the sets\n")
    return 1 if below else 0


def _scale(folder: Path, sizes: Sequence[int], embeddings: MiniLM) -> None:
    sets = made_sets()
    texts = [text for test_set in sets for text in test_set.texts]
    base = embeddings.embed_array([f"{text.header}\n{text.body}" for text in texts])
    questions = [question for test_set in sets for question in test_set.questions[:8]]
    for size in sizes:
        big = scale.build(folder, size, texts, base)
        sys.stdout.write(f"{size} passages; ms at the median and the 95th percentile\n")
        sys.stdout.write(f"{'permitted':>10}{'one by one':>18}{'index':>18}{'search':>18}{'recall@10':>11}\n")
        for line in scale.measured(big, embeddings, questions):
            sys.stdout.write(f"{line.permitted:>10}{line.exact!s:>18}{line.index!s:>18}{line.search!s:>18}{line.recall:>11.3f}\n")
            sys.stdout.flush()
        big.index.close()
        big.store.close()
    sys.stdout.write(f"most memory: {scale.peak_mb():.0f} MB, mapped files and the benchmark's own copy of the vectors included\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
