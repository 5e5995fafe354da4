"""What is configured, what is missing and how to mend it."""

import importlib.util
import os
from contextlib import closing
from dataclasses import dataclass, replace

from bot.app import check_home
from bot.errors import KNOWN
from bot.redaction import redact
from bot.settings import Settings
from crm_store import jobs, roster
from crm_store.access import Scope
from crm_store.own_documents import count_own_passages, count_own_to_embed
from crm_store.passages_vectors import count_vectors
from crm_store.row_security import RowSecurity
from crm_store.store import Store
from knowledge.embeddings import EmbeddingModel, describe, embed, load_embeddings
from knowledge.errors import IndexLocked
from knowledge.index import VectorIndex
from knowledge.index_reader import IndexReader

_SYSTEM = Scope.system("doctor")
_MANY = 50_000
"""Comparing so many stored vectors takes about a second."""
_EXTRAS = {"openai": "langchain_openai", "anthropic": "langchain_anthropic", "ollama": "langchain_ollama"}
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``optional`` things may be missing without harm; ``mend`` says what to do."""

    what: str
    ok: bool
    detail: str
    mend: str = ""
    optional: bool = False


def examine(settings: Settings) -> list[Finding]:
    """Look at everything once; never raises for what it finds, and repeats no secret."""
    findings = [
        _home(settings),
        *_record(settings),
        *_search(settings),
        _model(settings),
        *_slack(settings),
    ]
    return [replace(each, detail=redact(each.detail), mend=redact(each.mend)) for each in findings]


def _home(settings: Settings) -> Finding:
    try:
        check_home(settings.home)
    except KNOWN as error:
        return Finding("Home", False, str(settings.home), str(error))
    return Finding("Home", True, str(settings.home))


def _has_record(settings: Settings) -> bool:
    return settings.database_url is not None or (settings.home / "rapport.db").exists()


def _record(settings: Settings) -> list[Finding]:
    if not _has_record(settings):
        mend = "Run 'rapport local' for the sample company, or 'rapport import PATH --from …' for your own data."
        return [Finding("Customer record", False, "none yet", mend)]
    try:
        store = Store(settings.store_url)
        store.check_schema()
        with store.read(_SYSTEM) as session:
            people = roster.members(session)
            unfinished = jobs.waiting(session)
        security = store.row_security()
        store.close()
    except KNOWN as error:
        return [Finding("Customer record", False, "cannot be used", str(error))]
    dead = [job for job in unfinished if job.status == "dead"]
    mend = "" if people else "Add yourself: rapport people add you@company.example --role admin"
    return [
        Finding("Customer record", True, f"{store.dialect} at {store.place}"),
        *([] if security is None else [_row_security(security)]),
        Finding("People", bool(people), f"{len(people)} known", mend),
        Finding(
            "Jobs", not dead, f"{len(unfinished) - len(dead)} waiting, {len(dead)} given up",
            "; ".join(f"{job.key}: {job.error}" for job in dead[:3]),
        ),
    ]  # fmt: skip


def _row_security(found: RowSecurity) -> Finding:
    if found.escapes:
        return Finding(
            "Row-level security", False, f"DOES NOT HOLD: the role {found.role} is {found.escapes}",
            "Anyone who reaches the database through this role reads every row. Give Rapport an ordinary role that owns its "
            "database (README, Run it for a company).",
        )  # fmt: skip
    if found.open:
        return Finding("Row-level security", False, f"is not forced on {', '.join(found.open)}", "Run 'rapport db upgrade'.")
    return Finding("Row-level security", True, f"holds for the role {found.role}")


def _search(settings: Settings) -> list[Finding]:
    """The embedding model, what it has embedded, and the index."""
    try:
        embeddings = load_embeddings(settings.embeddings, threads=settings.threads)
        embed(embeddings, ["ready"])
        model = describe(embeddings)
    except KNOWN as error:
        return [Finding("Embedding model", False, settings.embeddings, str(error))]
    ready = Finding("Embedding model", True, f"{model.key}, its files are as published")
    if not _has_record(settings):
        return [ready, _index(settings, model, 0)]
    try:
        with closing(Store(settings.store_url)) as store:
            store.check_schema()
            with store.read(_SYSTEM) as session:
                vectors = count_vectors(session, model.key)
                there, waiting = count_own_passages(session), count_own_to_embed(session, model.key)
    except KNOWN:  # told of the record itself
        return [ready, _index(settings, model, 0)]
    return [ready, *_own_documents(there, waiting), _index(settings, model, vectors)]


def _own_documents(there: int, waiting: int) -> list[Finding]:
    """Whether the model has embedded the company's own documents; what it has not is found by its words only."""
    if not there:
        return []
    if not waiting:
        return [Finding("Own documents", True, f"{there:,} passages")]
    mend = "They are found by their words only, until 'rapport index rebuild' or a running 'rapport serve' has embedded them."
    detail = f"{there:,} passages, {waiting:,} of them embedded by another model"
    return [Finding("Own documents", False, detail, mend, optional=True)]


