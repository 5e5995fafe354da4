"""A test set from a folder in the layout of the BEIR benchmark: corpus.jsonl, queries.jsonl and qrels/test.tsv.

Thakur et al., "BEIR: A Heterogenous Benchmark for Zero-shot Evaluation of Information Retrieval Models", 2021. A text's title becomes
the header of its passages; there are no accounts.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

from tests.benchmarks.retrieval.question_set import Question, QuestionSet, Text

_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def read(folder: Path) -> QuestionSet:
    """Every judged question; those whose id has an even checksum may be fitted on. Grades above 2 count as 2."""
    gold: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                gold[row["query-id"]][row["corpus-id"]] = min(2, int(row["score"]))
    texts = tuple(
        Text(row["_id"], "", "document", _AT, row.get("title") or "", row["text"])
        for row in _rows(folder / "corpus.jsonl")
    )  # fmt: skip
    questions = tuple(
        Question(row["text"], gold[row["_id"]], None, crc32(row["_id"].encode()) % 2 == 0)
        for row in _rows(folder / "queries.jsonl")
        if row["_id"] in gold
    )
    return QuestionSet(folder.name, texts, questions)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
