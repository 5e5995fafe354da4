"""The vector index with a real Chroma folder: crashes, locks, damage, and what may never be on disk."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import EmbeddingModel, MiniLM
from knowledge.errors import IndexLocked, IndexUnreachable, IndexUnusable, WrongVector
from knowledge.index import VectorIndex
from knowledge.records import Selection, VectorRecord
from tests.knowledge.list_source import DAY, ListSource, note, unit_vectors

MODEL = MiniLM.info


def records(count: int, *, prefix: str = "c", seed: int = 7) -> list[VectorRecord]:
    rows = unit_vectors(count, seed)
    return [
        VectorRecord(f"{prefix}:{n}", row, str(n % 5), "call" if n % 2 else "note", DAY - timedelta(days=n))
        for n, row in enumerate(rows)
    ]


def stored(rows: list[VectorRecord]) -> list[tuple[str, np.ndarray]]:
    return [(row.id, row.vector) for row in rows]


def test_the_nearest_vectors_come_back_best_first_with_their_cosines(index: VectorIndex) -> None:
    rows = records(50)
    index.upsert(rows)
    found = index.nearest(rows[3].vector, 5)
    exact = np.stack([row.vector for row in rows]) @ rows[3].vector
    assert [one.id for one in found] == [f"c:{n}" for n in np.argsort(-exact)[:5]]
    assert found[0].cosine == pytest.approx(1.0, abs=1e-4)
    assert found[4].cosine == pytest.approx(float(np.sort(exact)[-5]), abs=1e-4)


def test_only_what_is_selected_is_found(index: VectorIndex) -> None:
    rows = records(50)
    index.upsert(rows)

    def ids(wanted: Selection) -> set[int]:
        return {int(one.id.split(":")[1]) for one in index.nearest(rows[3].vector, 50, wanted)}

    assert ids(Selection()) == set(range(50))
    assert ids(Selection(groups=frozenset("2"))) == {n for n in range(50) if n % 5 == 2}
    assert ids(Selection(groups=frozenset("24"), kinds=frozenset({"call"}))) == {
        n for n in range(50) if n % 5 in (2, 4) and n % 2
    }
    assert ids(Selection(since=DAY - timedelta(days=9), until=DAY - timedelta(days=4))) == {5, 6, 7, 8, 9}
    assert ids(Selection(documents=frozenset({"c"}))) == set(range(50))
    assert ids(Selection(documents=frozenset({"d"}))) == ids(Selection(groups=frozenset())) == set()


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.nearest(unit_vectors(1)[0], 5) == []
    assert index.count() == 0


def test_writing_twice_changes_nothing_and_deleting_unknown_ids_is_harmless(index: VectorIndex) -> None:
    rows = records(20)
    index.upsert([*rows, *rows])
    index.upsert(rows)
    index.delete(["c:1", "never:1"])
    index.delete(["c:1"])
    assert index.count() == 19


def test_a_vector_of_another_model_is_refused(index: VectorIndex) -> None:
    with pytest.raises(WrongVector):
        index.upsert([VectorRecord("c:0", np.ones(12, dtype=np.float32))])


def test_the_vectors_of_two_models_never_meet(tmp_path: Path) -> None:
    with VectorIndex.open(tmp_path / "chroma", MODEL) as index:
        index.upsert(records(5))
    with VectorIndex.open(tmp_path / "chroma", EmbeddingModel(MODEL.id, MODEL.dimension, "2")) as newer:
        assert newer.count() == 0
    with VectorIndex.open(tmp_path / "chroma", MODEL) as index:
        assert index.count() == 5


def test_a_second_opener_is_told_that_the_index_is_in_use(tmp_path: Path, index: VectorIndex) -> None:
    with pytest.raises(IndexLocked, match="in use by another process"):
        VectorIndex.open(tmp_path / "chroma", MODEL)
    script = (
        "import sys; from pathlib import Path\n"
        "from knowledge.embeddings import MiniLM\nfrom knowledge.errors import IndexLocked\n"
        "from knowledge.index import VectorIndex\n"
        "try:\n    VectorIndex.open(Path(sys.argv[1]), MiniLM.info)\nexcept IndexLocked:\n    print('locked')\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "chroma")]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "locked\n"
    index.close()
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""


def test_a_rebuild_reports_progress_and_holds_exactly_the_record(index: VectorIndex, tmp_path: Path) -> None:
    index.upsert(records(40, prefix="old"))
    rows = records(2500)
    seen: list[tuple[int, int]] = []
    assert index.rebuild(rows, len(rows), lambda done, total: seen.append((done, total))) == 2500
    assert seen == [(0, 2500), (1000, 2500), (2000, 2500), (2500, 2500)]
    assert index.count() == 2500
    check = index.check(stored(rows))
    assert check.healthy, check.summary
    index.close()
    with VectorIndex.open(tmp_path / "chroma", MODEL) as again:
        assert again.check(stored(rows)).healthy


def test_what_is_written_and_deleted_during_a_rebuild_wins_over_the_older_record(index: VectorIndex) -> None:
    rows = records(2500)
    index.upsert(rows)
    moved = VectorRecord("c:2400", unit_vectors(1, seed=99)[0], "1")

    def meanwhile(done: int, total: int) -> None:
        if done == 1000:
            index.upsert([moved])
            index.delete(["c:2300", "c:5"])

    index.rebuild(rows, len(rows), meanwhile)
    assert index.nearest(moved.vector, 1)[0].id == "c:2400"
    assert not {"c:5", "c:2300"} & {one.id for row in (5, 2300) for one in index.nearest(rows[row].vector, 20)}
    assert index.whole
    assert index.count() == 2498


def test_rebuilding_again_and_again_leaves_no_old_graph_on_the_disk(tmp_path: Path) -> None:
    rows = records(1500)
    path = tmp_path / "chroma"
    with VectorIndex.open(path, MODEL) as index:
        for _ in range(3):
            index.rebuild(rows, len(rows))
        assert len([folder for folder in path.iterdir() if folder.is_dir()]) == 2  # a graph and its flat index
    with VectorIndex.open(path, MODEL) as index:
        assert index.check(stored(rows)).healthy


def test_questions_are_answered_by_many_threads_throughout_a_rebuild(index: VectorIndex) -> None:
    rows = records(3000)
    index.upsert(rows[:200])
    rebuilt = threading.Event()

    def ask(number: int) -> bool:
        right = True
        while not rebuilt.is_set():
            right &= index.nearest(rows[number].vector, 1)[0].id == f"c:{number}"
        return right

    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(ask, number) for number in (3, 50, 199)]
        index.rebuild(rows, len(rows))
        rebuilt.set()
        assert all(one.result() for one in asked)


def test_a_rebuild_whose_record_fails_leaves_the_old_index_serving_and_raises_the_records_own_error(
    index: VectorIndex,
) -> None:
    rows = records(30)
    index.upsert(rows)

    def broken() -> Iterator[VectorRecord]:
        yield from records(1500, prefix="new")
        raise ConnectionError("database went away")

    with pytest.raises(ConnectionError, match="went away"):
        index.rebuild(broken(), 30)
    assert index.check(stored(rows)).healthy
    index.rebuild(rows[:10], 10)
    assert index.count() == 10


KILLED = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from tests.knowledge.test_index import records
def progress(done, total):
    if done >= int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
index = VectorIndex.open(Path(sys.argv[1]), MiniLM.info)
index.rebuild(records(3000, prefix="new"), 3000, progress)
"""


