"""What the worker does after a merge, after an erasure and every day: passages of moved rows, files without traces, and
retention."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.indexing import Indexer, quiet
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
    """The kinds of jobs of this module."""

    def index_merged(held: Claim) -> None:
        """The passages of a merged account or contact name it and say whose they are: make them anew where that changed."""
        with store.read(_SYSTEM) as session:
            rows = texts.about(session, str(held.payload["entity"]), str(held.payload["id"]))
        for source, row_id in rows:
            indexer().index_row(source, row_id)

    def after_erasure(held: Claim) -> None:
        """Embed what is left of the texts, build the vector index anew without the old vectors, and compact the files."""
        for source, row_id in held.payload["rows"]:
            indexer().index_row(str(source), str(row_id))
        if indexer().index is not None:
            indexer().rebuild()
        store.compact()

    def retention(held: Claim) -> None:
        keep_to(store, retention_of(settings), clock(), quiet, stopping)
        if not stopping():
            schedule(store, settings, clock() + timedelta(days=1))

    return {INDEX_MERGED: index_merged, AFTER_ERASURE: after_erasure, RETENTION: retention}


def retention_of(settings: Settings) -> Retention:
    return Retention(
        settings.retention_conversations_days, settings.retention_jobs_days, settings.retention_contacts_months
    )


def schedule(store: Store, settings: Settings, at: datetime) -> None:
    """Have retention run once on that day, where anything is kept for a time only."""
    if retention_of(settings).any:
        with store.write(_SYSTEM) as session:
            jobs.enqueue(session, RETENTION, f"{RETENTION}:{at.date().isoformat()}", {}, now=at, run_at=at)
