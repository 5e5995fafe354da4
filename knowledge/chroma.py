"""The one place that talks to Chroma: opening it quietly, naming collections, and translating its failures."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from knowledge.embeddings import EmbeddingModel
from knowledge.errors import IndexUnreachable, IndexUnusable, KnowledgeError
from knowledge.records import Neighbour
from knowledge.vectors import Vectors

_PAGE = 20_000
_DATABASE = "chroma.sqlite3"
_GRAPH = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PREFIX = "knowledge-"
_STATE = "state"
_BUILDING, _SERVING = "building", "serving"
_UNFIT = re.compile(r"[^A-Za-z0-9.]+")
_GENERATION = re.compile(r"-g(\d+)$")


def query(collection: Collection, vector: Vectors, k: int) -> list[Neighbour]:
    """The `k` nearest to `vector`, best first."""
    found = collection.query(query_embeddings=vector[np.newaxis, :], n_results=k, include=["distances"])
    distances = (found["distances"] or [[]])[0]
    return [Neighbour(id, 1.0 - distance) for id, distance in zip(found["ids"][0], distances, strict=True)]


def page(collection: Collection, offset: int) -> list[str]:
    """The next ids from `offset` on; none at the end."""
    return collection.get(include=[], limit=_PAGE, offset=offset)["ids"]


def vectors(collection: Collection, ids: list[str]) -> dict[str, Vectors]:
    """The vectors of those of `ids` that it holds."""
    found = collection.get(ids=ids, include=["embeddings"])
    kept = found["embeddings"]
    return {} if kept is None else {id: np.asarray(one, dtype=np.float32) for id, one in zip(found["ids"], kept, strict=True)}


def delete(collection: Collection, ids: list[str]) -> None:
    """Removes `ids`; unknown ones are ignored."""
    collection.delete(ids=ids)


@contextmanager
def translated(where: str, *, remote: bool) -> Iterator[None]:
    """Turns whatever Chroma raises into this room's errors."""
    try:
        yield
    except KnowledgeError:
        raise
    except Exception as error:
        raise _failure(where, error, remote) from error
    except BaseException as error:
        # A panic in Chroma's native part arrives as a BaseException of its own, which would end the worker.
        if type(error).__name__ != "PanicException":
            raise
        raise _failure(where, error, remote) from error


def _failure(where: str, error: BaseException, remote: bool) -> KnowledgeError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    lost = remote and ("connect" in reason.lower() or "timed out" in reason.lower())
    return IndexUnreachable(where, reason) if lost else IndexUnusable(where, reason)


def _quiet(settings: Settings) -> Settings:
    """Nothing is sent anywhere, whatever the environment says."""
    settings.anonymized_telemetry = False
    settings.chroma_otel_collection_endpoint = ""
    return settings


class _Systems(SharedSystemClient):
    """Chroma's cache of opened folders, which keeps one that failed to open and hands it out again."""

    @classmethod
    def forget(cls, path: str) -> None:
        cls._identifier_to_system.pop(path, None)


def open_folder(path: Path, *, discard: bool) -> ClientAPI:
    """Chroma inside this process, on `path`; `discard` throws away what is there first."""
    if discard:
        shutil.rmtree(path, ignore_errors=True)
    with translated(str(path), remote=False):
        path.mkdir(parents=True, exist_ok=True)
        try:
            # Constructed, not read: a stray .env file in the working directory must not reconfigure the index.
            return chromadb.PersistentClient(path=str(path), settings=_quiet(Settings.model_construct()))
        except BaseException:
            _Systems.forget(str(path))
            raise


def open_server(url: str) -> ClientAPI:
    """A Chroma server, e.g. "http://localhost:8000". Raises IndexUnreachable."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise IndexUnreachable(url, "not an http or https address")
    secure = parts.scheme == "https"
    with translated(url, remote=True):
        # A server may ask for credentials, which Chroma reads from CHROMA_CLIENT_AUTH_* itself.
        return chromadb.HttpClient(
            host=parts.hostname, port=parts.port or (443 if secure else 8000), ssl=secure, settings=_quiet(Settings())
        )


def sweep(path: Path) -> None:
    """Removes the graph folders of dropped collections, which Chroma leaves behind: a rebuild a week fills a disk.

    Only folders named like a graph and unknown to Chroma's own list are touched; without that list, nothing is.
    """
    with closing(sqlite3.connect(f"{(path / _DATABASE).as_uri()}?mode=ro", uri=True)) as database:
        try:
            known = {str(row[0]) for row in database.execute("SELECT id FROM segments")}
        except sqlite3.Error:
            return
    for folder in path.iterdir():
        if folder.is_dir() and _GRAPH.fullmatch(folder.name) and folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)


def base_name(model: EmbeddingModel) -> str:
    """What the names of all collections of `model` begin with."""
    return PREFIX + _UNFIT.sub("-", model.key).strip("-.")


def generation(name: str) -> int:
    """The generation in a collection's name; 0 when there is none."""
    match = _GENERATION.search(name)
    return int(match.group(1)) if match else 0


def create(client: ClientAPI, base: str, number: int, *, serving: bool) -> Collection:
    """A new collection of generation `number`, answering questions at once when `serving`."""
    return client.create_collection(
        f"{base}-g{number}",
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        metadata={_STATE: _SERVING if serving else _BUILDING},
    )


@dataclass(frozen=True, slots=True)
class Collections:
    """Names of collections, oldest generation first: those that serve, and those a crash left unfinished."""

    serving: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def newest(self) -> int:
        """The highest generation among them; 0 when there are none."""
        return max(map(generation, self.serving + self.unfinished), default=0)


def collections(client: ClientAPI, base: str) -> Collections:
    """The collections whose names begin with `base`."""
    found = sorted(
        (one for one in client.list_collections() if one.name.startswith(base)), key=lambda one: generation(one.name)
    )
    serving = tuple(one.name for one in found if (one.metadata or {}).get(_STATE) == _SERVING)
    return Collections(serving, tuple(one.name for one in found if one.name not in serving))


def close(client: ClientAPI) -> None:
    """Lets go of the folder or the connections."""
    if isinstance(client, Client):
        client.close()


def serve(collection: Collection) -> None:
    """The switch: from this one committed write on, the collection is the newest that serves."""
    collection.modify(metadata={_STATE: _SERVING})
