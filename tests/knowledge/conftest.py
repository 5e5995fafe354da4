"""One embedding model for the whole run, and a fresh index and record for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from tests.knowledge.list_source import ListSource


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    return MiniLM(threads=1)


@pytest.fixture
def source(minilm: MiniLM) -> ListSource:
    return ListSource(minilm, {"meridian"})


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info) as opened:
        yield opened