@pytest.mark.parametrize("killed_after", [0, 2000, 3000])
def test_a_rebuild_killed_at_any_point_leaves_the_old_index_serving(tmp_path: Path, killed_after: int) -> None:
    old = records(1500)
    path = tmp_path / "chroma"
    with VectorIndex.open(path, MODEL) as index:
        index.upsert(old)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(killed_after)],
        check=False, cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    with VectorIndex.open(path, MODEL) as index:
        check = index.check(stored(old))
        assert check.healthy, check.summary
        new = records(1200, prefix="new")
        index.rebuild(new, len(new))
        assert index.check(stored(new)).healthy


def test_a_deleted_graph_is_noticed_on_opening_and_by_the_check_although_the_count_is_right(tmp_path: Path) -> None:
    rows = records(2500)
    path = tmp_path / "chroma"
    with VectorIndex.open(path, MODEL) as index:
        index.upsert(rows)
    graphs = [folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith("flat-")]
    assert graphs
    for folder in graphs:
        shutil.rmtree(folder)
    with pytest.raises(IndexUnusable, match="rapport index rebuild"):
        VectorIndex.open(path, MODEL)
    with VectorIndex.open(path, MODEL, probe=False) as index:
        assert index.count() == 2500
        check = index.check(stored(rows))
        assert check.lost
        assert not check.missing
        assert "rapport index rebuild" in check.summary
        index.rebuild(rows, len(rows))
        assert index.check(stored(rows)).healthy


