"""Fixtures that every room shares. ``store`` runs a test on both databases, ``sqlite_store`` on one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from crm_store.store import Store
from tests.databases import (
    MISSING,
    POSTGRES,
    fresh_postgres,
    migrated_template,
    opened,
    postgres_programs,
    postgres_server,
)

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


def chromium() -> str | None:
    """Where Chromium is on this machine."""
    return os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_report_header() -> list[str]:
    lines = []
    if not os.environ.get(POSTGRES) and postgres_programs() is None:
        lines.append(f"MISSING: {MISSING}")
    if not chromium():
        lines.append("MISSING: Chromium was not found; the browser tests will fail. Install Debian's chromium package.")
    return lines


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: its driver takes no second one beside it."""
    found = chromium()
    assert found, "Chromium was not found: install Debian's package chromium, or set TEST_CHROMIUM to its path."
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server to make databases on."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    with migrated_template(postgres) as name:
        yield name


@pytest.fixture
def postgres_store(postgres: str, postgres_template: str) -> Iterator[Store]:
    with fresh_postgres(postgres, postgres_template) as url, opened(url, migrate=False) as store:
        yield store


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record in SQLite that others are copied from: migrating each takes most of the time of a short test."""
    file = tmp_path_factory.mktemp("template") / "rapport.db"
    with opened(f"sqlite:///{file}", migrate=True):
        return file


@pytest.fixture
def sqlite_store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    file = shutil.copy(sqlite_template, tmp_path / "rapport.db")
    with opened(f"sqlite:///{file}", migrate=False) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    made: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return made
