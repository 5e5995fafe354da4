"""Every vector once more, as the rows of one memory-mapped matrix, so that a permitted few are compared exactly.

A graph of neighbours is the fastest way through millions of rows and a slow, lossy one through a part of them: asked for
20 permitted rows among 500,000, filtering inside the graph took 737 ms; multiplying those 20 rows takes 0.004, and all of
them 80. So beside
the graph lies a file per column: the vectors, and what a selection can name, as 64-bit hashes. There is no text in
it, and what is deleted is overwritten with zeros. Several processes may read while one writes; a row that is read in
the very moment of its writing gets a wrong cosine once, and whoever asked reads every hit again anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.records import Neighbour, Selection, VectorRecord
from knowledge.vectors import Vectors

_VERSION = 1
_GROWTH = 4_096
_AT_ONCE = 512
"""Rows multiplied at a time: what is gathered for it stays in the processor's cache, and is small enough that the memory
of the last part serves for the next. Of 10,000 rows 512 at a time take 3 ms, and 4,096 at a time 14."""
_GATHERED = 3
"""Multiplying everything where it lies is as fast as gathering one row in so many first."""
_ID_BYTES = 64
_MOST_PENDING = 4_096
_SORTED = 50_000
"""Up to how many rows the look-up's chance hits are sorted out; among more, one in a hundred does no harm."""
_UNDATED = np.iinfo(np.int64).min

