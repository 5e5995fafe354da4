"""An index read beside the process that holds it: the same neighbours, through writes and rebuilds, and none before it is whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embeddings import MiniLM
from knowledge.errors import IndexIncomplete
from knowledge.generation import flat_folder
from knowledge.index import VectorIndex
from knowledge.index_reader import IndexReader
from knowledge.records import Selection, VectorRecord
from tests.knowledge.list_source import unit_vectors


@pytest.fixture
def rows() -> list[VectorRecord]:
    return [VectorRecord(f"d{n}:0", vector, f"a{n % 5}", "note") for n, vector in enumerate(unit_vectors(300, 5))]


@pytest.fixture
def holder(tmp_path: Path, rows: list[VectorRecord]) -> Iterator[VectorIndex]:
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as index:
        index.upsert(rows[:200])
        yield index


def _reader(tmp_path: Path) -> IndexReader:
    reader = IndexReader.beside(tmp_path / "chroma", MiniLM.info)
    assert reader is not None
    return reader


def test_a_reader_finds_what_the_holder_finds_also_after_it_wrote(
    tmp_path: Path, holder: VectorIndex, rows: list[VectorRecord]
) -> None:
    reader = _reader(tmp_path)
    for step in (rows[200:250], rows[250:]):
        for wanted in (Selection(), Selection(groups=frozenset({"a1", "a3"})), Selection(groups=frozenset({"a9"}))):
            for one in rows[::40]:
                assert reader.nearest(one.vector, 7, wanted) == holder.nearest(one.vector, 7, wanted)
        ids = [one.id for one in rows]
        assert reader.cosines(rows[3].vector, ids) == holder.cosines(rows[3].vector, ids)
        holder.upsert(step)
        holder.delete([step[0].id])


def test_a_reader_follows_the_holder_into_an_index_built_anew(tmp_path: Path, holder: VectorIndex, rows: list[VectorRecord]) -> None:
    reader = _reader(tmp_path)
    assert reader.nearest(rows[250].vector, 1)[0].id != rows[250].id
    seen: list[str] = []
    holder.rebuild(rows, len(rows), lambda done, total: seen.append(reader.nearest(rows[250].vector, 1)[0].id))
    assert rows[250].id not in seen  # until the switch the old one answers
    assert reader.nearest(rows[250].vector, 1)[0].id == rows[250].id
    assert _reader(tmp_path).nearest(rows[250].vector, 1)[0].id == rows[250].id


def test_what_a_reader_lacks_or_has_otherwise_is_told_without_the_graph(
    tmp_path: Path, holder: VectorIndex, rows: list[VectorRecord]
) -> None:
    recorded = [(one.id, one.vector) for one in rows[:200]]
    assert _reader(tmp_path).check(recorded).healthy
    other = [*recorded[1:], ("d1:0", rows[2].vector), ("new:0", rows[299].vector)]
    checked = _reader(tmp_path).check(other[1:])
    assert (checked.missing, checked.unexpected, checked.changed) == (("new:0",), ("d0:0",), ("d1:0",))
    assert checked.beside


def test_there_is_no_reader_of_an_index_that_is_missing_or_not_whole(tmp_path: Path, rows: list[VectorRecord]) -> None:
    folder = tmp_path / "chroma"
    assert IndexReader.beside(folder, MiniLM.info) is None
    with VectorIndex.open(folder, MiniLM.info) as index:
        index.upsert(rows)
        reader, name = _reader(tmp_path), index.serving
    for file in flat_folder(folder, name).iterdir():
        file.unlink()
    with VectorIndex.open(folder, MiniLM.info) as index:
        assert IndexReader.beside(folder, MiniLM.info) is None
        index.complete(rows)
        index.delete([rows[7].id])
        for one in (_reader(tmp_path), reader):
            assert one.nearest(rows[7].vector, 1)[0].id != rows[7].id  # neither reads the files that are gone
    with pytest.raises(IndexIncomplete):
        IndexReader(tmp_path / "elsewhere", MiniLM.info).nearest(rows[7].vector, 1)
