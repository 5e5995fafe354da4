"""What the worker does after a write, a merge and an erasure, and every day: passages of rows, files without traces, and
retention. Where this process holds the vector index, also what others left to it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.indexing import INDEX_FILL, INDEX_REBUILD, INDEX_ROW, Indexer, quiet
from bot.jobs import Handler
from bot.settings import Settings
from crm_store import jobs, texts
from crm_store.access import Scope
from crm_store.changes.merging import JOB_KIND as INDEX_MERGED
from crm_store.jobs import Claim
from crm_store.people_data.erasing import JOB_KIND as AFTER_ERASURE
from crm_store.people_data.retention import Retention, keep_to
from crm_store.store import Store

RETENTION = "retention"
_SYSTEM = Scope.system("upkeep")


def handlers(
    store: Store, indexer: Callable[[], Indexer], settings: Settings, clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> Mapping[str, Handler]:  # fmt: skip
    """The kinds of jobs that any process does."""

    def index(held: Claim) -> None:
        indexer().index_row(str(held.payload["source"]), str(held.payload["id"]))

    def index_all(held: Claim) -> None:
        indexer().index_missing(stop=stopping)

    def index_merged(held: Claim) -> None:
        """The passages of a merged account or contact name it and say whose they are: make them anew where that changed."""
        with store.read(_SYSTEM) as session:
            rows = texts.about(session, str(held.payload["entity"]), str(held.payload["id"]))
        for source, row_id in rows:
            indexer().index_row(source, row_id)

    def after_erasure(held: Claim) -> None:
        """Embed what is left of the texts, have the vector index built anew without the old vectors, and compact the files."""
        for source, row_id in held.payload["rows"]:
            indexer().index_row(str(source), str(row_id))
        indexer().rebuild_or_leave()
        store.compact()

    def retention(held: Claim) -> None:
        schedule(store, settings, clock() + timedelta(days=1))  # first: a day that fails for good must not be the last
        keep_to(store, retention_of(settings), clock(), quiet, stopping)

    return {
        "index": index, "index_all": index_all, INDEX_MERGED: index_merged, AFTER_ERASURE: after_erasure,
        RETENTION: retention,
    }  # fmt: skip


def holder_handlers(indexer: Callable[[], Indexer]) -> Mapping[str, Handler]:
    """The kinds of jobs that only the process which holds the vector index does."""
    return {
        INDEX_ROW: lambda held: indexer().reflect_row(
            str(held.payload["source"]), str(held.payload["id"]), [str(one) for one in held.payload["gone"]]
        ),
        INDEX_FILL: lambda held: indexer().fill_index(),
        INDEX_REBUILD: lambda held: indexer().rebuild_or_leave(),
    }


def retention_of(settings: Settings) -> Retention:
    return Retention(
        settings.retention_conversations_days, settings.retention_jobs_days, settings.retention_contacts_months
    )


def schedule(store: Store, settings: Settings, at: datetime) -> None:
    """Have retention run once on that day, where anything is kept for a time only."""
    if retention_of(settings).any:
        with store.write(_SYSTEM) as session:
            jobs.enqueue(session, RETENTION, f"{RETENTION}:{at.date().isoformat()}", {}, now=at, run_at=at)
