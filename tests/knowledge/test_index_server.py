"""The index on a Chroma server that several processes share."""

from pathlib import Path

import pytest

from knowledge.embeddings import MiniLM
from knowledge.errors import IndexUnreachable
from knowledge.index import VectorIndex
from tests.knowledge.chroma_server import running_server
from tests.knowledge.test_index import records, stored

MODEL = MiniLM.info


def test_what_one_process_writes_another_finds_also_after_a_rebuild(tmp_path: Path) -> None:
    rows = records(1200)
    with (
        running_server(tmp_path) as url,
        VectorIndex.connect(url, MODEL) as writer,
        VectorIndex.connect(url, MODEL) as reader,
    ):
        writer.upsert(rows[:50])
        assert reader.nearest(rows[7].vector, 1)[0].id == "c:7"
        assert writer.rebuild(rows, len(rows)) == 1200
        assert reader.nearest(rows[1100].vector, 1)[0].id == "c:1100"
        assert reader.check(stored(rows)).healthy
        assert reader.check([*stored(rows[1:]), (rows[0].id, rows[1].vector)]).changed == (rows[0].id,)
        reader.delete(["c:1100"])
        assert writer.count() == 1199


def test_a_server_that_goes_away_is_named_with_what_to_do(tmp_path: Path) -> None:
    with running_server(tmp_path) as url:
        index = VectorIndex.connect(url, MODEL)
    with pytest.raises(IndexUnreachable, match="Start it"):
        index.nearest(records(1)[0].vector, 1)
    index.close()
