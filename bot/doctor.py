"""What is configured, what is missing and how to mend it."""

import importlib.util
import os
from dataclasses import dataclass, replace

from bot.app import check_home
from bot.errors import KNOWN
from bot.redaction import redact
from bot.settings import Settings
from crm_store import jobs, roster
from crm_store.access import Scope
from crm_store.row_security import RowSecurity
from crm_store.store import Store
from knowledge.embeddings import describe, embed, load_embeddings
from knowledge.errors import IndexLocked
from knowledge.index import VectorIndex

_SYSTEM = Scope.system("doctor")
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
        _embeddings(settings),
        _index(settings),
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


def _record(settings: Settings) -> list[Finding]:
    if settings.database_url is None and not (settings.home / "rapport.db").exists():
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


def _embeddings(settings: Settings) -> Finding:
    try:
        embeddings = load_embeddings(settings.embeddings, threads=settings.threads)
        embed(embeddings, ["ready"])
    except KNOWN as error:
        return Finding("Embedding model", False, settings.embeddings, str(error))
    return Finding("Embedding model", True, f"{describe(embeddings).key}, its files are as published")


def _index(settings: Settings) -> Finding:
    where = settings.chroma_url or str(settings.home / "chroma")
    if settings.chroma_url is None and not (settings.home / "chroma").exists():
        return Finding("Search index", True, "none yet; it is made with the record", optional=True)
    try:
        model = describe(load_embeddings(settings.embeddings, threads=settings.threads))
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
        return Finding("Search index", True, f"{where}, held by a running rapport")
    except KNOWN as error:
        return Finding(
            "Search index",
            False,
            where,
            f"{error} Until then search compares stored vectors one by one.",
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
        "Slack bot token": (settings.slack_bot_token, "xoxb-", "SLACK_BOT_TOKEN"),
        "Slack app token": (settings.slack_app_token, "xapp-", "SLACK_APP_TOKEN"),
    }
    findings = []
    for what, (token, prefix, name) in given.items():
        if token is None:
            mend = f"Only 'rapport serve' needs it: set {name} (README, Connect a Slack workspace)."
            findings.append(Finding(what, False, "not set", mend, optional=True))
        else:
            ok = token.get_secret_value().startswith(prefix)
            findings.append(Finding(what, ok, "set", "" if ok else f"It should begin with {prefix}; check {name}."))
    return findings
