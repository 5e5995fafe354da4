"""The flat index against plain arithmetic: the exact best of any selection, through edits, deletions and crashes."""

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import MiniLM
from knowledge.errors import IndexIncomplete
from knowledge.flat_index import FlatIndex
from knowledge.generation import flat_folder
from knowledge.index import VectorIndex
from knowledge.records import Selection, VectorRecord
from tests.knowledge.list_source import DAY, unit_vectors


def _records(count: int, seed: int) -> list[VectorRecord]:
    draw = random.Random(seed)
    return [
        VectorRecord(
            f"d{n // 3}:{n % 3}", vector, f"a{draw.randrange(9)}", draw.choice(("call", "note", "email")),
            DAY - timedelta(hours=draw.randrange(500)),
        )
        for n, vector in enumerate(unit_vectors(count, seed))
    ]  # fmt: skip


def _selected(one: VectorRecord, wanted: Selection) -> bool:
    return (
        (wanted.groups is None or one.group in wanted.groups)
        and (wanted.kinds is None or one.kind in wanted.kinds)
        and (wanted.documents is None or one.id.split(":")[0] in wanted.documents)
        and (wanted.since is None or (one.at or DAY) >= wanted.since)
        and (wanted.until is None or (one.at or DAY) < wanted.until)
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_any_selection_are_found_exactly_after_any_edits(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    flat = FlatIndex(tmp_path / "flat", 384, writable=True)
    known: dict[str, VectorRecord] = {}
    for step in range(4):
        written = draw.sample(_records(600, seed * 10 + step), 400)
        flat.put(written)
        known |= {one.id: one for one in written}
        gone = draw.sample(sorted(known), 120)
        flat.delete([*gone, "never:0"])
        known = {id: one for id, one in known.items() if id not in gone}
    assert flat.count == len(known)
    assert sorted(flat.ids()) == sorted(known)
    for _ in range(20):
        wanted = Selection(
            groups=draw.choice((None, frozenset(draw.sample([f"a{n}" for n in range(12)], draw.randrange(6))))),
            kinds=draw.choice((None, None, frozenset({"call"}), frozenset({"note", "email"}))),
            documents=draw.choice((None, None, frozenset(f"d{draw.randrange(220)}" for _ in range(40)))),
            since=draw.choice((None, DAY - timedelta(hours=draw.randrange(500)))),
            until=draw.choice((None, DAY - timedelta(hours=draw.randrange(300)))),
        )
        vector = unit_vectors(1, draw.randrange(10**6))[0]
        permitted = {one.id: float(one.vector @ vector) for one in known.values() if _selected(one, wanted)}
        exact = sorted(permitted, key=lambda id: -permitted[id])[:10]
        found = flat.nearest(vector, 10, flat.mask(wanted))
        assert [one.cosine for one in found] == pytest.approx([permitted[id] for id in exact], abs=1e-5)
        assert {one.id for one in found} <= set(permitted)


def test_what_is_deleted_is_nowhere_in_the_files(tmp_path: Path) -> None:
    flat = FlatIndex(tmp_path / "flat", 384, writable=True)
    flat.put(_records(30, 1))
    gone = _records(30, 1)[7]
    flat.delete([gone.id])
    flat.flush()
    content = b"".join(path.read_bytes() for path in (tmp_path / "flat").iterdir())
    assert gone.vector.tobytes() not in content
    assert gone.id.encode() not in content
    assert _records(30, 1)[8].vector.tobytes() in content


def test_another_process_reads_what_is_written_also_beyond_the_end_it_knew(tmp_path: Path) -> None:
    writer = FlatIndex(tmp_path / "flat", 384, writable=True)
    writer.put(_records(10, 1))
    reader = FlatIndex(tmp_path / "flat", 384, writable=False)
    rows = _records(9_000, 2)
    writer.put(rows)
    found = reader.nearest(rows[8_999].vector, 1, reader.mask(Selection()))
    assert [one.id for one in found] == [rows[8_999].id]


def test_a_record_whose_writing_was_cut_short_is_asked_for_again(tmp_path: Path) -> None:
    rows = _records(40, 3)
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as index:
        index.upsert(rows)
    (folder,) = (tmp_path / "chroma").glob("flat-*")
    head, pending = np.memmap(folder / "head", np.int64, "r+"), np.memmap(folder / "pending", np.int64, "r+")
    pending[0] = np.memmap(folder / "key", np.int64, "r")[5]
    head[2] = 1  # as a process leaves it that ends in the middle of a write
    head.flush()
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as index:
        assert not index.whole
        with pytest.raises(IndexIncomplete, match="not complete yet"):
            index.nearest(rows[5].vector, 3)
        index.complete(rows)
        assert index.whole
        assert index.nearest(rows[5].vector, 1)[0].id == rows[5].id


def test_an_index_from_before_there_was_a_flat_one_is_completed_from_the_record(tmp_path: Path) -> None:
    rows = _records(60, 4)
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as index:
        index.upsert(rows)
        name = index.serving
    for file in flat_folder(tmp_path / "chroma", name).iterdir():
        file.unlink()
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as index:
        assert not index.whole
        index.complete(rows)
        assert index.check((one.id, one.vector) for one in rows).healthy
