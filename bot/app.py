"""The composition root: settings -> parts. Everything that is shared is made here once and handed down."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

from bot import decisions, sources, upkeep
from bot.agent.tools.next_actions import why_action
from bot.agent.turn import Turn
from bot.answering import Answering
from bot.cards import Card, ChartCard, Option, ProposalView
from bot.errors import Misconfigured
from bot.home import home_cards
from bot.indexing import Indexer, Progress, leaving, quiet
from bot.jobs import Handler, Worker
from bot.meetings.desk import MeetingDesk
from bot.meetings.intake import Intake
from bot.meetings.webhook import JOB_KIND as MEETING_JOB
from bot.meetings.webhook import app as webhook_app
from bot.meetings.webhook import serve as serve_webhook
from bot.own_documents import OwnImport, import_own_documents
from bot.proposals import view
from bot.questions import Answer, Question
from bot.recall import Recall
from bot.report_files import run_report
from bot.settings import Settings
from bot.sources import OpenedSource
from bot.suggesting import keep_word
from crm_store import pipelines, texts
from crm_store.access import Scope
from crm_store.errors import StoreUnavailable
from crm_store.names import NameCache
from crm_store.people import Caller, caller_for
from crm_store.sample import SAMPLE_DOCUMENTS, SampleCounts, load_sample
from crm_store.store import Store
from knowledge.embeddings import Embeddings, describe, load_embeddings
from knowledge.errors import IndexLocked, IndexUnusable, KnowledgeError
from knowledge.index import VectorIndex
from knowledge.index_reader import IndexReader

_log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


class Rapport:
    """Everything that runs: the record, the index, the front door and the worker. Close it when done."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = now) -> None:
        self.settings, self.clock = settings, clock
        self.store = Store(settings.store_url, workers=settings.workers)
        self._names = NameCache()
        self._index: VectorIndex | None = None
        self._index_may_be_held = True
        self._embeddings: Embeddings | None = None
        self._answering: Answering | None = None
        self._indexer: Indexer | None = None
        self.worker: Worker | None = None
        intake = Intake(self.store, settings.currency, self._names.names)
        self.meetings = MeetingDesk(self.store, intake, lambda email: self.caller_for_email(email), clock)

    def open(self, *, create: bool = False, hold_index: bool = False, repair_index: bool = True) -> "Rapport":
        """Make the parts ready. ``create`` makes or upgrades the schema; ``hold_index`` takes the vector index for
        this process, if no other has it; ``repair_index`` starts an empty one where it is damaged.

        :raises StoreUnavailable: when the database is not there, does not answer or has another schema.
        """
        if create:
            self.store.migrate()
        else:
            if self.settings.database_url is None and not (self.settings.home / "rapport.db").exists():
                raise StoreUnavailable(
                    f"There is no customer record in {self.settings.home} yet. Start with 'rapport local' for the sample company, "
                    "'rapport import PATH --from hubspot|salesforce|csv' for your own, or set RAPPORT_HOME or RAPPORT_DATABASE_URL."
                )
            self.store.check_schema()
        self._index = self._open_index(repair_index) if hold_index else None
        return self

    def close(self) -> None:
        if self.worker is not None:
            self.worker.stop()
        if self._answering is not None:
            self._answering.close()
        if self._index is not None:
            self._index.close()
        self.store.close()

    def __enter__(self) -> "Rapport":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # The parts that cost time to make are made when first needed.

    @property
    def embeddings(self) -> Embeddings:
        if self._embeddings is None:
            self._embeddings = load_embeddings(self.settings.embeddings, threads=self.settings.threads)
        return self._embeddings

    @property
    def indexer(self) -> Indexer:
        if self._indexer is None:
            leave = leaving(self.clock) if self._index_may_be_held else None
            self._indexer = Indexer(self.store, self.embeddings, self._index, leave, self._reader())
        return self._indexer

    @property
    def answering(self) -> Answering:
        if self._answering is None:
            recall = Recall(self.store, self.embeddings, self._index or self._reader(), self.settings.dense_weight)
            self._answering = Answering(self.settings, self.store, recall, self._names)
        return self._answering

    def _reader(self) -> IndexReader | None:
        alone = self._index is not None or self.settings.chroma_url
        return None if alone else IndexReader.beside(self.settings.home / "chroma", describe(self.embeddings))

    def _open_index(self, repair: bool) -> VectorIndex | None:
        model = describe(self.embeddings)
        try:
            if self.settings.chroma_url:
                return VectorIndex.connect(self.settings.chroma_url, model)
            self.settings.home.mkdir(parents=True, exist_ok=True)
            return VectorIndex.open(self.settings.home / "chroma", model)
        except IndexLocked:
            return None
        except IndexUnusable as error:
            if not repair or self.settings.chroma_url:
                raise
            _log.warning("The search index is damaged and is made anew from the record: %s", error)
            self._index = VectorIndex.open(self.settings.home / "chroma", model, discard=True)
            self.indexer.fill_index()  # from the stored vectors, which takes seconds
            return self._index
        except KnowledgeError as error:
            _log.warning("Searching without the vector index: %s", error)
            self._index_may_be_held = False
            return None

    # What people do, from Slack and from the command line alike.

    def caller_for_email(self, email: str) -> Caller:
        """:raises UnknownPerson: when nobody active has this address."""
        with self.store.read(Scope.system("who is asking")) as session:
            return caller_for(session, email, self.settings.visibility, self.settings.manager_fields)

    def answer(self, question: Question) -> Answer:
        filed = self.meetings.filed(question.caller, question.text, question.thread, question.origin, question.now)
        if filed is not None:
            self.wake()
            return filed
        return self.answering.answer(question)

    def confirm(
        self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None, origin: str = "slack"
    ) -> Answer:
        home = self.settings.home
        answer = decisions.confirm(self.store, caller, proposal_id, item_ids, origin, self.clock(), home=home)
        self.wake()
        return answer

    def reject(self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None) -> Answer:
        return decisions.reject(self.store, caller, proposal_id, item_ids, self.clock())

    def edit(self, caller: Caller, proposal_id: str, values: dict[str, dict[str, object]]) -> Answer:
        return decisions.edit(self.store, caller, proposal_id, values, self.clock())

    def undo(self, caller: Caller, change_id: str, origin: str = "slack") -> Answer:
        answer = decisions.undo(self.store, caller, change_id, origin, self.clock())
        self.wake()
        return answer

    def complete_task(self, caller: Caller, task_id: str, origin: str = "slack", *, key: str = "") -> Answer:
        answer = decisions.complete_task(self.store, caller, task_id, origin, self.clock(), key=key)
        self.wake()
        return answer

    def open_source(self, caller: Caller, citation_id: str) -> OpenedSource:
        with self.store.read(caller.scope) as session:
            return sources.open_source(session, citation_id)

    def suggestion_event(self, caller: Caller, suggestion_id: str, event: str, until: date | None = None) -> None:
        """Keep what a person said of a suggestion: done, snoozed until a day, or not useful."""
        keep_word(self.turn(caller, event), suggestion_id, event, until)

    def why(self, caller: Caller, suggestion_id: str) -> Answer:
        """What a suggestion rests on and how it was weighed."""
        found = why_action(self.turn(caller, "why"), suggestion_id)
        return Answer(text=found.text, citations=found.citations, cards=found.cards, figures=found.figures)

    def proposal(self, caller: Caller, proposal_id: str) -> ProposalView:
        with self.store.read(caller.scope) as session:
            return view(session, proposal_id, caller.zone, self.clock().astimezone(caller.zone).date())

    def stages(self, caller: Caller, stage_id: str) -> Sequence[Option]:
        """The stages of this stage's pipeline, in order."""
        with self.store.read(caller.scope) as session:
            return [Option(label=stage.name, value=stage.id) for stage in pipelines.stages_beside(session, stage_id)]

    def chart(self, card: ChartCard) -> bytes | None:
        from bot.charts import render_png  # the drawing library is loaded with the first chart: it takes a second
        return render_png(card)

    def meetings_intake(self, caller: Caller, filename: str, content: bytes, thread: str) -> Answer:
        """A transcript or notes somebody dropped into a conversation."""
        return self.log_meeting(caller, filename, content, self.clock(), thread=thread, origin="slack")

    def log_meeting(
        self, caller: Caller, filename: str, content: bytes, at: datetime, *, account: str | None = None,
        thread: str = "cli", origin: str = "cli",
    ) -> Answer:  # fmt: skip
        """Log a meeting from its transcript and propose what follows from it.

        :raises BadInput: when the file cannot be read, or ``account`` names nothing the caller may see.
        """
        answer = self.meetings.log_file(caller, filename, content, at, account=account, thread=thread, origin=origin)
        self.wake()
        return answer

    def webhook(self) -> AbstractContextManager[object]:
        """Serves the meeting webhook on loopback while it is open; nothing where no secret is set."""
        secret = self.settings.webhook_secret
        if secret is None:
            return nullcontext()
        served = webhook_app(self.store, secret.get_secret_value(), self.settings.visibility, self.clock, self.wake)
        return serve_webhook(served, self.settings.webhook_port)

    def report(self, caller: Caller, spec: str, at: datetime) -> tuple[Answer, dict[str, object]]:
        """A report from its JSON, in words and as JSON. :raises BadInput: it is none, naming the part that is wrong."""
        return run_report(self.turn(caller, "report", at), spec)

    def unread_count(self) -> int:
        """How many texts have no passages yet, so that a search cannot find them."""
        with self.store.read(Scope.system("index check")) as session:
            return sum(len(page) for source in texts.SOURCES for page in texts.not_indexed(session, source))

    def turn(self, caller: Caller, message: str, at: datetime | None = None) -> Turn:
        """The context of something a person did other than by asking."""
        return self.answering.turn(Question(message, caller, at or self.clock(), "button"))

    def home(self, caller: Caller, at: datetime) -> list[Card]:
        return home_cards(self.answering.turn(Question("", caller, at, "home")))

    # The service.

    def handlers(self) -> dict[str, Handler]:
        kept = upkeep.handlers(self.store, lambda: self.indexer, self.settings, self.clock, self._stopping)
        held = upkeep.holder_handlers(lambda: self.indexer) if self._index is not None else {}
        return {MEETING_JOB: self.meetings.run_job, **kept, **held}

    def start_worker(self, more: dict[str, Handler] | None = None) -> Worker:
        """Run jobs in this process until it is closed; ``more`` are the kinds that a front end handles."""
        upkeep.schedule(self.store, self.settings, self.clock())
        self.worker = Worker(self.store, self.handlers() | (more or {}), self.clock, self.settings.workers)
        self.worker.start()
        return self.worker

    def run_due_jobs(self) -> int:
        """Run what is due in this thread; for commands, which have no worker."""
        return Worker(self.store, self.handlers(), self.clock).drain()

    def load_sample(self, today: date, progress: Callable[[int, int], None] | None = None) -> SampleCounts:
        with self.store.write(Scope.system("sample")) as session:
            counts = load_sample(session, today, progress)
        self.import_documents(SAMPLE_DOCUMENTS)
        return counts

    def import_documents(self, path: Path) -> OwnImport:
        """Bring the company's own documents in step with a folder of files. :raises BadInput: nothing to read there."""
        return import_own_documents(self.store, self.embeddings, path, now=self.clock())

    def index_missing(self, progress: Progress = quiet, stop: Callable[[], bool] = lambda: False) -> None:
        self.indexer.index_missing(progress, stop)

    def _stopping(self) -> bool:
        return self.worker is not None and self.worker.stopping

    def wake(self) -> None:
        """Have the worker look for jobs at once."""
        if self.worker is not None:
            self.worker.wake()


def check_home(home: Path) -> None:
    """:raises Misconfigured: when the folder cannot be written to."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Misconfigured(
            f"RAPPORT_HOME points to {home}, which cannot be written to ({error.strerror}). Choose another folder."
        ) from error
