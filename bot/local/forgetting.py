"""Taking a person out of the local workspace's own file: its messages, files and views."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_TEXTS = (
    ("message", "doc"), ("file", "doc"), ("view", "doc"), ("home", "doc"), ("scheduled", "doc"), ("delivery", "payload"),
)  # fmt: skip
WORKSPACE_FILE = "workspace.sqlite3"


def forget(folder: Path, redact_json: Callable[[str], str], names_them: Callable[[str], bool]) -> int:
    """Rewrite every document in which ``redact_json`` changes something and empty every file that ``names_them``; returns
    how many. ``redact_json`` takes and returns a JSON text. Safe while the workspace runs."""
    if not (folder / WORKSPACE_FILE).exists():
        return 0
    count = 0
    with closing(sqlite3.connect(folder / WORKSPACE_FILE, timeout=30, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        for table, column in _TEXTS:
            rows = connection.execute(f"select rowid, {column} from {table}").fetchall()
            changed = [(new, row) for row, text in rows if (new := redact_json(text)) != text]
            connection.executemany(f"update {table} set {column} = ? where rowid = ?", changed)
            count += len(changed)
        for row, content in connection.execute("select rowid, content from file where content is not null").fetchall():
            if names_them(bytes(content).decode("utf-8", "ignore")):
                connection.execute("update file set content = ? where rowid = ?", (b"", row))
                count += 1
        connection.execute("commit")
        if count:
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
    return count