def test_a_damaged_database_says_to_rebuild_and_can_be_discarded(tmp_path: Path) -> None:
    path = tmp_path / "chroma"
    VectorIndex.open(path, MODEL).close()
    (path / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)
    with pytest.raises(IndexUnusable, match="rapport index rebuild"):
        VectorIndex.open(path, MODEL)
    with VectorIndex.open(path, MODEL, discard=True) as index:
        index.rebuild(records(10), 10)
        assert index.count() == 10


def test_an_index_whose_reading_killed_a_process_is_not_opened_again_until_it_is_discarded(tmp_path: Path) -> None:
    rows = records(2500)
    path = tmp_path / "chroma"
    with VectorIndex.open(path, MODEL) as index:
        index.upsert(rows)
    (links,) = path.rglob("link_lists.bin")
    links.write_bytes(bytes(links.stat().st_size))
    script = (
        "import sys; from pathlib import Path\n"
        "from knowledge.embeddings import MiniLM\nfrom knowledge.index import VectorIndex\n"
        "VectorIndex.open(Path(sys.argv[1]), MiniLM.info)\n"
    )
    died = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=False).returncode
    assert died < 0  # ended by a signal inside native code
    with pytest.raises(IndexUnusable, match="died while reading it"):
        VectorIndex.open(path, MODEL)
    with VectorIndex.open(path, MODEL, discard=True) as index:
        index.rebuild(rows, len(rows))
    with VectorIndex.open(path, MODEL) as index:
        assert index.check(stored(rows)).healthy


def test_the_check_names_what_is_missing_and_what_should_not_be_there(index: VectorIndex) -> None:
    rows = records(10)
    index.upsert(rows[:8])
    check = index.check(stored(rows[2:]))
    assert check.missing == ("c:8", "c:9")
    assert check.unexpected == ("c:0", "c:1")
    assert not check.lost
    assert not check.healthy
    assert "2 passages are missing" in check.summary


def test_the_check_names_what_has_another_vector_than_the_record(index: VectorIndex) -> None:
    rows = records(10)
    index.upsert(rows)
    edited = [VectorRecord("c:4", unit_vectors(1, seed=99)[0], "1"), *rows[5:]]
    check = index.check(stored(rows[:4] + edited))
    assert check.changed == ("c:4",)
    assert not check.lost
    assert not check.healthy
    assert "1 are not as they are now" in check.summary


def test_an_empty_index_of_an_empty_record_is_healthy(index: VectorIndex) -> None:
    assert index.check([]).healthy


def test_no_text_reaches_the_disk(source: ListSource, tmp_path: Path) -> None:
    canary = "zanzibar-quokka"
    chunks = source.add("meridian", note("n1", f"They asked for the {canary} clause."))
    with VectorIndex.open(tmp_path / "chroma", MODEL) as index:
        index.upsert([VectorRecord(chunk.id, source.rows[chunk.id], "acc-label", "note", DAY) for chunk in chunks])
        index.rebuild([VectorRecord(chunk.id, source.rows[chunk.id], "acc-label", "note", DAY) for chunk in chunks], 1)
        index.delete([chunks[0].id])
    content = b"".join(file.read_bytes() for file in (tmp_path / "chroma").rglob("*") if file.is_file())
    assert chunks[0].id.encode() in content
    for word in (canary, "clause", "Meridian", "acc-label"):
        assert word.encode() not in content


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    with pytest.raises(IndexUnreachable, match="Start it"):
        VectorIndex.connect("http://127.0.0.1:9", MODEL)
    with pytest.raises(IndexUnreachable, match="not an http"):
        VectorIndex.connect("localhost:8000", MODEL)


def test_using_the_index_opens_no_connection(tmp_path: Path) -> None:
    script = """
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit(f"network: {event} {args}")
sys.addaudithook(watch)
from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from tests.knowledge.test_index import records
with VectorIndex.open(Path(sys.argv[1]), MiniLM.info) as index:
    index.upsert(records(5))
    assert len(index.nearest(records(5)[0].vector, 3)) == 3
print("quiet")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "chroma")], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.strip() == "quiet", done.stderr + done.stdout
