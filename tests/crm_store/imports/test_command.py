"""The command itself, in a process of its own: the mapping it writes, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.crm_store.imports.folder import COMPANY, write

PATIENCE_S = 60


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", *words]


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"RAPPORT_HOME": str(home)}


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(home, *words), env=environment(home), capture_output=True, text=True, check=False, timeout=300
    )


def test_a_mapping_is_written_edited_and_used(tmp_path: Path) -> None:
    folder, home, mapping = write(tmp_path / "in", COMPANY), tmp_path / "home", tmp_path / "mapping.toml"
    wrote = run(home, "import", str(folder), "--from", "csv", "--write-map", str(mapping))
    assert (wrote.returncode, "--map" in wrote.stdout) == (0, True), wrote.stderr
    refused = run(home, "import", str(folder), "--from", "csv", "--write-map", str(mapping))
    assert "is there already" in refused.stderr
    text = mapping.read_text("utf-8")
    assert '[files."accounts.csv".columns]' in text
    mapping.write_text(
        text.replace('[files."tasks.csv"]\nholds = "task"', '[files."tasks.csv"]\nholds = ""'), encoding="utf-8"
    )
    done = run(home, "import", str(folder), "--from", "csv", "--map", str(mapping), "--json")
    result = json.loads(done.stdout)
    assert result["clean"]
    assert {each["file"]: each["skipped"] for each in result["files"]}["tasks.csv"] == 1


def test_ctrl_c_stops_between_two_batches_and_the_same_command_goes_on(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Account {n}\n" for n in range(60_000))
    folder, home = write(tmp_path / "in", {"accounts.csv": "id,name\n" + rows}), tmp_path / "home"
    assert run(home, "db", "upgrade").returncode == 0
    words = command(home, "import", str(folder), "--from", "csv")
    with subprocess.Popen(
        words, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        until = time.monotonic() + PATIENCE_S
        while _batches(home) == 0:
            assert time.monotonic() < until
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE_S)
    assert running.returncode != 0
    assert "Run the same command again" in said
    done = run(home, "import", str(folder), "--from", "csv", "--json")
    result = json.loads(done.stdout)
    assert (result["resumed"], result["created"], result["unchanged"]) == (True, 60_000, 0)


def _batches(home: Path) -> int:
    """How many batches the import has written, read from outside."""
    asked = "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('select count(*) from import_batch').fetchone()[0])"
    found = subprocess.run(
        [sys.executable, "-c", asked, str(home / "rapport.db")], capture_output=True, text=True, check=False
    )
    return int(found.stdout or 0)
