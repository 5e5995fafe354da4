"""What each command does, over the same parts as the bot."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.app import Rapport, check_home, now
from bot.asking import ask, moment
from bot.defining import field
from bot.doctor import examine
from bot.errors import BadInput, Unavailable
from bot.indexing import Progress as Report
from bot.merging import duplicates, merge
from bot.own_documents import FILES, forget_own_documents, own_documents_of
from bot.persons import person, retention
from bot.printing import as_object, print_answer, print_json
from bot.questions import Answer
from bot.running import run_local, run_serve, run_worker
from bot.settings import Settings
from bot.wording import plural
from crm_store import roster
from crm_store.access import Scope
from crm_store.people import Caller

_SYSTEM = Scope.system("command line")
Command = Callable[[Settings, argparse.Namespace], int]


def confirm(settings: Settings, given: argparse.Namespace) -> int:
    def act(rapport: Rapport, caller: Caller) -> Answer:
        return rapport.confirm(caller, given.proposal, item_ids=given.item, origin="cli")

    return _decide(settings, given, act)


def reject(settings: Settings, given: argparse.Namespace) -> int:
    return _decide(settings, given, lambda rapport, caller: rapport.reject(caller, given.proposal))


def undo(settings: Settings, given: argparse.Namespace) -> int:
    return _decide(settings, given, lambda rapport, caller: rapport.undo(caller, given.change, origin="cli"))


def _decide(settings: Settings, given: argparse.Namespace, act: Callable[[Rapport, Caller], Answer]) -> int:
    day: date | None = getattr(given, "today", None)
    clock = now if day is None else lambda: datetime.combine(day, now().timetz())
    with Rapport(settings, clock=clock) as rapport:
        rapport.open(hold_index=True)
        caller = rapport.caller_for_email(given.as_)
        answer = act(rapport, caller)
        rapport.run_due_jobs()
    if given.json:
        print_json(as_object(answer) | {"change": next((p.change_id for p in answer.proposals), None)})
    else:
        print_answer(answer, Console())
        for proposal in answer.proposals:
            if proposal.change_id:
                print(f"Change {proposal.change_id} (rapport undo {proposal.change_id} --as {given.as_} takes it back)")
    return 0


def imports(settings: Settings, given: argparse.Namespace) -> int:
    from bot.importing import run_import, write_mapping  # reads the importers' tables, which no other command needs

    check_home(settings.home)
    with Rapport(settings) as rapport, _bars(given.json) as report:
        rapport.open(create=not given.dry_run or not settings.database_url, hold_index=True)
        if given.write_map:
            print(write_mapping(rapport, given.path, given.map, given.write_map))
            return 0
        result = run_import(rapport, given.path, given.source, given.dry_run, report, given.map)
    if given.json:
        print_json(result.as_object())
    else:
        result.print(Console())
    return 0 if result.clean else 1


def documents(settings: Settings, given: argparse.Namespace) -> int:
    check_home(settings.home)
    with Rapport(settings) as rapport:
        rapport.open(create=True)
        if given.action == "list":
            rows = own_documents_of(rapport.store)
            for row in rows:
                print_json(asdict(row)) if given.json else print(f"{row.title}: {row.folder}/{row.path}, {row.passages} passages")
            if not rows and not given.json:
                print("None yet: rapport documents import FOLDER")
            return 0
        if given.path is None:
            held = f", with {FILES} files in it" if given.action == "import" else ""
            raise BadInput(f"Which? rapport documents {given.action} FOLDER{held}")
        if given.action == "forget":
            count = forget_own_documents(rapport.store, given.path)
            print_json({"forgotten": count}) if given.json else print(f"Forgotten: {plural(count, 'document')}.")
            return 0
        done = rapport.import_documents(given.path)
    print_json(asdict(done)) if given.json else print(done.in_words())
    return 1 if done.left_out else 0


def meeting(settings: Settings, given: argparse.Namespace) -> int:
    try:
        content = given.file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{given.file} cannot be read ({error.strerror}). Give a WebVTT transcript or a text file."
        ) from error
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True)
        caller = rapport.caller_for_email(given.as_)
        at = moment(given.today, caller)
        answer = rapport.log_meeting(caller, given.file.name, content, at, account=given.account)
        rapport.run_due_jobs()
    if given.json:
        print_json(as_object(answer))
    else:
        print_answer(answer, Console())
    return 0


def report(settings: Settings, given: argparse.Namespace) -> int:
    text = sys.stdin.read() if str(given.spec) == "-" else _read(given.spec)
    with Rapport(settings) as rapport:
        rapport.open()
        caller = rapport.caller_for_email(given.as_)
        answer, result = rapport.report(caller, text, moment(given.today, caller))
    if given.json:
        print_json(as_object(answer) | {"report": result})
    else:
        print_answer(answer, Console())
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as text: {error}.") from error


_LEFT = (
    "Another rapport process holds the index and was asked to build it anew; until then the old one answers. "
    "One that runs jobs (serve, worker or local) does so now."
)


def index(settings: Settings, given: argparse.Namespace) -> int:
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True, repair_index=given.action != "check")
        if settings.chroma_url and rapport.indexer.index is None:
            raise Unavailable("The Chroma server does not answer. Start it, or correct RAPPORT_CHROMA_URL.")
        if given.action == "check":
            checked = rapport.indexer.check()
            unread = rapport.unread_count()
            if given.json:
                print_json(
                    {"healthy": checked.healthy and not unread, "summary": checked.summary, "not_read_yet": unread}
                )
            else:
                print(checked.summary)
                if unread:
                    print(f"{unread} records have no passages yet; 'rapport index rebuild' makes them.")
            return 0 if checked.healthy and not unread else 1
        with _bars(given.json) as show:
            rapport.index_missing(show)
            if left := rapport.indexer.leaves:
                rapport.indexer.rebuild_or_leave()
            count = None if left else rapport.indexer.rebuild(show)
    if count is None:
        print_json({"vectors": None}) if given.json else print(_LEFT)
    elif given.json:
        print_json({"vectors": count})
    else:
        print(f"The index was built anew with {count:,} vectors and is in use.")
    return 0


def database(settings: Settings, given: argparse.Namespace) -> int:
    check_home(settings.home)
    with Rapport(settings) as rapport, _bars(given.json) as show:
        rapport.open(create=True, hold_index=True)
        counts: Mapping[str, object] = {}
        if given.action == "sample":
            today = given.today or now().date()
            counts = asdict(
                rapport.load_sample(today, lambda done, total: show("Loading the sample company", done, total))
            )
            rapport.index_missing(show)
    if given.json:
        print_json({"schema": "current"} | dict(counts))
    else:
        print("The schema is current." + (f" Sample company: {json.dumps(counts)}" if counts else ""))
    return 0


def people(settings: Settings, given: argparse.Namespace) -> int:
    check_home(settings.home)
    with Rapport(settings) as rapport:
        rapport.open(create=True)
        if given.action == "add":
            if not given.email:
                raise BadInput(
                    "Whom? Give the e-mail address they have in Slack: rapport people add EMAIL --role manager"
                )
            name = given.name or given.email.partition("@")[0].replace(".", " ").title()
            with rapport.store.write(_SYSTEM) as session:
                rows = [roster.add_member(session, given.email, name, given.role, given.team, given.timezone, now())]
        else:
            with rapport.store.read(_SYSTEM) as session:
                rows = roster.members(session)
    for row in rows:
        if given.json:
            print_json(asdict(row))
        else:
            print(f"{row.email:40} {row.role:8} {row.name}" + (f" ({row.team})" if row.team else ""))
    if not rows and not given.json:
        print("Nobody yet: rapport people add you@company.example --role admin")
    return 0


def doctor(settings: Settings, given: argparse.Namespace) -> int:
    findings = examine(settings)
    for finding in findings:
        if given.json:
            print_json(asdict(finding))
        else:
            print(
                f"{'ok  ' if finding.ok else 'note' if finding.optional else 'MEND'}  {finding.what}: {finding.detail}"
                + (f"\n      → {finding.mend}" if finding.mend else "")
            )
    return 0 if all(finding.ok or finding.optional for finding in findings) else 1


def manifest(settings: Settings, given: argparse.Namespace) -> int:
    from bot.slack.manifest import manifest as made

    print(json.dumps(made(url=given.url), indent=2))
    return 0


@contextmanager
def _bars(silent: bool) -> Iterator[Report]:
    """Progress bars on standard error, one a step; silent for scripts and where nobody watches."""
    console = Console(stderr=True)
    if silent or not console.is_terminal:
        yield lambda step, done, total: None
        return
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bars: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in bars:
                bars[step] = progress.add_task(step, total=total)
            progress.update(bars[step], completed=done, total=total)

        yield show


COMMANDS: Mapping[str, Command] = {
    "local": run_local,
    "serve": run_serve,
    "worker": run_worker,
    "manifest": manifest,
    "doctor": doctor,
    "ask": ask,
    "confirm": confirm,
    "reject": reject,
    "undo": undo,
    "import": imports,
    "documents": documents,
    "meeting": meeting,
    "report": report,
    "index": index,
    "db": database,
    "people": people,
    "field": field,
    "duplicates": duplicates,
    "merge": merge,
    "person": person,
    "retention": retention,
}
