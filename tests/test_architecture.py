"""The house rules, checked: who may import whom, what only the record may touch, and what the README must name."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "knowledge", "crm_store")
LONGEST = 300
# What speaks to the database below the guarded session: the guard itself, the engine and the schema. The full-text
# index has statements that no mapped class can say; it and the jobs ask which of the two databases they are on.
BELOW_THE_GUARD = (
    "crm_store/access.py", "crm_store/row_security.py", "crm_store/store.py", "crm_store/migrations/", "crm_store/models/",
)  # fmt: skip
BULK = ("crm_store/imports/bulk.py", "crm_store/passages_vectors.py")  # rows by the ten thousand, in sessions whose scope is everything
FULL_TEXT = ("crm_store/passages.py", "crm_store/passages_")
# A merge re-points colleagues' rows once both records were seen; an erasure is an administrator's; the name index asks
# how many rows there are, and how new, without reading one; what hides fields asks whether an earlier write has one.
BEYOND_ONE_SIGHT = (
    "crm_store/changes/merging.py", "crm_store/changes/hidden.py", "crm_store/people_data/erasing.py", "crm_store/names/loading.py",
)  # fmt: skip
AROUND_THE_GUARD = {
    "__table__": (*BELOW_THE_GUARD, "crm_store/base.py", "crm_store/references.py"),
    "text": (*BELOW_THE_GUARD, *FULL_TEXT),
    "raw": (*FULL_TEXT, *BEYOND_ONE_SIGHT),
    "get_bind": (*BELOW_THE_GUARD, *FULL_TEXT, "crm_store/jobs.py"),
    "connection": (*BELOW_THE_GUARD, *BULK),
    "exec_driver_sql": (*BELOW_THE_GUARD, *BULK),
    "from_statement": BELOW_THE_GUARD,
}
# What talks to the world may ask it for the time; what decides is told.
CLOCKS = ("bot/app.py", "bot/local/")
NO_TALK_OF = re.compile(r"(?<![\w./])/(?:work|root|home/\w+|Users/\w+)/[\w.]+")


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    """Every module below these folders, as (path from the root, text)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def nodes(*folders: str) -> Iterator[tuple[str, ast.AST]]:
    for name, text in sources(*folders):
        for node in ast.walk(ast.parse(text, name)):
            yield name, node


def under(name: str, places: tuple[str, ...]) -> bool:
    return name.startswith(places)


def where(name: str, node: ast.AST) -> str:
    return f"{name}:{getattr(node, 'lineno', 0)}"


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=600)


def test_the_packages_import_only_what_they_may() -> None:
    done = run("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_ruff_finds_nothing() -> None:
    done = run("-m", "ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.timeout(600)
def test_every_type_is_checked_strictly(tmp_path: Path) -> None:
    done = run("-m", "mypy", "--strict", "--cache-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_nothing_goes_around_the_guarded_session() -> None:
    found = [
        f"{where(name, node)} uses {used}"
        for name, node in nodes(*PACKAGES)
        if (used := around_the_guard(node)) and not under(name, AROUND_THE_GUARD[used])
    ]
    assert found == []


def around_the_guard(node: ast.AST) -> str | None:
    """The door around the guard that this node opens."""
    match node:
        case ast.Attribute(attr="__table__" | "get_bind" | "exec_driver_sql" | "from_statement" as door):
            return door
        case ast.Attribute(value=ast.Name(id=owner), attr="raw" | "connection" as door) if "session" in owner:
            return door
        case ast.Attribute(value=ast.Attribute(attr=owner), attr="raw" | "connection" as door) if "session" in owner:
            return door
        case ast.Attribute(value=ast.Name(id="sa" | "sqlalchemy"), attr="text"):
            return "text"
        case ast.ImportFrom(module=str(module), names=names) if module.startswith("sqlalchemy"):
            return next((alias.name for alias in names if alias.name in AROUND_THE_GUARD), None)
        case _:
            return None


@pytest.mark.parametrize(
    ("code", "door"),
    [
        ("from sqlalchemy import select, text", "text"),
        ("sqlalchemy.text('x')", "text"),
        ("session.connection()", "connection"),
        ("self._session.raw('why')", "raw"),
        ("Account.__table__.c.id", "__table__"),
        ("session.get_bind()", "get_bind"),
        ("row.raw", None),
        ("message.text", None),
        ("from rich.text import text", None),
    ],
)
def test_the_rule_sees_each_door_and_nothing_else(code: str, door: str | None) -> None:
    assert next(filter(None, map(around_the_guard, ast.walk(ast.parse(code)))), None) == door


def test_only_the_record_imports_sqlalchemy_even_inside_functions() -> None:
    found = [where(name, node) for name, node in nodes("bot", "knowledge") if _imports(node, "sqlalchemy", "alembic")]
    assert found == []


def _imports(node: ast.AST, *libraries: str) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in libraries for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in libraries


def test_only_the_edges_ask_what_time_it_is() -> None:
    found = [
        where(name, node)
        for name, node in nodes(*PACKAGES)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in ("datetime", "date")
        and not under(name, CLOCKS)
    ]
    assert found == []


def test_no_module_is_longer_than_fits_in_the_head() -> None:
    lengths = {name: len(text.splitlines()) for name, text in sources(*PACKAGES) if "migrations/versions" not in name}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_is_named_for_being_left_over() -> None:
    leftovers = {"utils", "util", "helpers", "helper", "services", "service_utils", "misc", "common"}
    found = [name for name, _ in sources(*PACKAGES) if leftovers & set(name.removesuffix(".py").split("/"))]
    assert found == []


def test_no_test_replaces_our_own_code() -> None:
    found = [where(name, node) for name, node in nodes("tests") if _imports(node, "mock") or _is_mock(node)]
    assert found == []


def _is_mock(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module="unittest", names=names):
            return any(alias.name == "mock" for alias in names)
        case ast.ImportFrom(module="unittest.mock") | ast.arg(arg="mocker"):
            return True
        case ast.Attribute(value=ast.Name(id="monkeypatch"), attr=attribute):
            return attribute not in ("setenv", "delenv", "chdir")  # the surroundings of a process are no code of ours
        case _:
            return False


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_has_its_row_in_the_readme_with_its_default_and_what_it_is(name: str) -> None:
    field = Settings.model_fields[name]
    default = field.default.value if isinstance(field.default, Enum) else field.default
    shown = "" if default is None or default == frozenset() else f"`{default}`"
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith(f"| `RAPPORT_{name.upper()}` |")]
    assert rows == [f"| `RAPPORT_{name.upper()}` | {shown} | {field.description} |"]


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"RAPPORT_[A-Z][A-Z_]*", (ROOT / "README.md").read_text("utf-8")))
    assert named <= {f"RAPPORT_{name.upper()}" for name in Settings.model_fields}


def test_nothing_in_the_repository_speaks_of_the_machine_it_was_made_on() -> None:
    tracked = [path for folder in (*PACKAGES, "tests", ".ci") for path in sorted((ROOT / folder).rglob("*"))]
    tracked += [path for path in ROOT.iterdir() if path.suffix in (".md", ".toml", ".txt")]
    found = []
    for path in tracked:
        if not path.is_file() or "__pycache__" in path.parts or path.suffix in (".npz", ".png", ".onnx"):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if NO_TALK_OF.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