Hashes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The files, a row each per record; a row whose `key` is 0 is free. `key` is the last to be written and grown."""

    vector: Vectors
    name: NDArray[Any]
    group: Hashes
    kind: Hashes
    document: Hashes
    at: Hashes
    key: Hashes


class FlatIndex:
    """Vectors of `dimension` numbers in `folder`; `writable` for the one process that may change them."""

    def __init__(self, folder: Path, dimension: int, *, writable: bool) -> None:
        self._folder, self._dimension, self._writable = folder, dimension, writable
        if writable:
            folder.mkdir(parents=True, exist_ok=True)
        # Version, rows in use, records being written, and whether readers are to look elsewhere.
        self._head: Hashes = self._column("head", np.int64, (4,))
        self._made = _number_of(folder)
        self._pending: Hashes = self._column("pending", np.int64, (_MOST_PENDING,))
        self._columns = self._mapped()
        if writable and self._head[0] != _VERSION:
            self._head[:] = (_VERSION, 0, 0, 0)
        if writable and self._head[2]:  # a process ended while it wrote these; their vectors may be half there
            self._clear(self._rows_of(self._pending[: self._head[2]]))
            self.flush()
            self._head[2] = 0

    @property
    def count(self) -> int:
        """How many records it holds."""
        return int(np.count_nonzero(self._columns.key[: self._used]))

    @property
    def readable(self) -> bool:
        """Whether it holds what it should and answers; else, or where it was thrown away, a reader looks for the one that does."""
        return bool(self._head[0] == _VERSION and not self._head[3]) and _number_of(self._folder) == self._made

    def show(self, readable: bool) -> None:
        """Tells readers in other processes to read this one, or to look elsewhere."""
        self._head[3] = 0 if readable else 1

    def ids(self) -> list[str]:
        """All ids it holds."""
        names = self._columns.name[: self._used]
        return [name.decode() for name in names[names != b""].tolist()]

    def put(self, records: Iterable[VectorRecord], *, lasting: bool = True) -> None:
        """Adds or replaces. `lasting` waits for the disk; a bulk load does that once, by `flush` at its end."""
        latest = list({record.id: record for record in records}.values())
        for start in range(0, len(latest), _MOST_PENDING):
            part = latest[start : start + _MOST_PENDING]
            keys = _hashes(record.id for record in part)
            with self._writing(keys, lasting):
                self._write(part, keys)

    def delete(self, ids: Iterable[str], *, lasting: bool = True) -> None:
        """Overwrites with zeros; unknown ids are ignored."""
        keys = _hashes(ids)
        for start in range(0, len(keys), _MOST_PENDING):
            part = keys[start : start + _MOST_PENDING]
            with self._writing(part, lasting):
                self._clear(self._rows_of(part))

    def flush(self) -> None:
        """Waits until everything is on the disk."""
        for column in fields(self._columns):
            _to_disk(getattr(self._columns, column.name))
        _to_disk(self._head)

    def mask(self, selection: Selection) -> Mask:
        """The rows that `selection` names; of very many groups also, by chance, one in a hundred that it does not."""
        used, columns = self._used, self._current()
        mask: Mask = columns.key[:used] != 0
        if selection.kinds is not None:
            mask &= _among(columns.kind[:used], _hashes(selection.kinds))
        if selection.groups is not None:
            mask &= _among(columns.group[:used], _hashes(selection.groups))
        if selection.documents is not None:
            mask &= _among(columns.document[:used], _hashes(selection.documents))
        if selection.since is not None:
            mask &= columns.at[:used] >= selection.since.timestamp()
        if selection.until is not None:
            mask &= (columns.at[:used] < selection.until.timestamp()) & (columns.at[:used] != _UNDATED)
        return mask

    def nearest(self, vector: Vectors, k: int, mask: Mask) -> list[Neighbour]:
        """The `k` nearest to `vector` of the rows in `mask`, best first, compared one by one."""
        rows = np.flatnonzero(mask)
        cosines = self._cosines(vector, rows)
        if len(rows) > k:
            top = np.argpartition(-cosines, k)[:k]
            rows, cosines = rows[top], cosines[top]
        order = np.argsort(-cosines, kind="stable")
        names = self._columns.name[rows[order]].tolist()
        return [Neighbour(name.decode(), float(one)) for name, one in zip(names, cosines[order], strict=True) if name]

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """The cosines of those of `ids` that it holds."""
        self._current()
        rows = self._rows_of(_hashes(ids))
        names = self._columns.name[rows].tolist()
        found = self._cosines(vector, rows)
        return {name.decode(): float(one) for name, one in zip(names, found, strict=True) if name}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of `ids` that it holds."""
        self._current()
        rows = self._rows_of(_hashes(ids))
        names = self._columns.name[rows].tolist()
        return {name.decode(): vector for name, vector in zip(names, self._columns.vector[rows], strict=True) if name}

    def within(self, ids: Sequence[str], mask: Mask) -> set[str]:
        """Those of `ids` whose rows are in `mask`."""
        rows = self._rows_of(_hashes(ids))
        rows = rows[rows < len(mask)]
        return {name.decode() for name in self._columns.name[rows[mask[rows]]].tolist()}

    @property
    def _used(self) -> int:
        return int(self._head[1])

    def _cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        vectors = self._columns.vector
        if len(rows) * _GATHERED > self._used:
            return np.asarray((vectors[: self._used] @ vector)[rows])
        found = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            found[start : start + _AT_ONCE] = vectors[rows[start : start + _AT_ONCE]] @ vector
        return found

    def _rows_of(self, keys: Hashes) -> Rows:
        column = self._columns.key[: self._used]
        return np.flatnonzero(_among(column, keys))

    def _write(self, records: Sequence[VectorRecord], keys: Hashes) -> None:
        used, known = self._used, self._rows_of(keys)
        at = dict(zip(self._columns.key[known].tolist(), known.tolist(), strict=True))
        fresh = [key for key in keys.tolist() if key not in at]
        free = np.flatnonzero(self._columns.key[:used] == 0)[: len(fresh)].tolist() if fresh else []
        ends = used + len(fresh) - len(free)
        if ends > len(self._columns.key):
            self._columns = self._mapped(ends + ends // 8 + _GROWTH)
        at |= zip(fresh, [*free, *range(used, ends)], strict=True)
        rows = np.asarray([at[key] for key in keys.tolist()], dtype=np.intp)
        columns = self._columns
        columns.vector[rows] = np.stack([record.vector for record in records])
        columns.name[rows] = [record.id.encode() for record in records]
        columns.group[rows] = _hashes(record.group for record in records)
        columns.kind[rows] = _hashes(record.kind for record in records)
        columns.document[rows] = _hashes(record.id.rpartition(":")[0] for record in records)
        columns.at[rows] = [_seconds(record.at) for record in records]
        columns.key[rows] = keys
        self._head[1] = ends

    def _clear(self, rows: Rows) -> None:
        for field in reversed(fields(self._columns)):
            column = getattr(self._columns, field.name)
            column[rows] = np.zeros((), column.dtype)

    @contextmanager
    def _writing(self, keys: Hashes, lasting: bool) -> Iterator[None]:
        self._pending[: len(keys)] = keys
        self._head[2] = len(keys)
        if lasting:
            _to_disk(self._pending, self._head)
        yield
        if lasting:
            self.flush()
        self._head[2] = 0

    def _current(self) -> _Columns:
        """The columns, mapped anew where the writer has grown the files."""
        if self._used > len(self._columns.key):
            self._columns = self._mapped()
        return self._columns

    def _mapped(self, rows: int | None = None) -> _Columns:
        if rows is None:
            last = self._folder / "key"
            rows = max(_GROWTH, last.stat().st_size // 8 if last.exists() else 0)
        return _Columns(
            self._column("vector", np.float32, (rows, self._dimension)),
            self._column("name", f"S{_ID_BYTES}", (rows,)),
            *(self._column(name, np.int64, (rows,)) for name in ("group", "kind", "document", "at", "key")),
        )

    def _column(self, name: str, kind: Any, shape: tuple[int, ...]) -> NDArray[Any]:
        path, size = self._folder / name, int(np.prod(shape)) * np.dtype(kind).itemsize
        if self._writable and (not path.exists() or path.stat().st_size < size):
            with path.open("ab") as file:
                file.truncate(size)
        return np.memmap(path, dtype=kind, mode="r+" if self._writable else "r", shape=shape)


def _number_of(folder: Path) -> int | None:
    """What tells the files in `folder` from those that were made there before or after; None where there are none."""
    try:
        return (folder / "head").stat().st_ino
    except FileNotFoundError:
        return None


def _to_disk(*columns: NDArray[Any]) -> None:
    for column in columns:
        if isinstance(column, np.memmap):
            column.flush()


def _seconds(at: datetime | None) -> int:
    return _UNDATED if at is None else int(at.timestamp())


def _hashes(words: Iterable[str]) -> Hashes:
    """A number for each word, never 0."""
    joined = b"".join(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words)
    found = np.frombuffer(joined, dtype="<i8").astype(np.int64)
    found[found == 0] = 1
    return found


def _among(column: Hashes, wanted: Hashes) -> Mask:
    """Which of `column` are among `wanted`; of very many also, by chance, one in a hundred that are not.

    One look-up a row: half a million rows take one millisecond, and `np.isin`, which sorts, takes 35.
    """
    last = (1 << max(16, (len(wanted) * 64).bit_length())) - 1
    table = np.zeros(last + 1, dtype=np.bool_)
    table[wanted & last] = True
    found: Mask = table[column & last]
    rows = np.flatnonzero(found)
    if len(rows) <= _SORTED:
        found[rows] = np.isin(column[rows], wanted)
    return found
