"""One embedding model for the whole run, and a fresh index and record for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embeddings import MiniLM
from knowledge.generation import EXACT
from knowledge.index import VectorIndex
from tests.knowledge.list_source import ListSource


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    return MiniLM(threads=1)


@pytest.fixture
def source(minilm: MiniLM) -> ListSource:
    return ListSource(minilm, {"meridian"})


@pytest.fixture(params=[EXACT, 0], ids=["exact", "graph"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    """Once comparing one by one what a search is about, as for a few records, and once by the graph, as for many."""
    with VectorIndex.open(tmp_path / "chroma", MiniLM.info, exact=request.param) as opened:
        yield opened
