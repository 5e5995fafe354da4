"""How well passages are found, and how fast, with no network.

    python -m tests.benchmarks.retrieval quality [--folder FOLDER] [--beir FOLDER ...]
    python -m tests.benchmarks.retrieval fit [--folder FOLDER] [--beir FOLDER ...]
    python -m tests.benchmarks.retrieval scale 10000 100000 500000 [--folder FOLDER] [--database URL]
    python -m tests.benchmarks.retrieval indexing 2000

``quality``: nDCG@10 and recall@10 of words alone, meaning alone and both, on six kinds of questions, with the context headers and
without, on the half of the topics that nothing was fitted on, and on any set in the layout of the BEIR benchmark.
``fit``: chooses the weights in knowledge/fusion.py on the other half.
``scale``: milliseconds by how many passages the asker may see, beside comparing their vectors one by one.
``indexing``: the time that bringing so many rows into the index takes, beside embedding their passages.
The folder keeps what takes long to make.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from knowledge import ranking
from knowledge.embeddings import MiniLM
from knowledge.vectors import Vectors
from tests.benchmarks.retrieval import beir, fit, indexing, quality, scale
from tests.benchmarks.retrieval.quality import Asked, Quality
from tests.benchmarks.retrieval.sets import made_sets
from tests.databases import fresh_postgres, postgres_server
from tests.knowledge.list_source import NO_SIGNALS

_QUIET = ranking.Signals(recency=ranking.Recency(weight=0.0))
_WAYS: dict[str, Callable[[Asked], Quality]] = {
    "words": lambda one: quality.half(one, one.found.lexical),
    "meaning": lambda one: quality.half(one, one.found.dense),
    "fixed .4": quality.by_share(lambda one: 0.4, NO_SIGNALS),
    "by kind": quality.by_share(lambda one: None, NO_SIGNALS),
    "+ signals": quality.by_share(lambda one: None, _QUIET),
    "+ recency": quality.by_share(lambda one: None, ranking.DEFAULT_SIGNALS),
}
"""Recency is a choice, not a sign of relevance in these sets, where any day is as good; what it costs is in the last column."""


_ASKED = 4
"""Questions of each set that are timed."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.retrieval", description=__doc__)
    parser.add_argument("what", choices=("quality", "fit", "scale", "indexing"))
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    parser.add_argument("--beir", nargs="+", type=Path, default=[], help="more test sets, a folder each")
    parser.add_argument(
        "--database", default="sqlite", help="for scale: sqlite, postgresql (one is started), or the URL of an empty PostgreSQL database"
    )
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "rapport-retrieval")
    given = parser.parse_args(arguments)
    embeddings = MiniLM()
    match given.what:
        case "quality":
            return _quality(_asked(given.folder, given.beir, embeddings))
        case "fit":
            sys.stdout.write(f"{fit.fitted(_asked(given.folder, given.beir, embeddings))}\n")
        case "scale":
            with ExitStack() as stack:
                if given.database == "postgresql":
                    server = stack.enter_context(postgres_server())
                for size in given.sizes:
                    url = stack.enter_context(fresh_postgres(server)) if given.database == "postgresql" else given.database
                    _scale(given.folder, size, embeddings, None if url == "sqlite" else url)
            sys.stdout.write(f"most memory: {scale.peak_mb():.0f} MB, mapped files and the benchmark's own vectors included\n")
        case "indexing":
            for rows in given.sizes:
                _indexing(rows, embeddings)
    return 0


def _indexing(rows: int, embeddings: MiniLM) -> None:
    found = indexing.measured([text for test_set in made_sets() for text in test_set.texts], rows, embeddings)
    sys.stdout.write(f"{found.rows} rows, {found.passages} passages{'':10}wall s{'':8}CPU s\n")
    for name, spent in (*found.steps.items(), ("the model alone", found.alone)):
        sys.stdout.write(f"{name:30}{spent.wall:14.1f}{spent.cpu:13.1f}\n")
    sys.stdout.write(f"indexing takes {found.ratio:.2f} times the CPU time of the model alone\n")


def _asked(folder: Path, more: Sequence[Path], embeddings: MiniLM) -> list[Asked]:
    return list(quality.asked(folder, [*made_sets(), *map(beir.read, more)], embeddings))


def _quality(asked: Sequence[Asked]) -> int:
    """1 where the hybrid is below the better of its halves on any set by more than twice the standard error of the difference."""
    everything = [one for one in asked if not one.fitting]
    sys.stdout.write(f"{'':28}" + "".join(f"{name:>14}" for name in _WAYS) + "   (nDCG@10/recall@10)\n")
    below = surely = 0
    sets = list(dict.fromkeys((one.test_set, one.headers) for one in everything))
    for name, headers in sets:
        its = [one for one in everything if (one.test_set, one.headers) == (name, headers)]
        found = {way: [judge(one) for one in its] for way, judge in _WAYS.items()}
        averages = {way: quality.averaged(judged) for way, judged in found.items()}
        better = max(("words", "meaning"), key=lambda way: averages[way].ndcg)
        gained = [hybrid.ndcg - half.ndcg for hybrid, half in zip(found["+ signals"], found[better], strict=True)]
        error = statistics.stdev(gained) / len(gained) ** 0.5
        gain = statistics.mean(gained)
        below, surely = below + (gain < 0), surely + (gain < -2 * error)
        cells = "".join(f"{f'{one.ndcg:.3f}/{one.recall:.3f}':>14}" for one in averages.values())
        title = f"{name}, {'headers' if headers else 'none'}"
        told = f"  {gain:+.3f} ±{2 * error:.3f}{' below' if gain < 0 else ''}"
        sys.stdout.write(f"{title:28}{cells}{told}\n")
    sys.stdout.write(
        f"{len(everything)} questions; the hybrid is below the better half on {below} of {len(sets)} sets, on {surely} by more "
        "than twice the standard error\n"
    )
    return 1 if surely else 0


def _scale(folder: Path, size: int, embeddings: MiniLM, url: str | None) -> None:
    sets = made_sets()
    texts = [text for test_set in sets for text in test_set.texts]
    base = _kept(folder / "base.npy", lambda: embeddings.embed_array([f"{text.header}\n{text.body}" for text in texts]))
    questions = [question for test_set in sets for question in test_set.questions[:_ASKED]]
    big = scale.build(folder, size, texts, base, url)
    sys.stdout.write(f"{size} passages on {big.store.dialect}; ms at the median and the 95th percentile, and of this process's CPU time\n")
    sys.stdout.write(f"{'permitted':>10}{'one by one':>27}{'index':>27}{'search':>27}{'recall@10':>11}\n")
    for line in scale.measured(big, embeddings, questions):
        sys.stdout.write(f"{line.permitted:>10}{line.exact!s:>27}{line.index!s:>27}{line.search!s:>27}{line.recall:>11.3f}\n")
        sys.stdout.flush()
    big.index.close()
    big.store.close()


def _kept(path: Path, make: Callable[[], Vectors]) -> Vectors:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, make())
    vectors: Vectors = np.load(path)
    return vectors


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