def _index(settings: Settings, model: EmbeddingModel, vectors: int) -> Finding:
    """``vectors`` are those of the record, all of which a process reads for every search when it has no index."""
    slow = f" Until then every search reads all {vectors:,} stored vectors{', which takes seconds' if vectors > _MANY else ''}."
    where = settings.chroma_url or str(settings.home / "chroma")
    if settings.chroma_url is None and not (settings.home / "chroma").exists():
        return Finding("Search index", True, "none yet; it is made with the record", optional=True)
    try:
        opened = (
            VectorIndex.connect(where, model)
            if settings.chroma_url
            else VectorIndex.open(settings.home / "chroma", model)
        )
        with opened as index:
            return Finding(
                "Search index", True, f"{index.count():,} vectors in {where}; 'rapport index check' compares them"
            )
    except IndexLocked:
        if vectors <= _MANY or IndexReader.beside(settings.home / "chroma", model):
            return Finding("Search index", True, f"{where}, held by a running rapport")
        mend = f"Let them share one: start a Chroma server and set RAPPORT_CHROMA_URL.{slow}"
        return Finding("Search index", False, f"{where}, held by a running rapport and by no other process", mend, optional=True)
    except KNOWN as error:
        return Finding(
            "Search index",
            False,
            where,
            f"{error}{slow}",
            optional=True,
        )


def _model(settings: Settings) -> Finding:
    provider = settings.model.partition(":")[0]
    if settings.model == "embedded":
        return Finding("Chat model", True, "embedded: no key, no network")
    module = _EXTRAS.get(provider)
    if module is None or ":" not in settings.model:
        return Finding(
            "Chat model", False, settings.model, "Give embedded, or PROVIDER:NAME with openai, anthropic or ollama."
        )
    if importlib.util.find_spec(module) is None:
        mend = f"Install it: pip install -c constraints.txt '.[{provider}]' in the folder of Rapport's source."
        return Finding("Chat model", False, settings.model, mend)
    key = _KEYS.get(provider)
    if key is not None and not os.environ.get(key):
        return Finding("Chat model", False, settings.model, f"Set {key}. Until then the embedded model answers.")
    return Finding("Chat model", True, f"{settings.model}, falling back to embedded")


def _slack(settings: Settings) -> list[Finding]:
    given = {
        "Slack bot token": (settings.slack_bot_token, "xoxb-", "SLACK_BOT_TOKEN", "rapport serve"),
        "Slack app token": (settings.slack_app_token, "xapp-", "SLACK_APP_TOKEN", "rapport serve --transport socket"),
        "Slack signing secret": (settings.slack_signing_secret, "", "SLACK_SIGNING_SECRET", "rapport serve --transport http"),
    }
    findings = []
    for what, (token, prefix, name, command) in given.items():
        if token is None:
            mend = f"Only '{command}' needs it: set {name} (README, Connect a Slack workspace)."
            findings.append(Finding(what, False, "not set", mend, optional=True))
        else:
            ok = token.get_secret_value().startswith(prefix)
            findings.append(Finding(what, ok, "set", "" if ok else f"It should begin with {prefix}; check {name}."))
    return findings
