"""One process at a time may open an index folder: two lose each other's rows without a word."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from knowledge.errors import IndexLocked

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """An exclusive lock on a folder, held from creation to `release`, and freed by the system if the process dies.

    The lock file lies beside the folder, so that the folder itself can be thrown away under the lock.
    Raises IndexLocked at once when another holder is there, in this process or any other.
    """

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(folder.with_name(folder.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise IndexLocked(folder) from error

    def release(self) -> None:
        """Lets the next one in; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
